"""/standings and /results: who leads the championship, and how a race ended."""

import re

from bot.cards.results import sheet_reply
from bot.cards.season_text import AS_PICTURE, updated
from bot.cards.standings import _title, table_reply
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.messages import Attachment, Button, Card, Reply, Request
from bot.domain.season import TEAMS_SINCE, SessionKind, Table, TableKind
from bot.i18n import _, marked
from bot.pictures.painter import Painter
from handlers.season.choosing import Races, season_and_words
from storage.seasons import Seasons

KINDS = {"drivers": TableKind.DRIVERS, "driver": TableKind.DRIVERS}
KINDS |= dict.fromkeys(("teams", "team", "constructors", "constructor"), TableKind.TEAMS)
_PAGE_MARK = re.compile(r"(?:^|\s)page-(\d{1,4})$")
_SPRINT = re.compile(r"\bsprint\b", re.IGNORECASE)
_QUALIFYING = re.compile(r"\b(?:quali(?:fying|fication)?|qualy|q[1-3]?)\b", re.IGNORECASE)


class Standings:
    """Tell results and what they add up to."""

    def __init__(self, seasons: Seasons, races: Races, painter: Painter) -> None:
        self._seasons = seasons
        self._races = races
        self._painter = painter

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "standings",
                marked("The championship, drivers' or teams'"),
                self.show_table,
                argument=marked("drivers or teams, season"),
                suggest=lambda _typed: [Suggestion("drivers", "drivers"), Suggestion("teams", "teams")],
            ),
            Command(
                "results",
                marked("How a race ended, place by place"),
                self.show_sheet,
                argument=marked("race and season"),
            ),
        )

    async def show_table(self, request: Request) -> Reply:
        """A championship as it stands, or ended; `page-2` at the argument's end turns pages, `picture` draws it."""
        mark = _PAGE_MARK.search(request.argument)
        season, words = season_and_words(AS_PICTURE.sub("", _PAGE_MARK.sub("", request.argument)))
        if not KINDS.keys() >= {*words}:
            raise UserError(_("Say drivers or teams, and perhaps a season: /standings teams 2021."))
        kind = KINDS[words[0]] if words else TableKind.DRIVERS
        table = await self._table(kind, season, request)
        if AS_PICTURE.search(request.argument):
            return await self._drawn(table)
        at = await self._seasons.updated(table)
        page = int(mark[1]) if mark else 1
        return table_reply(table, page, updated(at), replace=request.pressed is not None)

    async def _drawn(self, table: Table) -> Reply:
        """The first ten as a picture, in a message of its own."""
        from bot.pictures.standings import standings  # noqa: PLC0415 - Pillow is loaded for the first picture

        title = _title(table)
        picture = await self._painter.paint(standings, table, title)
        button = Button(_("The whole table"), "standings", f"{table.kind} {table.season}")
        return Reply(Card(title), ((button,),), attachment=Attachment("standings.png", picture.png, picture.alt))

    async def _table(self, kind: TableKind, season: int | None, request: Request) -> Table:
        """The championship that is asked for. Raises UserError where there is none, or it has to be fetched first."""
        year = season or await self._races.season()
        self._races.check(year)
        if kind is TableKind.TEAMS and year < TEAMS_SINCE:
            raise UserError(_("The constructors' championship began in {year}.").format(year=TEAMS_SINCE))
        table = await self._seasons.table(year, kind)
        if table is None and season is None:
            table = await self._seasons.table(year - 1, kind)
        if table is not None:
            return table
        calendar = await self._races.calendar(year, request)
        if not self._races.begun(calendar[0].race):
            said = _("The season of {year} has not begun.").format(year=year)
            raise UserError(said, Button(_("Its calendar"), "calendar", str(year)))
        raise self._races.missing(request, year)

    async def show_sheet(self, request: Request) -> Reply:
        """A classification with grid, gaps and retirements; the sprint's or qualifying's where that is asked for."""
        sprint, qualifying = _SPRINT.search(request.argument), _QUALIFYING.search(request.argument)
        if sprint and qualifying:
            raise UserError(_("Sprint qualifying is not in the archive. Say sprint, or qualifying."))
        kind = SessionKind.SPRINT if sprint else SessionKind.QUALIFYING if qualifying else SessionKind.RACE
        race = await self._races.find(_QUALIFYING.sub(" ", _SPRINT.sub(" ", request.argument)), request, kind)
        if isinstance(race, Reply):
            return race
        sheet = await self._races.sheet(race, kind, request)
        footer = updated(await self._seasons.updated(sheet))
        return sheet_reply(sheet, footer, self._races.held(race), replace=request.pressed is not None)
