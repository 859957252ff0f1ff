"""/standings: who leads the championship."""

import datetime as dt

from bot.cards.missing import no_day_of, not_begun
from bot.cards.season_text import updated
from bot.cards.standings import drawn_reply, standings_reply, title
from bot.chat.buttons import Button
from bot.chat.commands import Command, UserError
from bot.chat.paging import unpaged
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.calendar_changes import called_off
from bot.domain.championships import to_go
from bot.domain.season import TEAMS_SINCE, Championship, Race, Standings
from bot.i18n import _, marked
from bot.i18n.formats import day as day_said
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.argument_words import AS_LINES, AS_PICTURE, CHAMPIONSHIPS, NO_RACE
from bot.search.completing import seasons
from bot.search.days import no_such_day
from bot.search.days_of_year import day_meant, in_seasons
from bot.search.race_finder import season_and_words
from bot.search.years_ago import with_years
from handlers.season.choosing import Races
from storage.chats import Chats
from storage.seasons import Seasons


class Championships:
    """Tell what results add up to."""

    def __init__(self, seasons: Seasons, races: Races, chats: Chats, painter: Painter, clock: Clock) -> None:
        self._seasons = seasons
        self._races = races
        self._chats = chats
        self._painter = painter
        self._clock = clock

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "standings",
                marked("The championship, drivers' or teams'"),
                self.show,
                argument=marked("drivers or teams, season"),
                option="championship",
                suggest=seasons(self._clock, "drivers", "teams"),
            ),
        )

    async def show(self, request: Request) -> Reply:
        """A championship as it stands, or ended, or as it stood on a day.

        At the argument's end `page-2` turns pages, `picture` draws the table, and `lines picture` how it came about.
        """
        asked, page = unpaged(request.argument)
        shape = AS_PICTURE.sub("", asked)
        season, words, day = self._asked(AS_LINES.sub("", shape))
        if not CHAMPIONSHIPS.keys() >= {*words}:
            said = _("Say drivers or teams, and perhaps a season: /standings teams 2021.")
            raise UserError(said, Button(_("Standings"), "standings"))
        kind = CHAMPIONSHIPS[words[0]] if words else Championship.DRIVERS
        latest = await self._standings(kind, season, request)
        standings = await self._by(day, latest) if day else latest
        veiled = self._chats.veiled(request.chat, request.user)
        if shape != asked:
            draw = self._race_by_race if AS_LINES.search(shape) else self._drawn
            return await draw(standings, veiled=veiled)
        source = updated(*await self._seasons.source(standings))
        if standings.round < latest.round:
            return standings_reply(standings, page or 1, source, by=day, veiled=veiled)
        left = to_go(standings, await self._calendar(standings.season), self._clock.now())
        return standings_reply(standings, page or 1, source, left, veiled=veiled)

    def _asked(self, asked: str) -> tuple[int | None, list[str], dt.date | None]:
        """The season that is asked for, the words beside it, and the day by which it was.

        Raises UserError for a day that no calendar has.
        """
        today = self._clock.now().date()
        if none := no_such_day(asked):
            raise no_day_of(none.year, none.typed, "standings", none.beside)
        named = day_meant(asked, today)
        season, words = season_and_words(with_years(in_seasons(asked, today), today.year))
        return season, [word for word in words if word not in NO_RACE], named and named.days[0]

    async def _by(self, day: dt.date, latest: Standings) -> Standings:
        """A championship as it stood on a day: after the last race until then. Raises UserError where nobody knows."""
        races = await self._seasons.schedule(latest.season)
        held = [race.round for race in races if race.race.day <= day]
        whole = Button(_("The whole table"), "standings", f"{latest.kind} {latest.season}")
        if not held and races:
            said = _("The first race of {year} was on {day}.")
            raise UserError(said.format(year=latest.season, day=day_said(races[0].race.day)), whole)
        if not held or held[-1] >= latest.round:
            return latest
        then = await self._seasons.standings(latest.season, latest.kind, held[-1])
        if then is None:
            raise UserError(_("How it stood after round {round} is not stored here.").format(round=held[-1]), whole)
        return then

    async def _calendar(self, season: int) -> tuple[Race, ...]:
        """A season's races, with those that the calendar lacks so shortly that they do not count as called off."""
        races = await self._seasons.schedule(season)
        _gone, in_doubt = called_off(await self._seasons.cancelled(season), races, self._clock.now())
        return (*races, *in_doubt)

    async def _drawn(self, standings: Standings, *, veiled: bool) -> Reply:
        """The first ten, or all eleven teams, as a picture, with the places won and lost in the last round."""
        from bot.pictures.standings import standings_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        before = await self._seasons.standings(standings.season, standings.kind, standings.round - 1)
        picture = await self._painter.paint(standings_picture, standings, title(standings), before)
        return drawn_reply(standings, Attachment("standings.png", picture.png, picture.alt), veiled=veiled)

    async def _race_by_race(self, standings: Standings, *, veiled: bool) -> Reply:
        """The season as lines, of all its tables that are stored."""
        from bot.pictures.season_lines import season_lines_picture  # noqa: PLC0415 - Pillow is loaded late

        tables = await self._seasons.every_standings(standings.season, standings.kind)
        picture = await self._painter.paint(season_lines_picture, tables, title(standings))
        return drawn_reply(standings, Attachment("race-by-race.png", picture.png, picture.alt), veiled=veiled)

    async def _standings(self, kind: Championship, season: int | None, request: Request) -> Standings:
        """The championship that is asked for. Raises UserError where there is none, or it has to be fetched first."""
        year = season or await self._races.season()
        self._races.check(year)
        if kind is Championship.TEAMS and year < TEAMS_SINCE:
            said = _("The constructors' championship began in {year}.").format(year=TEAMS_SINCE)
            raise UserError(said, Button(_("Standings"), "standings", f"drivers {year}"))
        standings = await self._seasons.standings(year, kind)
        if standings is None and season is None:
            standings = await self._seasons.standings(year - 1, kind)
        if standings is not None:
            return standings
        calendar = await self._races.calendar(year, request)
        if not calendar[0].race.begun(self._clock.now()):
            raise not_begun(year)
        raise self._races.missing(request, year)
