"""What there is to tell of the calendar: reminders in time, and races that are moved, added, called off or back."""

import datetime as dt

import structlog

from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import CalendarChange, CalendarEntry, no_news
from bot.domain.season import Race
from bot.domain.topics import CALENDAR, DAY_BEFORE, HOUR_BEFORE, Topic
from bot.pacing.clock import Clock
from storage.announcements import Announcements
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons

log = structlog.get_logger(__name__)

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

LEADS: dict[Topic, dt.timedelta] = {DAY_BEFORE: 24 * HOUR, HOUR_BEFORE: HOUR}
"""How long before a race each reminder is due."""

REMINDER_EXPIRES = {DAY_BEFORE: HOUR, HOUR_BEFORE: 15 * MINUTE}
"""How long after it was due a reminder is still delivered: the last of very many chats have to wait for theirs."""

REMINDER_LATE = 2 * MINUTE
"""A reminder that was due longer ago is not announced any more: the bot was not there.

It is longer than another process takes to notice that the one died that makes the news, and to look itself.
"""

CHANGE_EXPIRES = dt.timedelta(days=2)
"""How long after it was announced a change of the calendar is still delivered."""


class CalendarNews:
    """Announces reminders and changes, each once."""

    def __init__(self, seasons: Seasons, told: ToldSeasons, announcements: Announcements, clock: Clock) -> None:
        self._seasons = seasons
        self._told = told
        self._announcements = announcements
        self._clock = clock

    async def tell_reminders(self) -> None:
        """Announce the reminders that have become due."""
        race = await self._seasons.next_race(self._clock.now())
        if race is not None and race.race.starts_at is not None:
            for topic, lead in LEADS.items():
                await self._remind(race, race.race.starts_at, topic, lead)

    async def _remind(self, race: Race, starts_at: dt.datetime, topic: Topic, lead: dt.timedelta) -> None:
        due = starts_at - lead
        if due <= self._clock.now() < due + REMINDER_LATE:
            subject = {"race": race.key, "starts_at": int(starts_at.timestamp())}
            key, expires_at = f"reminder {race.key} {race.race.day} {topic.key}", due + REMINDER_EXPIRES[topic]
            await self._announcements.announce(Announcement(key, topic.key, Kind.REMINDER, subject, due, expires_at))

    async def tell_changes(self) -> None:
        """Announce in what this year's races to come differ from what was told of them.

        Calendars of years to come are drafts, which count as told as they are stored.
        """
        season = self._clock.now().year
        entries = await self._told.calendar(season)
        if silent := [*no_news(entries)]:
            await self._told.take_as_told(silent)
            entries = await self._told.calendar(season)
        for entry in entries:
            if entry.change is not None and self._is_to_come(entry.race):
                await self._announce(entry, entry.change)

    async def _announce(self, entry: CalendarEntry, change: CalendarChange) -> None:
        race, now = entry.race, self._clock.now()
        subject = {"race": race.key, "change": change.value, "start": race.race.start.isoformat()}
        if change is CalendarChange.MOVED and entry.told is not None:
            subject["was"] = entry.told.race.start.isoformat()
        key = f"calendar {race.key} {entry.changes_told + 1}"
        draft = Announcement(key, CALENDAR.key, Kind.CALENDAR, subject, now, now + CHANGE_EXPIRES)
        if await self._told.announce_change(draft, entry) is not None:
            log.info("calendar.change_announced", race=race.key, change=change.value)

    def _is_to_come(self, race: Race) -> bool:
        """Whether a race is still to start; where only its day is known, that is until the day is over, in UTC."""
        start = race.race.starts_at or dt.datetime.combine(race.race.day, dt.time.max, dt.UTC)
        return start > self._clock.now()
