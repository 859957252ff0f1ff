"""/standings and /results: who leads the championship, and how a race ended."""

import re

from bot.cards.results import classification_reply
from bot.cards.season_text import AS_PICTURE, updated
from bot.cards.standings import _title, standings_reply
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.messages import Attachment, Button, Card, Reply, Request
from bot.domain.season import TEAMS_SINCE, Championship, SessionKind, Standings
from bot.i18n import _, marked
from bot.pictures.painter import Painter
from handlers.season.choosing import Races, season_and_words
from storage.seasons import Seasons

KINDS = {"drivers": Championship.DRIVERS, "driver": Championship.DRIVERS}
KINDS |= dict.fromkeys(("teams", "team", "constructors", "constructor"), Championship.TEAMS)
_PAGE_MARK = re.compile(r"(?:^|\s)page-(\d{1,4})$")
_SPRINT = re.compile(r"\bsprint\b", re.IGNORECASE)
_QUALIFYING = re.compile(r"\b(?:quali(?:fying|fication)?|qualy|q[1-3]?)\b", re.IGNORECASE)


class Championships:
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
                self.show_standings,
                argument=marked("drivers or teams, season"),
                suggest=lambda _typed: [Suggestion("drivers", "drivers"), Suggestion("teams", "teams")],
            ),
            Command(
                "results",
                marked("How a race ended, place by place"),
                self.show_classification,
                argument=marked("race and season"),
            ),
        )

    async def show_standings(self, request: Request) -> Reply:
        """A championship as it stands, or ended; `page-2` at the argument's end turns pages, `picture` draws it."""
        mark = _PAGE_MARK.search(request.argument)
        season, words = season_and_words(AS_PICTURE.sub("", _PAGE_MARK.sub("", request.argument)))
        if not KINDS.keys() >= {*words}:
            raise UserError(_("Say drivers or teams, and perhaps a season: /standings teams 2021."))
        kind = KINDS[words[0]] if words else Championship.DRIVERS
        standings = await self._standings(kind, season, request)
        if AS_PICTURE.search(request.argument):
            return await self._drawn(standings)
        at = await self._seasons.updated(standings)
        page = int(mark[1]) if mark else 1
        return standings_reply(standings, page, updated(at), replace=request.pressed is not None)

    async def _drawn(self, standings: Standings) -> Reply:
        """The first ten as a picture, in a message of its own."""
        from bot.pictures.standings import standings_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        title = _title(standings)
        picture = await self._painter.paint(standings_picture, standings, title)
        button = Button(_("The whole table"), "standings", f"{standings.kind} {standings.season}")
        return Reply(Card(title), ((button,),), attachment=Attachment("standings.png", picture.png, picture.alt))

    async def _standings(self, kind: Championship, season: int | None, request: Request) -> Standings:
        """The championship that is asked for. Raises UserError where there is none, or it has to be fetched first."""
        year = season or await self._races.season()
        self._races.check(year)
        if kind is Championship.TEAMS and year < TEAMS_SINCE:
            raise UserError(_("The constructors' championship began in {year}.").format(year=TEAMS_SINCE))
        standings = await self._seasons.standings(year, kind)
        if standings is None and season is None:
            standings = await self._seasons.standings(year - 1, kind)
        if standings is not None:
            return standings
        calendar = await self._races.calendar(year, request)
        if not self._races.begun(calendar[0].race):
            said = _("The season of {year} has not begun.").format(year=year)
            raise UserError(said, Button(_("Its calendar"), "calendar", str(year)))
        raise self._races.missing(request, year)

    async def show_classification(self, request: Request) -> Reply:
        """A classification with grid, gaps and retirements; the sprint's or qualifying's where that is asked for."""
        sprint, qualifying = _SPRINT.search(request.argument), _QUALIFYING.search(request.argument)
        if sprint and qualifying:
            raise UserError(_("Sprint qualifying is not in the archive. Say sprint, or qualifying."))
        kind = SessionKind.SPRINT if sprint else SessionKind.QUALIFYING if qualifying else SessionKind.RACE
        race = await self._races.find(_QUALIFYING.sub(" ", _SPRINT.sub(" ", request.argument)), request, kind)
        if isinstance(race, Reply):
            return race
        classification = await self._races.classification(race, kind, request)
        footer = updated(await self._seasons.updated(classification))
        return classification_reply(classification, footer, self._races.held(race), replace=request.pressed is not None)
