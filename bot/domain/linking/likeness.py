"""Whether a notice can be about a case: cars, place, reason, time and lap held against each other.

What one side does not say contradicts nothing. Race control names the cars of an incident in changing order, leaves the
place out, or counts its corners otherwise.
"""

import re

from bot.domain.cases import Case, Notice

NEIGHBOURING = 2
"""Corners by which a place may move from notice to notice and be the same."""

CUT_OFF = 10
"""Characters from which on the beginning of a reason is that reason, cut off by the feed."""

_NUMBER = re.compile(r"[0-9]+")
_HEDGE = re.compile(r"^ALLEGED(?:LY)? ")
_ONE_DRIVER_ALONE = re.compile(
    r"TRACK LIMITS|SPEEDING|FALSE START|JUMP|PENALTY|BLUE FLAG|YELLOW FLAG INF|UNSAFE CONDITION|DELTA|SIGNAL\b|TYRE|"
    r"WHEELS|WEIGH"
)


def turns(place: str | None) -> tuple[int, ...]:
    """The numbers of the corners that a place names."""
    return tuple(map(int, _NUMBER.findall(place or "")))


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two places are one, which is told by their corners: AFTER TURN 11 is TURN 11."""
    return one == other or (turns(one) == turns(other) != ())


def near(one: str | None, other: str | None) -> bool:
    """Whether two places may be one: neighbouring corners, both in the pits, or one of them not said."""
    if one is None or other is None:
        return True
    here, there = turns(one), turns(other)
    if here and there:
        return min(abs(a - b) for a in here for b in there) <= NEIGHBOURING
    return same_place(one, other) or (one.startswith("PIT") and other.startswith("PIT"))


def same_reason(one: str | None, other: str | None) -> bool:
    """Whether two reasons are said and one, or one of them is the other's beginning."""
    if not one or not other:
        return False
    one, other = sorted((_HEDGE.sub("", one), _HEDGE.sub("", other)), key=len)
    return one == other or (len(one) >= CUT_OFF and other.startswith(one))


def different_reasons(one: str | None, other: str | None) -> bool:
    """Whether two reasons are said and are not one."""
    return bool(one and other) and not same_reason(one, other)


def same_time(case: Case, notice: Notice) -> bool:
    """Whether both name the time of the incident, and it is one."""
    return notice.incident_time is not None and case.incident_time == notice.incident_time


def contradict(case: Case, notice: Notice) -> bool:
    """Whether both name a time or a lap of the incident, and not the same."""
    times, laps = (case.incident_time, notice.incident_time), (case.lap_in_text, notice.lap_in_text)
    return any(None not in pair and pair[0] != pair[1] for pair in (times, laps))


def same_key(case: Case, notice: Notice) -> bool:
    """Whether both are about the same cars, in any order, at the same place."""
    return case.numbers == notice.numbers and same_place(case.place, notice.place)


def concerns_one_driver(reason: str | None) -> bool:
    """Whether a reason is what one driver does wrong alone, so that nobody else's case is meant."""
    return reason is not None and bool(_ONE_DRIVER_ALONE.search(reason))
