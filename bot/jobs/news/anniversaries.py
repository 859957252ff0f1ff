"""On this day: an incident of an earlier year, told to each chat in its own evening."""

import datetime as dt
from functools import partial

from bot.domain.anniversaries import of_this_day, told_at
from bot.domain.announcements import Announcement, Kind
from bot.domain.topics import ANNIVERSARIES
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.search.catalogue import Incidents
from storage.announcements import Announcements, Due

HOUR = dt.timedelta(hours=1)

EARLIEST, LATEST = dt.timedelta(hours=-14), dt.timedelta(hours=36)
"""How long after midnight in UTC a date begins where it begins first, and ends where it ends last."""

DAYS_AT_ONCE = 3
"""Dates that it is somewhere at one moment, at the most."""


class AnniversaryNews:
    """Announces at most one incident a date, and has those who want it gone through every hour while it is that date.

    Who has a delivery keeps it: going through them once more, as after a restart, tells nobody twice.
    """

    def __init__(self, incidents: Incidents, announcements: Announcements, clock: Clock) -> None:
        self._incidents = incidents
        self._announcements = announcements
        self._clock = clock
        self._gone_through: Remembered[dt.date, int] = Remembered(DAYS_AT_ONCE)

    async def tell(self) -> None:
        """Announce what there is of each date that it is somewhere, and have the chats gone through."""
        now = self._clock.now()
        for days in (-1, 0, 1):
            day = now.date() + dt.timedelta(days=days)
            since = now - dt.datetime.combine(day, dt.time(), dt.UTC)
            if EARLIEST <= since < LATEST and self._gone_through.get(day) != since // HOUR:
                await self._tell(day)
                self._gone_through[day] = since // HOUR

    async def _tell(self, day: dt.date) -> None:
        incident = of_this_day(self._incidents.told, day)
        if incident is None:
            return
        now, key = self._clock.now(), f"anniversary {day}"
        subject = {"incident": incident.id, "day": day.isoformat()}
        ends = dt.datetime.combine(day, dt.time(), dt.UTC) + LATEST
        draft = Announcement(key, ANNIVERSARIES.key, Kind.ANNIVERSARY, subject, now, ends)
        if await self._announcements.announce(draft) is None:
            await self._announcements.go_through_again(key)

    def due(self, announcement: Announcement) -> Due:
        """When chats are told; None for those of which that is not to be settled by now."""
        return partial(told_at, dt.date.fromisoformat(announcement.subject["day"]), self._clock.now())
