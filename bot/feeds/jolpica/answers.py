"""Answers of Jolpica's, put together from their rows, which are held against each other.

One cell in doubt costs that cell, and a row of which nobody can say whom it is about costs that row: they are left out
and named. A ValueError is raised only where the whole makes no sense: where it is about something else than was asked,
where nobody is in it, or more than a quarter of it is missing.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from bot.domain.season import Championship, Classification, Race, Standing, Standings
from bot.domain.sessions import SessionKind
from bot.feeds.jolpica.pages import DatedRace, DatedStanding, Line
from bot.feeds.season.doubts import Doubt, Sheet, coming_twice
from bot.feeds.season.plausible import CARS_SHARED_UNTIL, plausible
from bot.feeds.season.plausible_qualifying import is_in, plausible_qualifying
from bot.feeds.season.plausible_standings import plausible_standings

Part = TypeVar("Part")
Whole_co = TypeVar("Whole_co", covariant=True)

ENOUGH = 3 / 4
"""The share of all drivers that makes an answer complete enough to be told."""


SMALLEST_FIELD = 10
"""Drivers of a weekend; where fewer are known, not all are, and no result is held against their number."""


class Told(NamedTuple, Generic[Whole_co]):
    """What an answer says, and what was left out of it."""

    said: Whole_co
    left_out: Sequence[Doubt] = ()


def calendar(rows: Sequence[DatedRace], season: int) -> Told[tuple[Race, ...]]:
    """A season's races by round; none for a season that the feed does not know.

    No race is left out of it: one that is missing would be taken for cancelled.
    """
    races = [row.race for row in rows]
    if any(race.season != season for race in races):
        raise ValueError("the answer is about another season")
    _check_distinct((race.round for race in races), "a round")
    _check_distinct((race.key for race in races), "a race")
    left_out = [Doubt(number, field) for number, row in enumerate(rows, 1) for field in row.odd]
    return Told(tuple(sorted(races, key=lambda race: race.round)), left_out)


def classification(
    lines: Sequence[Line], season: int, round_number: int, kind: SessionKind, drivers: int = 0
) -> Told[Classification | None]:
    """The result of one race, in which about so many drivers took part; None while there are no lines.

    Qualifying without any time, or without the times of all but its first segment, is not in yet either.
    """
    if not lines:
        return Told(None)
    race = _the_same(line.race for line in lines)
    if (race.season, race.round) != (season, round_number):
        raise ValueError("the answer is about another race")
    read, odd = _readable(lines)
    several_cars = kind is SessionKind.RACE and season <= CARS_SHARED_UNTIL
    twice = {
        *coming_twice(
            (row, (finish.entrant.driver_id, several_cars and finish.entrant.number)) for row, finish in read.items()
        )
    }
    if not several_cars:
        unreadable = _unreadable(lines)
        twice |= {row for row, finish in read.items() if finish.entrant.driver_id in unreadable}
    sheet: Sheet = {row: finish for row, finish in read.items() if row not in twice}
    if kind is SessionKind.QUALIFYING:
        sheet, doubts = plausible_qualifying(sheet, race)
    else:
        sheet, doubts = plausible(sheet, season, kind)
    missing = sum("row" in line.odd for line in lines) + len(twice)
    _check_complete(sheet, max(drivers if drivers >= SMALLEST_FIELD else 0, len(sheet) + missing))
    finishes = [sheet[row] for row in sorted(sheet, key=lambda row: (sheet[row].position, row))]
    left_out = [*odd, *(Doubt(row, "Driver") for row in sorted(twice)), *doubts]
    said = Classification(race, kind, tuple(finishes), missing)
    return Told(None if kind is SessionKind.QUALIFYING and not is_in(said) else said, left_out)


def _readable(lines: Sequence[Line]) -> tuple[Sheet, list[Doubt]]:
    """The lines that can be read, each once, by their numbers; and which cells, or whole lines, cannot."""
    sheet, odd = {}, []
    for row, line in enumerate(lines, 1):
        odd += [Doubt(row, field) for field in line.odd]
        if line.read is None or line.read in (other.read for other in lines[: row - 1]):
            continue
        odd += [Doubt(row, field) for field in line.read.doubtful]
        sheet[row] = line.read.finish(row, line.odd)
    return sheet, odd


def _unreadable(lines: Iterable[Line | DatedStanding]) -> set[str]:
    """Whom lines are about that cannot be read: who has another line is told by neither."""
    return {line.about for line in lines if line.read is None}


def _check_complete(sheet: Sheet, drivers: int) -> None:
    """Whether most are there of so many drivers, and of those who should have a place, by the last of them."""
    if not sheet:
        raise ValueError("nobody is in it")
    placed = [finish.place for finish in sheet.values() if finish.classified or not finish.place]
    last = max((int(place) for place in placed if place), default=0)
    if len(sheet) < ENOUGH * drivers or len(placed) < ENOUGH * last:
        raise ValueError("too many rows are missing")


def standings(
    standings: Sequence[DatedStanding], season: int, round_number: int | None, kind: Championship
) -> Told[Standings | None]:
    """A championship after one round, who has no position at the end; None while there are no lines."""
    if not standings:
        return Told(None)
    of_season, after_round = _the_same(each.when for each in standings)
    if of_season != season or round_number not in {None, after_round}:
        raise ValueError("the answer is about another round")
    read: dict[int, Standing] = {}
    left_out: list[Doubt] = []
    for row, line in enumerate(standings, 1):
        left_out += [Doubt(row, field) for field in line.odd]
        if line.read is not None and line.read not in (other.read for other in standings[: row - 1]):
            left_out += [Doubt(row, field) for field in line.read.doubtful]
            read[row] = line.read.row()
    twice = {*coming_twice((row, standing.id) for row, standing in read.items())}
    unreadable = _unreadable(standings)
    twice |= {row for row, standing in read.items() if standing.id in unreadable}
    table: Mapping[int, Standing] = {row: standing for row, standing in read.items() if row not in twice}
    table, doubts = plausible_standings(table, after_round)
    if not table:
        raise ValueError("nobody is in it")
    if len(table) < ENOUGH * (len(table) + len(twice) + sum("row" in line.odd for line in standings)):
        raise ValueError("too many rows are missing")
    left_out += [*(Doubt(row, "row") for row in sorted(twice)), *doubts]
    rows = sorted(table.values(), key=lambda row: (row.position is None, row.position or 0))
    return Told(Standings(season, after_round, kind, tuple(rows)), left_out)


def _the_same(parts: Iterable[Part]) -> Part:
    first, *others = {*parts}
    if others:
        raise ValueError("the answer is about several rounds")
    return first


def _check_distinct(keys: Iterable[Hashable], what: str) -> None:
    listed = [*keys]
    if len({*listed}) < len(listed):
        raise ValueError(f"{what} comes twice")
