"""Which of the starts that a feed gives are believed: feeds slip, and a slip that is told is two false messages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind, is_another_start

CONFIRMED_AFTER = dt.timedelta(minutes=5)
"""How long after it was first seen a start that is doubted has to be seen again to be believed."""

BACK_WITHIN = dt.timedelta(hours=6)
"""A start that goes back to what it was within this time is doubted."""

SLOT = dt.timedelta(minutes=30)
"""Sessions of a weekend do not start closer to one another."""

LONGEST_WEEKEND = dt.timedelta(days=5)
"""How long before the race the first session of a weekend is, at most."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is remembered of a race's starts beside those that count."""

    said: tuple[Session, ...] = ()
    """What the feed says instead; empty where it says the same."""

    since: dt.datetime | None = None
    """Since when it says so; None where an operator knows better, whatever it says as long as it says that."""

    former: tuple[Session, ...] = ()
    """The starts before the last change, while going back to them is doubted."""

    changed_at: dt.datetime | None = None
    """When that change was."""


NONE = Doubts()


def believed(before: Race, doubts: Doubts, given: Race, now: dt.datetime) -> tuple[Race, Doubts]:
    """A race as it counts once the feed has given it, and what is doubted then.

    Its starts are those that it had before, until other ones fit their weekend or were seen twice. A start that is not
    given any more is no other one.
    """
    set_by_hand = bool(doubts.said) and doubts.since is None
    given = replace(given, sessions=_with_starts(given.sessions, doubts.said if set_by_hand else before.sessions))
    lasting = doubts.changed_at is not None and now - doubts.changed_at < BACK_WITHIN
    kept = Doubts(former=doubts.former, changed_at=doubts.changed_at) if lasting else NONE
    if not _have_moved(before.sessions, given.sessions):
        return given, kept
    stands = replace(given, sessions=before.sessions)
    if doubts.said and not _have_moved(doubts.said, given.sessions):
        if doubts.since is None or now - doubts.since < CONFIRMED_AFTER:
            return stands, doubts
    elif not fits(given.sessions) or (kept.former and not _have_moved(kept.former, given.sessions)):
        return stands, replace(kept, said=given.sessions, since=now)
    return given, Doubts(former=before.sessions, changed_at=now)


def set_right(race: Race, doubts: Doubts, kind: SessionKind, start: dt.datetime, day: dt.date) -> tuple[Race, Doubts]:
    """A race one of whose sessions starts when an operator says so, whatever the feed says by now."""
    sessions = tuple(replace(each, day=day, starts_at=start) if each.kind is kind else each for each in race.sessions)
    return replace(race, sessions=sessions), Doubts(said=doubts.said or race.sessions)


def fits(sessions: Sequence[Session]) -> bool:
    """Whether sessions may be a weekend's: the race last, each in a slot of its own, all within some days."""
    race = next((each for each in sessions if each.kind is SessionKind.RACE), None)
    if race is None or any(each.day > race.day or race.day - each.day > LONGEST_WEEKEND for each in sessions):
        return False
    starts = sorted(each.starts_at for each in sessions if each.starts_at)
    is_last = race.starts_at is None or starts[-1] == race.starts_at
    return is_last and all(later - earlier >= SLOT for earlier, later in pairwise(starts))


def _with_starts(given: Sequence[Session], known: Sequence[Session]) -> tuple[Session, ...]:
    """Sessions with the starts that are known of those without one, as far as they are on the same day still."""
    starts = {session.kind: session for session in known if session.starts_at is not None}
    return tuple(
        starts[each.kind]
        if each.starts_at is None and each.kind in starts and not is_another_start(starts[each.kind], each)
        else each
        for each in given
    )


def _have_moved(before: Sequence[Session], after: Sequence[Session]) -> bool:
    """Whether any session starts at another time."""
    known = {session.kind: session for session in before}
    return any(session.kind in known and is_another_start(known[session.kind], session) for session in after)
