"""Pages of Jolpica's answers, taken apart into rows: each is read by itself, as far as it can be.

Raises ValueError for what is no answer, or does not say which race or round it is about.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from bot.domain.season import Race
from bot.feeds.jolpica.lines import DriverStandingLine, QualifyingLine, ResultLine, TeamStandingLine, read_line
from bot.feeds.jolpica.models import RacesAnswer, RaceWeekend, StandingsAnswer
from bot.forms.reading import read

Part = TypeVar("Part")


class Page(NamedTuple, Generic[Part]):
    """Some of an answer's rows, and how many there are on all its pages."""

    total: int
    rows: Sequence[Part]


class DatedRace(NamedTuple):
    """A race of a calendar."""

    race: Race
    odd: tuple[str, ...]
    """The times that were left out."""


class Line(NamedTuple):
    """A line of a result with its race, as a race may be spread over pages; None where it cannot be read."""

    race: Race
    read: ResultLine | QualifyingLine | None
    odd: tuple[str, ...]
    """The cells that were left out."""

    about: str = ""
    """The id of whom it is about, as it was sent: it names them even where nothing else can be read."""


class DatedStanding(NamedTuple):
    """A line of a championship with its season and round; None where it cannot be read."""

    when: tuple[int, int]
    read: DriverStandingLine | TeamStandingLine | None
    odd: tuple[str, ...]
    """The cells that were left out."""

    about: str = ""
    """The id of whom it is about, as it was sent."""


def _parsed(document: bytes) -> object:
    """What an answer has, as plain data. Raises ValueError."""
    try:
        said: object = json.loads(document.decode())
    except UnicodeDecodeError:
        raise ValueError("no text in UTF-8") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return said


def read_races(document: bytes) -> Page[DatedRace]:
    """A page of a calendar."""
    data = read(RacesAnswer, _parsed(document)).data
    return Page(data.total, [_dated(said) for said in data.table.races])


def _dated(said: object) -> DatedRace:
    """A race as far as it can be read: without an odd time its day is known still, and anything else is needed."""
    weekend, odd = read_line(RaceWeekend, said)
    if weekend is None or not all(cell.rpartition(".")[2] == "time" for cell in odd):
        weekend = read(RaceWeekend, said)
    return DatedRace(weekend.race(), odd)


def read_results(document: bytes) -> Page[Line]:
    """A page of races' results."""
    return _read_lines(document, ResultLine, lambda race: race.results)


def read_sprint_results(document: bytes) -> Page[Line]:
    """A page of sprints' results."""
    return _read_lines(document, ResultLine, lambda race: race.sprint_results)


def read_qualifying_results(document: bytes) -> Page[Line]:
    """A page of results of qualifying."""
    return _read_lines(document, QualifyingLine, lambda race: race.qualified)


def _read_lines(
    document: bytes, model: type[ResultLine] | type[QualifyingLine], said_of: Callable[[RaceWeekend], Iterable[object]]
) -> Page[Line]:
    data = read(RacesAnswer, _parsed(document)).data
    weekends = [_weekend(said) for said in data.table.races]
    lines = [
        Line(each.race(), *read_line(model, said), _id_in(said, "Driver", "driverId"))
        for each in weekends
        for said in said_of(each)
    ]
    return Page(data.total, lines)


def _id_in(said: object, *way: str) -> str:
    """An id as it was sent; empty where there is none that could be shown."""
    for step in way:
        said = said.get(step) if isinstance(said, dict) else None
    return said if isinstance(said, str) and said.isprintable() else ""


def _weekend(said: object) -> RaceWeekend:
    """The race that lines are of: what else is said of its weekend may be odd, for the calendar has it."""
    weekend, _odd = read_line(RaceWeekend, said)
    return weekend if weekend is not None else read(RaceWeekend, said)


def read_driver_standings(document: bytes) -> Page[DatedStanding]:
    """A page of drivers' standings."""
    data = read(StandingsAnswer, _parsed(document)).data
    return Page(
        data.total,
        [
            DatedStanding(
                (each.season, each.round), *read_line(DriverStandingLine, said), _id_in(said, "Driver", "driverId")
            )
            for each in data.table.lists
            for said in each.drivers
        ],
    )


def read_team_standings(document: bytes) -> Page[DatedStanding]:
    """A page of teams' standings."""
    data = read(StandingsAnswer, _parsed(document)).data
    return Page(
        data.total,
        [
            DatedStanding(
                (each.season, each.round),
                *read_line(TeamStandingLine, said),
                _id_in(said, "Constructor", "constructorId"),
            )
            for each in data.table.lists
            for said in each.teams
        ],
    )
