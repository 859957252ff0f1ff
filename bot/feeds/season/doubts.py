"""Cells of a result in doubt: how they are left out, and which of a column do not fit the order of the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from bot.domain.season import Finish

Sheet: TypeAlias = Mapping[int, Finish]
"""A result's lines by their numbers in the answer, from 1 on."""


class Doubt(NamedTuple):
    """A cell that is left out: the number of its line, and its name in the feed; `row` is the whole line."""

    row: int
    field: str


_UNKNOWN: Mapping[str, dict[str, Any]] = {
    "position": {"place": ""},
    "positionText": {"place": ""},
    "points": {"points": None},
    "grid": {"grid": None},
    "laps": {"laps": None},
    "status": {"status": ""},
    "Time": {"time": None},
    "FastestLap": {"fastest_lap": None},
}


def without(sheet: Sheet, doubts: Iterable[Doubt]) -> Sheet:
    """The same lines without those cells."""
    lines = dict(sheet)
    for row, field in doubts:
        lines[row] = _without(lines[row], field)
    return lines


def _without(finish: Finish, field: str) -> Finish:
    lap, laps = finish.fastest_lap, finish.segments
    match field:
        case "FastestLap.rank":
            return replace(finish, fastest_lap=lap and replace(lap, rank=None))
        case "Q1" | "Q2" | "Q3":
            last = int(field[1])
            return replace(finish, segments=(*laps[: last - 1], None, *laps[last:]))
        case _whole_cell:
            return replace(finish, **_UNKNOWN[field])


def out_of_order(column: Sequence[tuple[int, float]]) -> Iterator[int]:
    """The lines whose values do not fit a column that is to rise: all that not every longest rising part of it has.

    Values may be equal. Of two that contradict each other, and nothing else either, both are out of order.
    """
    values = [value for _row, value in column]
    before = _longest(values)
    behind = _longest([-value for value in reversed(values)])[::-1]
    longest = max(before, default=0)
    in_one = [step for step, rest in zip(before, behind, strict=True) if step + rest - 1 == longest]
    for (row, _value), step, rest in zip(column, before, behind, strict=True):
        if step + rest - 1 < longest or in_one.count(step) > 1:
            yield row


def _longest(values: Sequence[float]) -> list[int]:
    """How many values the longest rising part has that ends with each."""
    lengths: list[int] = []
    for value in values:
        earlier = (length for other, length in zip(values, lengths, strict=False) if other <= value)
        lengths.append(1 + max(earlier, default=0))
    return lengths


def coming_twice(keys: Iterable[tuple[int, object]]) -> Iterator[int]:
    """The lines whose key another one has as well."""
    rows: dict[object, list[int]] = {}
    for row, key in keys:
        rows.setdefault(key, []).append(row)
    return (row for shared in rows.values() if len(shared) > 1 for row in shared)
