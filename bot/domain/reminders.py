"""Reminders: of which sessions, how long before each it is due, how long it still helps, and when a chat is given it.

Of each session a chat may be reminded up to four times. Where two would come at once, as after an outage or before
quiet hours, it is told once: by the one that is due nearest to the start.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.chat_settings import ChatSettings
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.domain.topics import DAY_BEFORE, HOUR_BEFORE

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

LONGEST_QUIET = 24 * HOUR
"""Quiet hours are shorter than this: so long before it is due, at most, a reminder has to come before they begin."""

BEFORE_QUIET = 5 * MINUTE
"""How long before quiet hours begin a chat is told what cannot wait for their end."""

LOOK_AHEAD = 2 * HOUR
"""For how long ahead it is settled who is told before quiet hours; what a chat wishes may change until then.

It is looked hourly; so no restart of less than an hour makes a chat lose a reminder to its quiet hours.
"""

AT_ONCE = 10 * MINUTE
"""Two reminders of a session that come so near to one another are one."""


OVER_MIDNIGHT = 12 * HOUR
"""A start that moves by less than this is reminded of once, though it is on another day then."""


class Part(StrEnum):
    """What of a weekend a chat may be reminded of."""

    PRACTICE = "practice"
    QUALIFYING = "qualifying"
    SPRINT = "sprint"
    RACE = "race"


PARTS: Mapping[SessionKind, Part] = {
    SessionKind.PRACTICE_1: Part.PRACTICE,
    SessionKind.PRACTICE_2: Part.PRACTICE,
    SessionKind.PRACTICE_3: Part.PRACTICE,
    SessionKind.SPRINT_QUALIFYING: Part.QUALIFYING,
    SessionKind.SPRINT: Part.SPRINT,
    SessionKind.QUALIFYING: Part.QUALIFYING,
    SessionKind.RACE: Part.RACE,
}


class Lead(StrEnum):
    """How long before a session a reminder is due."""

    DAY = "24h"
    THREE_HOURS = "3h"
    HOUR = "1h"
    QUARTER = "15m"


BEFORE: Mapping[Lead, dt.timedelta] = {
    Lead.DAY: 24 * HOUR,
    Lead.THREE_HOURS: 3 * HOUR,
    Lead.HOUR: HOUR,
    Lead.QUARTER: 15 * MINUTE,
}

HELPS_UNTIL: Mapping[Lead, dt.timedelta] = {
    Lead.DAY: 3 * HOUR,
    Lead.THREE_HOURS: HOUR,
    Lead.HOUR: 5 * MINUTE,
    Lead.QUARTER: 2 * MINUTE,
}
"""Until how long before the start a reminder is early enough: so long it may wait for the end of quiet hours."""

MISSED_UNTIL: Mapping[Lead, dt.timedelta] = {Lead.HOUR: -20 * MINUTE, Lead.QUARTER: -20 * MINUTE}
"""Until how long before the start one is given that the bot missed, where that is later; below zero it is after it.

Whoever wants to be told right before the start wants to know of one that they are missing. So no outage of half an
hour, with the minutes of a restart, leaves them without a word.
"""

MISSED_FOR = -min(MISSED_UNTIL.values())
"""How long after the start of a race its reminders are still looked at."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A sort of reminder: of which part of a weekend, and how long before each of its sessions."""

    part: Part
    lead: Lead

    @property
    def topic(self) -> str:
        """The topic that chats follow to be given it: `qualifying-1h`; of the race, two have names of old."""
        return OF_OLD.get((self.part, self.lead), f"{self.part}-{self.lead}")

    @property
    def is_topic(self) -> bool:
        """Whether `/subscribe` offers it by itself."""
        return (self.part, self.lead) in OF_OLD

    def key(self, race_key: str, kind: SessionKind, day: str) -> str:
        """What tells its announcement for a session, on a day in ISO's terms, from all others.

        That of the race names no session, as earlier versions had none: what they announced is not told again.
        """
        of_a_race = f"reminder {race_key} {day} {self.topic}"
        return of_a_race if kind is SessionKind.RACE else f"{of_a_race} {kind}"

    @property
    def shorter(self) -> "tuple[Reminder, ...]":
        """Those of the same sessions that are due later."""
        return tuple(Reminder(self.part, lead) for lead in Lead if BEFORE[lead] < BEFORE[self.lead])

    @property
    def longer(self) -> "tuple[Reminder, ...]":
        """Those of the same sessions that are due earlier."""
        return tuple(Reminder(self.part, lead) for lead in Lead if BEFORE[lead] > BEFORE[self.lead])

    def due(self, start: dt.datetime) -> dt.datetime:
        """When it is due for a session that starts then."""
        return start - BEFORE[self.lead]

    def helps(self, start: dt.datetime, now: dt.datetime) -> bool:
        """Whether it is early enough."""
        return now < start - HELPS_UNTIL[self.lead]

    def is_of_use(self, start: dt.datetime, now: dt.datetime) -> bool:
        """Whether it is given at all by now, however late."""
        return now < start - MISSED_UNTIL.get(self.lead, HELPS_UNTIL[self.lead])

    def told_at(self, start: dt.datetime, now: dt.datetime, settings: ChatSettings) -> dt.datetime | None:
        """When a chat is given it; None where that is not to be settled yet, or it is no use any more.

        It waits for the end of quiet hours where it still helps then, and else comes before they begin.
        """
        moment = self.foreseen(start, now, settings)
        if moment is None or now >= self.due(start):
            return moment
        quiet = settings.quiet_since(self.due(start))
        comes_before_quiet = quiet is not None and moment < quiet and quiet - BEFORE_QUIET < now + LOOK_AHEAD
        return moment if comes_before_quiet else None

    def gives_way(self, wanted: Collection[str], start: dt.datetime, now: dt.datetime, settings: ChatSettings) -> bool:
        """Whether a chat that wants these topics is given a shorter reminder when it would be given this one."""
        mine = self.foreseen(start, now, settings)
        theirs = [each.foreseen(start, now, settings) for each in self.shorter if each.topic in wanted]
        return mine is not None and any(moment <= mine + AT_ONCE for moment in theirs if moment is not None)

    def foreseen(self, start: dt.datetime, now: dt.datetime, settings: ChatSettings) -> dt.datetime | None:
        """When a chat would be given it as things stand; None where that is too late, or never."""
        due = self.due(start)
        moment = settings.may_be_told_at(max(due, now))
        if self.helps(start, moment):
            return moment
        quiet = settings.quiet_since(due)
        if quiet is None:
            return moment if self.is_of_use(start, moment) else None
        if now >= quiet:
            return None
        moment = settings.may_be_told_at(max(now, quiet - BEFORE_QUIET))
        return moment if moment < quiet else None


