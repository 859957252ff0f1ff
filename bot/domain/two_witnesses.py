"""One result as two witnesses tell it: what one leaves open the other fills in, what they deny each other is left out.

The first witness is the one that is followed. Its order and its points are taken whole, as an order is one fact and not
twenty: halves of two orders make a third that nobody has said. So a result is corrected when the first one corrects it.
All else is looked at cell by cell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TypeAlias, TypeVar

from bot.domain.classifications import NO_START, may_have_stayed_away
from bot.domain.race_times import thousandths
from bot.domain.same_drivers import same_drivers
from bot.domain.season import PIT_LANE, Classification, Finish

Cell = TypeVar("Cell")
Segments: TypeAlias = tuple[str | None, ...]

COARSE = {"", "finished", "lapped", "retired", "not classified"}
"""Statuses that say no more than a place does: whatever else is said of a driver does not contradict them."""

RETIRED = "Retired"
"""The status of who retired for a reason on which the witnesses do not agree."""

ALIKE = (({"collision", "collision damage"}, "Collision"), ({"accident", "collision", "collision damage"}, "Accident"))
"""Reasons of one kind, the narrower kind first, and what is said where the witnesses differ within it."""


def agreed(first: Classification, second: Classification, same: Mapping[str, str]) -> Classification:
    """What two witnesses of a session say together, by the first one's ids.

    `same` has the first one's id of a driver by the second one's, where neither names nor cars tell. Drivers of
    whom either names two lines, as those who shared cars of old, are told as the first one tells them; so is whom
    it alone names. Where lines of it were left out, as nobody could say whose they are, they are the second one's
    if their places are free and there are no more of them than were left out: of more, nobody could say which these
    are.
    """
    ids = _ids(first, second, same)
    lines = {ids[finish.entrant.driver_id]: finish for finish in second.finishes}
    alone = _once(finish.entrant.driver_id for finish in first.finishes)
    alone &= _once(ids[finish.entrant.driver_id] for finish in second.finishes)
    finishes = tuple(
        _together(finish, lines[finish.entrant.driver_id]) if finish.entrant.driver_id in alone else finish
        for finish in first.finishes
    )
    found = _left_out(first, second, ids)
    best = second.driver_of_the_day
    voted = _either(first.driver_of_the_day, ids.get(best, best) if best else None)
    return replace(
        first,
        finishes=tuple(sorted((*finishes, *found), key=attrgetter("position"))) if found else finishes,
        missing=first.missing - len(found),
        driver_of_the_day=voted,
    )


def _ids(first: Classification, second: Classification, same: Mapping[str, str]) -> dict[str, str]:
    """The first witness's id of each driver whom the second names; the second's own where the first has no such one."""
    found = same_drivers(first, second, same)
    theirs = (finish.entrant.driver_id for finish in second.finishes)
    return {each: found[each].driver_id if each in found else same.get(each, each) for each in theirs}


def _left_out(first: Classification, second: Classification, ids: Mapping[str, str]) -> list[Finish]:
    """The second witness's lines of drivers whom the first does not name, where their places are free, each once.

    Of those who share a place all are taken up or none: without one of them the others were not what either tells.
    """
    known = {finish.entrant.driver_id for finish in first.finishes}
    taken = {finish.position for finish in first.finishes}
    places = {finish.place for finish in first.finishes if finish.classified}
    unnamed = [each for each in second.finishes if ids[each.entrant.driver_id] not in known]
    if len(unnamed) > first.missing:
        return []
    free = [each for each in unnamed if each.position not in taken and each.place not in places]
    shared, found = (Counter(each.place for each in lines if each.classified) for lines in (second.finishes, free))
    return [each for each in free if found[each.place] == shared[each.place]]


def _once(ids: Iterable[str]) -> set[str]:
    """Those that come once."""
    return {each for each, times in Counter(ids).items() if times == 1}


def _together(first: Finish, second: Finish) -> Finish:
    """A driver's line as both tell it."""
    placed_alike = first.place == second.place
    # A penalty is part of a time: one that moved a driver for the second witness alone is not in the first one's time.
    counted_alike = placed_alike or _same(first.time, second.time)
    return replace(
        first,
        points=second.points if first.points is None and placed_alike else first.points,
        status=_status(first, second),
        grid=PIT_LANE if second.grid == PIT_LANE else _either(first.grid, second.grid),
        laps=_either(first.laps, second.laps),
        time=_time(first.time, second.time) if placed_alike else first.time,
        fastest_lap=first.fastest_lap or second.fastest_lap,
        segments=_segments(first.segments, second.segments),
        penalty=_either(first.penalty, second.penalty) if counted_alike else first.penalty,
        stops=_either(first.stops, second.stops),
    )


def _either(first: Cell | None, second: Cell | None) -> Cell | None:
    """What one says, or both; None where they say different things."""
    if first is None or second is None:
        return second if first is None else first
    return first if first == second else None


def _status(first: Finish, second: Finish) -> str:
    """Why somebody has no place: the finer reason, what two reasons have in common, or none but that they retired.

    That they did not start, where the first one does not say that they did.
    """
    ours, theirs = first.status.lower(), second.status.lower()
    if may_have_stayed_away(first) and second.status in NO_START:
        return second.status
    if first.classified or theirs in COARSE or ours == theirs or first.place != second.place:
        return first.status
    if ours in COARSE:
        return second.status
    for reasons, common in ALIKE:
        if {ours, theirs} <= reasons:
            return common
    return RETIRED if first.place == "R" else first.status


def _time(first: str | None, second: str | None) -> str | None:
    """A winner's time or a gap; None where the witnesses differ by more than how they write it."""
    return first if first == second or _same(first, second) else _either(first or None, second or None)


def _segments(first: Segments, second: Segments) -> Segments:
    """The times in Q1, Q2 and Q3; None where the witnesses tell another time, or one of them that none was set.

    How far somebody came, the first witness says.
    """
    if len(first) != len(second):
        return first or second
    return tuple(map(_segment, first, second))


def _segment(first: str | None, second: str | None) -> str | None:
    return first if _same(first, second) else _either(first, second)


def _same(first: str | None, second: str | None) -> bool:
    """Whether two times are the same, however they are written."""
    known = thousandths(first or "")
    return known is not None and known == thousandths(second or "")
