"""f1db, read whenever there is another release: once a day it is looked for, and more often after a race."""

import asyncio
import datetime as dt
import random
from collections.abc import Callable

import structlog

from bot.domain.championships import SCORING
from bot.domain.season import Witness
from bot.domain.whole_seasons import WholeSeason
from bot.events import CalendarChanged, Events, ResultStored
from bot.feeds import FeedError
from bot.feeds.f1db.client import F1db, Package
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.giving_way import giving_way
from bot.pacing.outages import Outages
from bot.search.circuit_finder import CircuitFinder
from storage.f1db import F1dbSeasons, written
from storage.seasons import Seasons

log = structlog.get_logger(__name__)

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

ROUND = 5 * MINUTE
"""Time between two looks at whether it is time to look for a release."""

DAILY = dt.timedelta(days=1)
AFTER_A_RACE = 30 * MINUTE
"""How long a release is taken for the latest; and while one with a race or a sprint is waited for."""

AWAITED = 48 * HOUR
"""How long after the flag a release with that race is waited for: as long as its recap is news."""

UNSETTLED = 12 * HOUR
"""How long a release is read again, though it is the same, after its calendar has lost a race."""

ATTEMPTS = 3
"""How often a season is laid over its calendar where that changes meanwhile; it is tried again with the next look."""


class SecondWitness:
    """Has f1db's releases read and stored.

    Where it is `alone`, as there is no archive to follow, the calendar is its own; otherwise that of seasons long gone,
    where none is stored but what it told itself.
    """

    def __init__(
        self,
        feed: F1db,
        circuits: CircuitFinder,
        seasons: Seasons,
        f1db: F1dbSeasons,
        events: Events,
        clock: Clock,
        *,
        alone: bool,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._feed = feed
        self._circuits = circuits
        self._seasons = seasons
        self._f1db = f1db
        self._events = events
        self._clock = clock
        self._alone = alone
        self._pauses = Backoff(2 * ROUND.total_seconds(), HOUR.total_seconds(), random=jitter)
        self._unread = Outages[str]()

    async def follow(self) -> None:
        """Read every release until cancelled; pauses grow while there is no answer, or none that can be trusted."""
        failures = 0
        while True:
            try:
                if await self._is_due():
                    await self.refresh()
                failures = 0
                self._unread.ends("f1db")
            except FeedError:
                failures += 1  # the feed's own line of the log says why
            except Exception:
                failures += 1
                if self._unread.begins("f1db"):
                    log.exception("season.refresh_failed", feed="f1db")
            await self._clock.sleep(self._pauses.after(failures) or ROUND.total_seconds())

    async def refresh(self) -> None:
        """Look for a release, and store what is new in it: the note of it last, so that what is half is done again."""
        known = await self._f1db.release()
        if known is None or await self._is_unsettled():
            package = await self._feed.fetch()
        else:
            package = await self._feed.fetch(known.etag, known.sha256)
        if package is None:
            await self._f1db.checked(self._clock.now())
            return
        with giving_way():
            whole = await self._take(package)
        if whole:
            await self._f1db.store_release(package.size, package.sha256, package.etag, self._clock.now())

    async def _take(self, package: Package) -> bool:
        """Store a release's seasons, the newest first; whether all of them are."""
        read = await self._feed.seasons(package)
        whole = True
        for year in reversed(read.years):
            whole &= await self._take_season(await self._feed.season(read, year))
        log.info("f1db.read", seasons=len(read.years), whole=whole)
        return whole

    async def _take_season(self, season: WholeSeason) -> bool:
        """Store a season; whether that was possible."""
        now = self._clock.now()
        await self._take_calendar(season, now)
        for _attempt in range(ATTEMPTS):
            calendar = await self._seasons.schedule(season.season)
            changed = await self._f1db.store(await asyncio.to_thread(written, season, calendar), now)
            if changed is not None:
                lately = season.season >= now.year - 1
                for race_key, kind in changed if lately else ():
                    log.info("result.stored", race=race_key, kind=kind, feed="f1db")
                    self._events.publish(ResultStored(race_key, kind))
                return True
        return False

    async def _take_calendar(self, season: WholeSeason, now: dt.datetime) -> None:
        goes_on = season.season >= now.year - 1
        if goes_on and not self._alone:
            return
        known = await self._seasons.schedule(season.season)
        ours = not known or (await self._seasons.source(known[0])).witness is Witness.F1DB
        if goes_on or ours:
            # In a thread, as the first who asks for a zone has it read from a file.
            races = await asyncio.to_thread(tuple, map(self._circuits.at_the_track, season.races))
            if not goes_on and races == known:
                return
            if await self._seasons.store_schedule(season.season, races, now, Witness.F1DB) and goes_on:
                log.info("calendar.changed", season=season.season, races=len(races), feed="f1db")
                self._events.publish(CalendarChanged(season.season))

    async def _is_due(self) -> bool:
        """Whether it is time to look for a release."""
        known = await self._f1db.release()
        if known is None:
            return True
        since = self._clock.now() - known.checked_at
        return since >= DAILY or (since >= AFTER_A_RACE and await self._is_awaited())

    async def _is_awaited(self) -> bool:
        """Whether any race or sprint ended lately that no release has told of yet."""
        now = self._clock.now()
        for season in sorted({now.year, (now - AWAITED).year}):
            for race in await self._seasons.schedule(season):
                for kind in SCORING:
                    session = race.session(kind)
                    flag = session.flag if session else None
                    lately = flag is not None and flag <= now < flag + AWAITED
                    if lately and not await self._f1db.tells(race.key, kind):
                        return True
        return False

    async def _is_unsettled(self) -> bool:
        """Whether f1db's calendar is read again, though it is the same: what it says once is not believed."""
        if not self._alone:
            return False
        now = self._clock.now()
        for season in (now.year, now.year + 1):
            lost = await self._seasons.cancelled(season)
            if await self._seasons.in_doubt(season) or any(now - gone.since < UNSETTLED for gone in lost):
                return True
        return False
