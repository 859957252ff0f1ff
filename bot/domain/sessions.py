"""A race weekend's sessions: of what kind, when they start, and how long they last."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class SessionKind(StrEnum):
    """A session of a race weekend."""

    PRACTICE_1 = "practice-1"
    PRACTICE_2 = "practice-2"
    PRACTICE_3 = "practice-3"
    SPRINT_QUALIFYING = "sprint-qualifying"
    SPRINT = "sprint"
    QUALIFYING = "qualifying"
    RACE = "race"


AN_HOUR = dt.timedelta(hours=1)
LASTS = {SessionKind.RACE: 2 * AN_HOUR, SessionKind.SPRINT: AN_HOUR, SessionKind.QUALIFYING: AN_HOUR}
"""The sessions that have results, and how long after their start the flag falls, about."""

UNDER_WAY = dict.fromkeys(SessionKind, AN_HOUR) | LASTS
"""How long after its start a session is under way, about."""


@dataclass(frozen=True, slots=True)
class Session:
    """When a session is; `starts_at` is aware, in UTC, and None while only the day is known."""

    kind: SessionKind
    day: dt.date
    starts_at: dt.datetime | None = None

    @property
    def start(self) -> dt.date:
        """The moment when it starts, or the day while only that is known."""
        return self.starts_at or self.day

    def begun(self, now: dt.datetime) -> bool:
        """Whether it was started; where only its day is known, whether that is over."""
        return (self.starts_at or dt.datetime.combine(self.day, dt.time.max, dt.UTC)) <= now

    def under_way(self, now: dt.datetime) -> bool:
        """Whether it was started and is not over, about; never where only its day is known."""
        return self.starts_at is not None and self.starts_at <= now < self.starts_at + UNDER_WAY[self.kind]

    @property
    def over_at(self) -> dt.datetime:
        """When its result may be asked for; where only its day is known, once that is over."""
        return self.flag or dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time(), dt.UTC)

    @property
    def flag(self) -> dt.datetime | None:
        """When the flag falls, about; None for a session without results, or while only its day is known."""
        return self.starts_at + LASTS[self.kind] if self.starts_at and self.kind in LASTS else None


def is_another_start(before: Session, after: Session) -> bool:
    """Whether a session has moved; that its time becomes known, or is not known any more, is no move.

    A day without a time is UTC's as often as the track's.
    """
    known, day = (before, after.day) if before.starts_at is not None else (after, before.day)
    if before.starts_at is not None and after.starts_at is not None:
        return before.starts_at != after.starts_at
    return day not in {known.day, known.starts_at and known.starts_at.date()}
