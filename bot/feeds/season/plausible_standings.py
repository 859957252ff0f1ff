"""What of a championship's table cannot be: positions that come twice, points and wins that nobody can have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from bot.domain.season import Standing
from bot.feeds.season.doubts import Doubt, coming_twice, out_of_order
from bot.feeds.season.plausible import FIELD

Table: TypeAlias = Mapping[int, Standing]
"""A championship's lines by their numbers in the answer, from 1 on."""

MOST_A_WEEKEND = 60
"""Points that both cars of a team may win on one weekend, with its sprint: 25 + 18 + 1 and 8 + 7."""

DOUBLED = 43
"""What a race with double points adds to that."""


def plausible_standings(table: Table, after_round: int) -> tuple[Table, list[Doubt]]:
    """A championship without what cannot be, and what that is."""
    doubts = [*_impossible_cells(table, after_round)]
    table = _without(table, doubts)
    placed = sorted((row for row in table if table[row].position), key=lambda row: (table[row].position, row))
    scores = [(row, -points) for row in placed if (points := table[row].points) is not None]
    out_of_place = [Doubt(row, "points") for row in out_of_order(scores)]
    return _without(table, out_of_place), doubts + out_of_place


def _impossible_cells(table: Table, after_round: int) -> Iterator[Doubt]:
    """More points or wins than so many rounds have, and positions that several have whose points are not the same."""
    twice = {*coming_twice((row, standing.position) for row, standing in table.items() if standing.position)}
    level = {*coming_twice((row, (standing.position, standing.points)) for row, standing in table.items())}
    for row, standing in table.items():
        if standing.position and (standing.position > max(FIELD, len(table)) or row in twice - level):
            yield Doubt(row, "position")
        if standing.points is not None and standing.points > MOST_A_WEEKEND * after_round + DOUBLED:
            yield Doubt(row, "points")
        if standing.wins is not None and standing.wins > after_round:
            yield Doubt(row, "wins")


def _without(table: Table, doubts: list[Doubt]) -> Table:
    lines = dict(table)
    for row, field in doubts:
        match field:
            case "position":
                lines[row] = replace(lines[row], position=None)
            case "points":
                lines[row] = replace(lines[row], points=None)
            case _wins:
                lines[row] = replace(lines[row], wins=None)
    return lines
