"""Reading Jolpica's answers: pages taken apart into rows, rows held against each other and put together.

Everything here raises ValueError for an answer that is garbled, incomplete, about something else than was asked, or in
contradiction with itself: better none than half of one.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from bot.domain.season import Championship, Classification, Finish, Race, SessionKind, Standing, Standings
from bot.feeds.jolpica.models import RacesAnswer, StandingsAnswer

Part = TypeVar("Part")

Line = tuple[Race, Finish]
"""A line of a result with its race, as a race may be spread over pages."""

DatedStanding = tuple[tuple[int, int], Standing]
"""A line of a championship with its season and round."""


class Page(NamedTuple, Generic[Part]):
    """Some of an answer's rows, and how many there are on all its pages."""

    total: int
    rows: Sequence[Part]


def read_races(document: bytes) -> Page[Race]:
    """A page of a calendar."""
    data = RacesAnswer.model_validate_json(document).data
    return Page(data.total, [race.race() for race in data.table.races])


def read_results(document: bytes) -> Page[Line]:
    """A page of races' results."""
    data = RacesAnswer.model_validate_json(document).data
    return Page(data.total, [(race.race(), line.finish()) for race in data.table.races for line in race.results])


def read_sprint_results(document: bytes) -> Page[Line]:
    """A page of sprints' results."""
    data = RacesAnswer.model_validate_json(document).data
    return Page(data.total, [(race.race(), line.finish()) for race in data.table.races for line in race.sprint_results])


def read_qualifying_results(document: bytes) -> Page[Line]:
    """A page of results of qualifying."""
    data = RacesAnswer.model_validate_json(document).data
    return Page(data.total, [(race.race(), line.finish()) for race in data.table.races for line in race.qualified])


def read_driver_standings(document: bytes) -> Page[DatedStanding]:
    """A page of drivers' standings."""
    data = StandingsAnswer.model_validate_json(document).data
    lists = data.table.lists
    return Page(data.total, [((each.season, each.round), line.row()) for each in lists for line in each.drivers])


def read_team_standings(document: bytes) -> Page[DatedStanding]:
    """A page of teams' standings."""
    data = StandingsAnswer.model_validate_json(document).data
    lists = data.table.lists
    return Page(data.total, [((each.season, each.round), line.row()) for each in lists for line in each.teams])


def calendar(races: Sequence[Race], season: int) -> tuple[Race, ...]:
    """A season's races by round; none for a season that the feed does not know."""
    if any(race.season != season for race in races):
        raise ValueError("the answer is about another season")
    _check_distinct((race.round for race in races), "a round")
    _check_distinct((race.key for race in races), "a race")
    return tuple(sorted(races, key=lambda race: race.round))


def classification(lines: Sequence[Line], season: int, round_number: int, kind: SessionKind) -> Classification | None:
    """The result of one race; None while there are no lines."""
    if not lines:
        return None
    race = _the_same(race for race, _ in lines)
    if (race.season, race.round) != (season, round_number):
        raise ValueError("the answer is about another race")
    finishes = sorted((finish for _, finish in lines), key=lambda finish: finish.position)
    for _, shared in groupby(finishes, key=lambda finish: finish.position):
        _check_one_car([*shared])
    drives = ((finish.entrant.driver_id, kind is SessionKind.RACE and finish.entrant.number) for finish in finishes)
    _check_distinct(drives, "a driver")
    places = sorted({finish.position for finish in finishes if finish.classified})
    if places != list(range(1, len(places) + 1)):
        raise ValueError("a place is missing")
    return Classification(race, kind, tuple(finishes))


def standings(
    standings: Sequence[DatedStanding], season: int, round_number: int | None, kind: Championship
) -> Standings | None:
    """A championship after one round, who has no position at the end; None while there are no lines."""
    if not standings:
        return None
    of_season, after_round = _the_same(when for when, _ in standings)
    if of_season != season or round_number not in {None, after_round}:
        raise ValueError("the answer is about another round")
    rows = sorted((row for _, row in standings), key=lambda row: (row.position is None, row.position))
    _check_distinct((row.id for row in rows), "an entrant")
    return Standings(season, after_round, kind, tuple(rows))


def _the_same(parts: Iterable[Part]) -> Part:
    first, *others = {*parts}
    if others:
        raise ValueError("the answer is about several rounds")
    return first


def _check_one_car(finishes: Sequence[Finish]) -> None:
    """Only drivers who took turns in a car have one position between them; one who drove two cars has two."""
    cars = {(finish.entrant.team_id, finish.entrant.number, finish.place) for finish in finishes}
    drivers = {finish.entrant.driver_id for finish in finishes}
    of_one_car = len(cars) == 1 and len(drivers) == len(finishes) and finishes[0].entrant.number is not None
    if len(finishes) > 1 and not of_one_car:
        raise ValueError("a position comes twice")


def _check_distinct(keys: Iterable[Hashable], what: str) -> None:
    listed = [*keys]
    if len({*listed}) < len(listed):
        raise ValueError(f"{what} comes twice")
