"""Wishes: seasons and races that nobody follows any more, looked up for whoever asks."""

import asyncio
from typing import TYPE_CHECKING, TypeAlias

import structlog

from bot.domain.season import QUALIFYING_SINCE, TEAMS_SINCE, Championship, Race, wish_name
from bot.domain.sessions import SessionKind
from bot.events import Events, WishLookedUp
from bot.feeds import FeedError
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import MINUTE, STANDINGS_AGE
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.seasons import Seasons

if TYPE_CHECKING:
    import datetime as dt

log = structlog.get_logger(__name__)

Wish: TypeAlias = tuple[int, int | None]
"""A season, and perhaps the round of one of its races."""

MOST_WISHES = 32
"""Wishes that wait to be granted at the same time."""

WISH_RESTS = 15 * MINUTE
"""How long a wish is not heard again, whether or not there was anything to be found."""

MOST_GRANTED = 1_000
"""Wishes of which is remembered when they were granted: more than the archive answers while one rests."""


class Wishes:
    """What people have asked for; `run` looks it up, one after the other."""

    def __init__(self, intake: SeasonIntake, seasons: Seasons, events: Events, clock: Clock) -> None:
        self._intake = intake
        self._seasons = seasons
        self._events = events
        self._clock = clock
        self._waiting: asyncio.Queue[Wish] = asyncio.Queue(MOST_WISHES)
        self._wished: set[Wish] = set()
        self._granted: Remembered[Wish, dt.datetime] = Remembered(MOST_GRANTED)

    def want(self, season: int, round_number: int | None = None) -> bool:
        """Have a season's calendar and standings, or one of its races, fetched soon; False where that is no use now."""
        wish = season, round_number
        if wish in self._wished:
            return True
        lately = wish in self._granted and self._clock.now() < self._granted[wish] + WISH_RESTS
        if lately or self._waiting.full():
            return False
        self._wished.add(wish)
        self._waiting.put_nowait(wish)
        return True

    async def run(self) -> None:
        """Look up one wish after the other until cancelled; what fails may be wished for again after a while."""
        while True:
            wish = await self._waiting.get()
            try:
                await self._look_up(*wish)
            except FeedError:
                log.info("wish.failed", season=wish[0], round=wish[1])
            except Exception:
                log.exception("wish.failed", season=wish[0], round=wish[1])
            self._granted[wish] = self._clock.now()
            self._wished.discard(wish)
            self._events.publish(WishLookedUp(wish_name(*wish)))

    async def _look_up(self, season: int, round_number: int | None) -> None:
        """A season's calendar and standings, or a race's results with the championships around it."""
        races = await self._seasons.schedule(season) or await self._intake.calendar(season)
        if round_number is not None:
            for race in races:
                if race.round == round_number:
                    await self._look_up_race(race)
        elif season < self._clock.now().year:  # this year's standings come by themselves, once they can be believed
            for kind in Championship:
                await self._intake.standings(season, kind)

    async def _look_up_race(self, race: Race) -> None:
        """A race's results, with the championships before it and after it: seven questions at most.

        Qualifying comes last, as an old calendar does not tell whether there is any.
        """
        result = await self._intake.classification(race, SessionKind.RACE)
        if race.session(SessionKind.SPRINT):
            await self._intake.classification(race, SessionKind.SPRINT)
        if result is not None:
            await self._look_up_standings(race)
        if race.season >= QUALIFYING_SINCE:
            await self._intake.classification(race, SessionKind.QUALIFYING)

    async def _look_up_standings(self, race: Race) -> None:
        """The championships before a race and after it; who asks for one race after the other needs each once."""
        calendar = await self._seasons.schedule(race.season)
        around = [each for each in calendar if each.round in {race.round - 1, race.round}]
        for kind in Championship if race.season >= TEAMS_SINCE else (Championship.DRIVERS,):
            for each in around:
                known = await self._seasons.standings(race.season, kind, each.round)
                fetched_at = await self._seasons.updated(known) if known else None
                if fetched_at is None or self._clock.now() - fetched_at >= STANDINGS_AGE:
                    await self._intake.standings_after(each, kind)
