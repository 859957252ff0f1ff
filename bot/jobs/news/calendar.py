"""What there is to tell of the calendar: reminders in time, and races that are moved, added or cancelled."""

import datetime as dt
from collections.abc import Callable, Iterable

from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import Changes, Gone, Move
from bot.domain.season import Race
from bot.domain.topics import CALENDAR, DAY_BEFORE, HOUR_BEFORE, Topic
from storage.announcements import Announcements
from storage.seasons import Seasons

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

LEADS: dict[Topic, dt.timedelta] = {DAY_BEFORE: 24 * HOUR, HOUR_BEFORE: HOUR}
"""How long before a race each reminder is due."""

WORTH = {DAY_BEFORE: HOUR, HOUR_BEFORE: 15 * MINUTE}
"""How long the last chats of very many may have to wait for theirs."""

LATE = MINUTE
"""A reminder that was not due in this last while is not sent: the bot was not there."""

GONE = 6 * HOUR
"""How long a race must be missing from the calendar: feeds lose things for a moment."""

NEWS = dt.timedelta(days=2)
"""How long a change of the calendar is worth being told."""


class CalendarNews:
    """Announces reminders and changes, each once."""

    def __init__(self, seasons: Seasons, announcements: Announcements, now: Callable[[], dt.datetime]) -> None:
        self._seasons = seasons
        self._announcements = announcements
        self._now = now

    async def look(self) -> None:
        """Announce the reminders that have become due, and races that are gone from the calendar."""
        race = await self._seasons.next_race(self._now())
        if race is not None and race.race.starts_at is not None:
            for topic, lead in LEADS.items():
                await self._remind(race, race.race.starts_at, topic, lead)
        for gone in await self._seasons.cancelled(self._now().year, missing_for=GONE):
            if await self._is_off(gone):
                await self._announce(_cancelled(gone), gone.race, "cancelled")

    async def _is_off(self, gone: Gone) -> bool:
        """Whether a race is cancelled that was to come: not one that a draft lost, nor one that has a new name."""
        if not self._is_to_come(gone.race) or gone.since.year != gone.race.season:
            return False
        return not _is_among(gone.race, await self._seasons.schedule(gone.race.season))

    async def _remind(self, race: Race, starts_at: dt.datetime, topic: Topic, lead: dt.timedelta) -> None:
        due = starts_at - lead
        if due <= self._now() < due + LATE:
            subject = {"race": race.key, "starts_at": int(starts_at.timestamp())}
            key = f"reminder {race.key} {race.race.day} {topic.key}"
            expires_at = due + WORTH[topic]
            await self._announcements.announce(Announcement(key, topic.key, Kind.REMINDER, subject, due, expires_at))

    async def changed(self, changes: Changes) -> None:
        """Announce this year's races to come that start at another time now, are new on the calendar, or back."""
        if changes.first:
            return
        returned = set()
        for gone in changes.back:
            told = await self._announcements.called(_cancelled(gone))
            if told is not None and self._is_to_come(gone.race):
                returned.add(gone.race.key)
                await self._announce(f"back {gone.race.key} after {told.id}", gone.race, "back")
        for move in changes.moved:
            if move.after.key not in returned and self._is_to_come(move.after) and _is_another_start(move):
                was, now = move.before.race.start.isoformat(), move.after.race.start.isoformat()
                await self._announce(f"moved {move.after.key} from {was} to {now}", move.after, "moved", was=was)
        for race in changes.new:
            if self._is_to_come(race) and not _is_among(race, changes.cancelled):
                await self._announce(f"added {race.key}", race, "added")

    async def _announce(self, key: str, race: Race, change: str, **more: str) -> None:
        subject = {"race": race.key, "change": change, "start": race.race.start.isoformat(), **more}
        now = self._now()
        await self._announcements.announce(Announcement(key, CALENDAR.key, Kind.CALENDAR, subject, now, now + NEWS))

    def _is_to_come(self, race: Race) -> bool:
        """Whether a race is still to start, this year: calendars of years to come are drafts."""
        start = race.race.starts_at or dt.datetime.combine(race.race.day, dt.time.max, dt.UTC)
        return race.season == self._now().year and start > self._now()


def _cancelled(gone: Gone) -> str:
    """The key of a race's cancellation; one that came back may be cancelled again."""
    return f"cancelled {gone.race.key} since {int(gone.since.timestamp())}"


def _is_another_start(move: Move) -> bool:
    """Whether a race has moved; that its time is known at last, or no longer, is no news."""
    before, after = move.before.race, move.after.race
    return before.day != after.day or (before.starts_at is not None and after.starts_at is not None)


def _is_among(race: Race, others: Iterable[Race]) -> bool:
    """Whether a race is the same as another one by a new name."""
    return any(race.circuit_id == other.circuit_id and race.race.day == other.race.day for other in others)
