"""/standings: who leads the championship."""

from bot.cards.missing import not_begun
from bot.cards.season_text import AS_LINES, AS_PICTURE, updated
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
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.completing import seasons
from bot.search.race_finder import season_and_words
from bot.search.years_ago import with_years
from handlers.season.choosing import Races
from storage.chats import Chats
from storage.seasons import Seasons

KINDS = {"drivers": Championship.DRIVERS, "driver": Championship.DRIVERS}
KINDS |= dict.fromkeys(("teams", "team", "constructors", "constructor"), Championship.TEAMS)


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
        """A championship as it stands, or ended.

        At the argument's end `page-2` turns pages, `picture` draws the table, and `lines picture` how it came about.
        """
        asked, page = unpaged(request.argument)
        shape = AS_PICTURE.sub("", asked)
        season, words = season_and_words(with_years(AS_LINES.sub("", shape), self._clock.now().year))
        if not KINDS.keys() >= {*words}:
            said = _("Say drivers or teams, and perhaps a season: /standings teams 2021.")
            raise UserError(said, Button(_("Standings"), "standings"))
        kind = KINDS[words[0]] if words else Championship.DRIVERS
        standings = await self._standings(kind, season, request)
        veiled = self._chats.veiled(request.chat, request.user)
        if shape != asked:
            draw = self._race_by_race if AS_LINES.search(shape) else self._drawn
            return await draw(standings, veiled=veiled)
        left = to_go(standings, await self._calendar(standings.season), self._clock.now())
        source = updated(*await self._seasons.source(standings))
        return standings_reply(standings, page or 1, source, left, veiled=veiled)

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