OF_OLD: Mapping[tuple[Part, Lead], str] = {
    (Part.RACE, Lead.DAY): DAY_BEFORE.key,
    (Part.RACE, Lead.HOUR): HOUR_BEFORE.key,
}
"""The reminders that are topics of `/subscribe` as well."""

REMINDERS: Mapping[str, Reminder] = {
    reminder.topic: reminder for reminder in (Reminder(part, lead) for part in Part for lead in Lead)
}
"""All of them by the topic that chats follow to be reminded, in the order of the weekend, the earliest first."""


_PARTS = {Part.PRACTICE: "fp", Part.QUALIFYING: "q", Part.SPRINT: "s", Part.RACE: "r"}
_LEADS = {Lead.DAY: "d", Lead.THREE_HOURS: "t", Lead.HOUR: "h", Lead.QUARTER: "q"}
_SHORTHAND = re.compile(f"({'|'.join(_PARTS.values())})/([{''.join(_LEADS.values())}]+)")


def shorthand(reminders: Collection[Reminder]) -> str:
    """Reminders in so few letters that a button has room for all of them: `fp/q q/dh`."""
    leads = {
        part: "".join(_LEADS[each.lead] for each in REMINDERS.values() if each in reminders and each.part is part)
        for part in Part
    }
    return " ".join(f"{_PARTS[part]}/{those}" for part, those in leads.items() if those)


def in_shorthand(word: str) -> tuple[Reminder, ...]:
    """The reminders that a word of that shorthand means; none for any other."""
    found = _SHORTHAND.fullmatch(word)
    if found is None:
        return ()
    part, leads = found.groups()
    meant = ((each, _PARTS[each.part], _LEADS[each.lead]) for each in REMINDERS.values())
    return tuple(each for each, its_part, its_lead in meant if its_part == part and its_lead in leads)


def reminders_of(kind: SessionKind) -> tuple[Reminder, ...]:
    """The reminders that there are of a kind of session, the earliest first."""
    return tuple(Reminder(PARTS[kind], lead) for lead in Lead)


def kind_of(subject: Mapping[str, object]) -> SessionKind:
    """What kind of session a reminder is of. Reminders of earlier versions name none: they are of the race."""
    return SessionKind(str(subject.get("session", SessionKind.RACE.value)))


def session_of(race: Race, subject: Mapping[str, object]) -> Session | None:
    """The session that a reminder is of, as the calendar has it by now; None where it is on another day, or gone."""
    session = race.session(kind_of(subject))
    return session if session and day_of(session, [subject]) == subject.get("day", session.day.isoformat()) else None


def day_of(session: Session, subjects: Iterable[Mapping[str, object]]) -> str:
    """The day that a session's reminders are of, in ISO's terms: its own, or that of those announced of it already.

    These are theirs; a start that moves over midnight has been reminded of.
    """
    for subject in subjects:
        told, day = subject.get("starts_at"), subject.get("day")
        if session.starts_at is None or not (isinstance(told, int) and isinstance(day, str)):
            continue
        if abs(session.starts_at - dt.datetime.fromtimestamp(told, dt.UTC)) < OVER_MIDNIGHT:
            return day
    return session.day.isoformat()


def all_reminders_too(topics: Collection[str]) -> list[str]:
    """Topics, and all reminders there are where they are the reminders of `/subscribe`: what `reminders` turns off."""
    return [*dict.fromkeys([*topics, *(REMINDERS if set(OF_OLD.values()) <= set(topics) else ())])]
