"""Reminders: how long before a session each is due, how long it still helps, and when a chat is given it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.chat_settings import ChatSettings
from bot.domain.season import Race, Session, SessionKind
from bot.domain.topics import DAY_BEFORE, HOUR_BEFORE

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

LONGEST_QUIET = 24 * HOUR
"""Quiet hours are shorter than this: so long before it is due, at most, a reminder has to come before they begin."""

BEFORE_QUIET = 5 * MINUTE
"""How long before quiet hours begin a chat is told what cannot wait for their end."""

LOOK_AHEAD = HOUR
"""For how long ahead it is settled who is told before quiet hours; what a chat wishes may change until then."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A sort of reminder: of which sessions, how long `before` their start, and until `helps_until` before it."""

    sessions: frozenset[SessionKind]
    before: dt.timedelta
    helps_until: dt.timedelta

    def due(self, start: dt.datetime) -> dt.datetime:
        """When it is due for a session that starts then."""
        return start - self.before

    def helps(self, start: dt.datetime, now: dt.datetime) -> bool:
        """Whether it is still of use, however late it is."""
        return now < start - self.helps_until

    def told_at(self, start: dt.datetime, now: dt.datetime, settings: ChatSettings) -> dt.datetime | None:
        """When a chat is given it; None where that is not to be settled yet, or it is no use any more.

        It waits for the end of quiet hours where it still helps then, and else comes before they begin.
        """
        due = self.due(start)
        moment = settings.may_be_told_at(max(due, now))
        if self.helps(start, moment):
            return moment if now >= due else None
        quiet = settings.quiet_since(due)
        if quiet is None or now >= quiet or quiet - BEFORE_QUIET >= now + LOOK_AHEAD:
            return None
        moment = settings.may_be_told_at(max(now, quiet - BEFORE_QUIET))
        return moment if moment < quiet else None


REMINDERS: Mapping[str, Reminder] = {
    DAY_BEFORE.key: Reminder(frozenset({SessionKind.RACE}), 24 * HOUR, 3 * HOUR),
    HOUR_BEFORE.key: Reminder(frozenset({SessionKind.RACE}), HOUR, 5 * MINUTE),
}
"""By the topic that chats follow to be reminded."""


def kind_of(subject: Mapping[str, object]) -> SessionKind:
    """What kind of session a reminder is of. Reminders of earlier versions name none: they are of the race."""
    return SessionKind(str(subject.get("session", SessionKind.RACE.value)))


def session_of(race: Race, subject: Mapping[str, object]) -> Session | None:
    """The session that a reminder is of, as the calendar has it by now; None where it is on another day, or gone."""
    session = race.session(kind_of(subject))
    return session if session and subject.get("day", session.day.isoformat()) == session.day.isoformat() else None
