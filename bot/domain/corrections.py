"""What is worth telling of a result that is another than was told: places in the first ten, and points."""

from collections.abc import Mapping
from typing import TypeAlias

from bot.domain.season import Classification

FIRST_TEN = {str(place) for place in range(1, 11)}

LAST = 99
"""Where those without a place stand."""

Line: TypeAlias = tuple[str, float | None]
"""A driver's place, as the classification has it, and points; empty and None where they are doubtful."""

ABSENT: Line = ("", 0.0)
"""The line of who is not in a result."""

Lines: TypeAlias = dict[str, Line]
"""A result as it is told: everybody's line, by the driver's id."""

Change: TypeAlias = tuple[str, str, float | None, str, float | None]
"""A driver's id, place and points as they were told, place and points as they are."""


def told_lines(classification: Classification) -> Lines:
    """Each driver's place and points in a result, by the driver's id; of a driver of two cars the better ones."""
    lines: Lines = {}
    for finish in classification.finishes:
        place = "D" if finish.place.isdecimal() and not finish.classified else finish.place
        lines.setdefault(finish.entrant.driver_id, (place, finish.points))
    return lines


def changes(before: Mapping[str, Line], now: Lines, *, whole: bool = True) -> list[Change]:
    """What is worth telling of what changed, the highest place first; what is doubtful now has not changed.

    Who is not there any more has lost place and points, unless lines were left out and the result is not whole.
    """
    drivers = dict.fromkeys([*now, *(before if whole else ())])
    lines = [(driver, *before.get(driver, ABSENT), *_now(driver, before, now)) for driver in drivers]
    return sorted(filter(_is_worth_telling, lines), key=_prominence)


def _now(driver: str, before: Mapping[str, Line], now: Lines) -> Line:
    return _certain(now[driver], before.get(driver)) if driver in now else ABSENT


def _certain(line: Line, before: Line | None) -> Line:
    """A line with what was told of it in place of what is doubtful in it now."""
    (place, points), (told_place, told_points) = line, before or ("", None)
    return place or told_place, told_points if points is None else points


def _is_worth_telling(change: Change) -> bool:
    _driver, place, points, new_place, new_points = change
    return points != new_points or (place != new_place and bool(FIRST_TEN & {place, new_place}))


def _prominence(change: Change) -> tuple[int, int]:
    """The highest place that somebody lost or won, and before others who moved up or down with them, the furthest."""
    places = [int(place) if place.isdecimal() else LAST for place in (change[1], change[3])]
    return min(places), -abs(places[0] - places[1])
