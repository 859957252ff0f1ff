"""When race control is listened to: all day of a race or sprint, as published starts can be hours wrong."""

import asyncio
import datetime as dt

import structlog

from bot.domain.sessions import SessionKind
from bot.feeds.race_control.source import Source
from bot.jobs.race_control.tracker import Tracker
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.seasons import Seasons

log = structlog.get_logger(__name__)

FOLLOWED = (SessionKind.RACE, SessionKind.SPRINT)

AROUND = dt.timedelta(hours=14)
"""How far the track's day may be from UTC's, on either side."""

LOOKED_AT_EVERY = 300.0
"""Seconds between two looks at the calendar, which moves at short notice."""

ENDED_AGAIN_AFTER = 5.0
"""Seconds until a source that gave up by mistake is listened to again."""


class Listening:
    """Listens to a source on the days when there is something to hear; an idle line costs nothing."""

    def __init__(self, source: Source, tracker: Tracker, seasons: Seasons, clock: Clock) -> None:
        self._source = source
        self._tracker = tracker
        self._seasons = seasons
        self._clock = clock
        self._unread = Outages[str]()

    async def run(self) -> None:
        """Listen when it is time to, and record what was heard, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tracker.run(), name="tracker")
            listening: asyncio.Task[None] | None = None
            while True:
                if await self._is_time():
                    listening = listening or group.create_task(self._listen(), name=self._source.name)
                elif listening is not None:
                    listening.cancel()
                    listening = None
                await self._clock.sleep(LOOKED_AT_EVERY)

    async def _listen(self) -> None:
        log.info("race_control.listening", source=self._source.name)
        while True:
            try:
                await self._source.run(self._tracker.hear)
            except Exception:
                log.exception("race_control.source_failed", source=self._source.name)
            await self._clock.sleep(ENDED_AGAIN_AFTER)

    async def _is_time(self) -> bool:
        """Whether somewhere it is the day of a race or sprint; always while no calendar is known."""
        try:
            is_time = await self._calendar_says_so()
        except Exception:
            if self._unread.begins("calendar"):
                log.exception("race_control.calendar_unread")
            return True
        self._unread.ends("calendar")
        return is_time

    async def _calendar_says_so(self) -> bool:
        now = self._clock.now()
        seasons = sorted({(now - AROUND).year, (now + AROUND).year})
        races = [race for season in seasons for race in await self._seasons.schedule(season)]
        days = (session.day for race in races for session in race.sessions if session.kind in FOLLOWED)
        return not races or any(
            _begins(day) - AROUND <= now < _begins(day) + dt.timedelta(days=1) + AROUND for day in days
        )


def _begins(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
