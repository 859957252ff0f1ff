"""How a season's calendar differs from what was last told of it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind, is_another_start

CALLED_OFF_AFTER = dt.timedelta(hours=6)
"""How long the calendar must lack a race before it counts as called off: feeds lose things for a moment."""

NAMED_FROM = dt.timedelta(days=5)
"""How long before a race it is told of by its name: from the day on which the first reminder of its weekend is due."""


class CalendarChange(StrEnum):
    """What became of a race since it was last told; a race has moved where any of its sessions has."""

    ADDED = "added"
    BACK = "back"
    CANCELLED = "cancelled"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Gone:
    """A race that the calendar has lacked since a moment."""

    race: Race
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A race as the calendar has it, or last had it, beside what was last told of it."""

    race: Race
    told: Race | None
    """The race as it was last told; None while nobody was told that it is on the calendar."""

    changes_told: int = 0
    """How many changes of this race were told so far."""

    missing_for: dt.timedelta | None = None
    """How long the calendar had lacked it when it was last read; None while it is there."""

    @property
    def change(self) -> CalendarChange | None:
        """What there is to tell; None where it is as it was told, or nearly."""
        if self.missing_for is not None:
            called_off = self.told is not None and self.missing_for >= CALLED_OFF_AFTER
            return CalendarChange.CANCELLED if called_off else None
        if self.told is None:
            return CalendarChange.BACK if self.changes_told else CalendarChange.ADDED
        return CalendarChange.MOVED if self.moved else None

    @property
    def moved(self) -> Mapping[SessionKind, tuple[Session, Session]]:
        """The sessions that start at another time than was told, each as it was told and as it is."""
        pairs = ((self.told and self.told.session(session.kind), session) for session in self.race.sessions)
        return {after.kind: (before, after) for before, after in pairs if before and is_another_start(before, after)}

    @property
    def now_told(self) -> Race:
        """The race as it counts as told once it was told now.

        Of a session that is missing, or whose start is not known any more, that is what was told of it before.
        """
        told = {session.kind: session for session in self.told.sessions} if self.told else {}
        here = {session.kind: session for session in self.race.sessions}
        missing = [session for kind, session in told.items() if kind not in here]
        known = [
            told[kind] if kind in told and _is_unknown_again(told[kind], each) else each for kind, each in here.items()
        ]
        return replace(self.race, sessions=(*missing, *known))


def is_of_use(before: dt.date, session: Session, now: dt.datetime) -> bool:
    """Whether another start than that before is worth telling: it is to come, or on while people wait for it still."""
    if session.under_way(now) and session.starts_at is not None and isinstance(before, dt.datetime):
        return session.starts_at < before
    return not session.begun(now)


def no_news(entries: Sequence[CalendarEntry]) -> Iterator[tuple[CalendarEntry, Race | None]]:
    """The entries whose difference is no news, each with the race that counts as told from now on (None: no race does).

    A race by a new name takes over what was told of the old one. A start that is not known any more is waited for: what
    was told of it stands.
    """
    renamed = [each for each in entries if each.missing_for is not None and each.told is not None]
    for entry in entries:
        if entry.missing_for is not None:
            continue
        if entry.told is None:
            before = next((other for other in renamed if are_same(other.race, entry.race)), None)
            if before is not None:
                renamed.remove(before)
                yield before, None
                yield entry, before.told
        elif entry.change is None and entry.told != entry.now_told:
            yield entry, entry.now_told


def called_off(gone: Iterable[Gone], calendar: Collection[Race], now: dt.datetime) -> tuple[list[Race], list[Race]]:
    """The races that a calendar has lost for good, and those that it lacks so shortly that they may come back.

    One that it has by another name is neither.
    """
    lost = [each for each in gone if not any(are_same(each.race, other) for other in calendar)]
    back_soon = [each.race for each in lost if now - each.since < CALLED_OFF_AFTER]
    return [each.race for each in lost if each.race not in back_soon], back_soon


def are_same(race: Race, other: Race) -> bool:
    """Whether two are one race by two names: at the same circuit on the same day."""
    return race.circuit_id == other.circuit_id and race.race.day == other.race.day


def lost(known: Iterable[Race], races: Collection[Race]) -> list[Race]:
    """The races that a calendar lacks, by whatever name it has them."""
    keys = {race.key for race in races}
    return [race for race in known if race.key not in keys and not any(are_same(race, other) for other in races)]


def by_known_names(races: Sequence[Race], known: Collection[Race], now: dt.datetime) -> list[Race]:
    """A calendar in which races of whose weekend anything may have been told are called as they are known.

    Whatever the feed calls them since: what is told of them is told apart by their names.
    """
    keys, named_by = {race.key for race in races}, (now + NAMED_FROM).date()
    told = [race for race in known if race.race.day <= named_by and race.key not in keys]
    names = {race.key: race.name for race in known}
    for race in races:
        if race.key not in names:
            names[race.key] = next((old.name for old in told if are_same(old, race)), race.name)
    return [replace(race, name=names[race.key]) for race in races]


def _is_unknown_again(before: Session, after: Session) -> bool:
    return before.starts_at is not None and after.starts_at is None and not is_another_start(before, after)
