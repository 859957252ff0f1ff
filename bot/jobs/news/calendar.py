"""What there is to tell of the calendar: races that are moved, added, called off or back."""

import datetime as dt
from typing import Any

import structlog

from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import CalendarChange, CalendarEntry, is_of_use, no_news
from bot.domain.topics import CALENDAR
from bot.pacing.clock import Clock
from storage.told_seasons import ToldSeasons

log = structlog.get_logger(__name__)

CHANGE_EXPIRES = dt.timedelta(days=2)
"""How long after it was announced a change of the calendar is still delivered."""


class CalendarNews:
    """Announces changes, each once."""

    def __init__(self, told: ToldSeasons, clock: Clock) -> None:
        self._told = told
        self._clock = clock

    async def tell_changes(self) -> None:
        """Announce in what this year's races to come differ from what was told of them, all of a weekend at once.

        Calendars of years to come are drafts, which count as told as they are stored.
        """
        season = self._clock.now().year
        entries = await self._told.calendar(season)
        if silent := [*no_news(entries)]:
            await self._told.take_as_told(silent)
            entries = await self._told.calendar(season)
        for entry in entries:
            moved = entry.change is CalendarChange.MOVED
            if entry.change is not None and (moved or not entry.race.race.begun(self._clock.now())):
                await self._announce(entry, entry.change)

    async def _announce(self, entry: CalendarEntry, change: CalendarChange) -> None:
        race, now = entry.race, self._clock.now()
        subject: dict[str, Any] = {"race": race.key, "change": change.value, "start": race.race.start.isoformat()}
        if change is CalendarChange.MOVED:
            subject["moved"] = {
                kind.value: (before.start.isoformat(), after.start.isoformat())
                for kind, (before, after) in entry.moved.items()
                if is_of_use(before.start, after, now)
            }
            if not subject["moved"]:
                return
        key = f"calendar {race.key} {entry.changes_told + 1}"
        draft = Announcement(key, CALENDAR.key, Kind.CALENDAR, subject, now, now + CHANGE_EXPIRES)
        if await self._told.announce_change(draft, entry) is not None:
            log.info("calendar.change_announced", race=race.key, change=change.value)
