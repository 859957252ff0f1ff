"""The lines of Jolpica's results and standings, each read by itself: a cell without its shape is left out of its line.

A line that cannot do without such a cell, as it says whom it is about, is left out whole.
"""

import copy
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, TypeVar

from bot.domain.season import PIT_LANE, Entrant, FastestLap, Finish, Standing
from bot.feeds.jolpica.fields import (
    Id,
    MaybeCarNumber,
    MaybeLapTime,
    MaybeNumber,
    MaybePlace,
    MaybePoints,
    MaybePosition,
    MaybeRaceTime,
    MaybeText,
    TeamName,
    Text,
)
from bot.forms.mistakes import FormError
from bot.forms.reading import read
from bot.forms.rules import Key

Model = TypeVar("Model")

DISQUALIFIED = "Disqualified"

MOST_ODD = 20
"""Cells of one line that may be odd before all of it is."""

UNMENTIONED = "unmentioned"
"""What stands for the time of a segment of which nothing is said; one in which none was set is mentioned."""


def read_line(model: type[Model], said: object) -> tuple[Model | None, tuple[str, ...]]:
    """A line as far as it can be read, and the names of the cells that were left out of it; None where it cannot."""
    left_out: list[str] = []
    while len(left_out) < MOST_ODD:
        try:
            return read(model, said), tuple(left_out)
        except FormError as error:
            first = error.mistakes[0]
        where = first.place[:-1] if first.missing else first.place
        said = copy.deepcopy(said) if not left_out else said
        if not _taken_out(said, where):
            break
        left_out.append(".".join(map(str, where)))
    return None, (*left_out, "row")


def _taken_out(said: Any, where: tuple[int | str, ...]) -> bool:
    """Take out what stands there; whether there was anything."""
    if not where:
        return False
    *way, last = where
    try:
        for step in way:
            said = said[step]
        del said[last]
    except (KeyError, IndexError, TypeError):
        return False
    return True


class _Driver(NamedTuple):
    id: Annotated[Id, Key("driverId")]
    given_name: Annotated[Text, Key("givenName")]
    family_name: Annotated[Text, Key("familyName")]
    code: MaybeText = None


class _Team(NamedTuple):
    id: Annotated[Id, Key("constructorId")]
    name: TeamName


def _entrant(driver: _Driver, team: _Team, number: int | None) -> Entrant:
    return Entrant(driver.id, driver.given_name, driver.family_name, team.id, team.name, driver.code, number)


class _RaceTime(NamedTuple):
    time: MaybeRaceTime = None


class _LapTime(NamedTuple):
    time: MaybeLapTime = None


class _FastestLap(NamedTuple):
    rank: MaybeNumber = None
    lap: MaybeNumber = None
    time: Annotated[_LapTime | None, Key("Time")] = None

    def fastest_lap(self) -> FastestLap | None:
        """The lap; None unless both its number and its time are known."""
        if self.lap is None or self.time is None or self.time.time is None:
            return None
        return FastestLap(self.rank, self.lap, self.time.time)


def _agreed(place: str | None, position: int | None) -> str:
    """A place that its position does not contradict; empty otherwise."""
    return "" if place is None or (place.isdecimal() and int(place) != position) else place


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """A driver's line in a race's or a sprint's result."""

    number: MaybeCarNumber = None
    position: MaybePosition = None
    place: Annotated[MaybePlace, Key("positionText")] = None
    points: MaybePoints = None
    driver: Annotated[_Driver, Key("Driver")]
    team: Annotated[_Team, Key("Constructor")]
    grid: MaybeNumber = None
    laps: MaybeNumber = None
    status: MaybeText = None
    time: Annotated[_RaceTime | None, Key("Time")] = None
    fastest_lap: Annotated[_FastestLap | None, Key("FastestLap")] = None

    def finish(self, row: int, _odd: tuple[str, ...] = ()) -> Finish:
        """The line; who was disqualified has no place, though the feed may still give one.

        `row` stands for a position that is not known, or that is contradicted. The grid's 0 is the pit lane; but who
        has no lap and no place may not have been there at all.
        """
        place = _agreed(self.place, self.position)
        absent = self.grid == PIT_LANE and self.laps == 0 and not place.isdecimal()
        return Finish(
            position=(self.position if place else None) or row,
            place="D" if self.status == DISQUALIFIED else place,
            entrant=_entrant(self.driver, self.team, self.number),
            points=self.points,
            status=self.status or "",
            grid=None if absent else self.grid,
            laps=self.laps,
            time=self.time.time if self.time else None,
            fastest_lap=self.fastest_lap.fastest_lap() if self.fastest_lap else None,
        )

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The cells that another one contradicts."""
        return () if self.place is None or _agreed(self.place, self.position) else ("positionText",)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifyingLine:
    """A driver's line in a result of qualifying."""

    number: MaybeCarNumber = None
    position: MaybePosition = None
    driver: Annotated[_Driver, Key("Driver")]
    team: Annotated[_Team, Key("Constructor")]
    q1: Annotated[MaybeLapTime, Key("Q1")] = UNMENTIONED
    q2: Annotated[MaybeLapTime, Key("Q2")] = UNMENTIONED
    q3: Annotated[MaybeLapTime, Key("Q3")] = UNMENTIONED

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The cells that another one contradicts."""
        return ()

    def finish(self, row: int, odd: tuple[str, ...] = ()) -> Finish:
        """The line; a segment that is mentioned was reached, though no time may have been set in it.

        `row` stands for a position that is not known; `odd` are the cells that were left out.
        """
        cells = {"Q1": self.q1, "Q2": self.q2, "Q3": self.q3}
        mentioned = [name in odd or time != UNMENTIONED for name, time in cells.items()]
        reached = max((number for number, there in enumerate(mentioned, 1) if there), default=0)
        segments = [
            None if name in odd else time if time and time != UNMENTIONED else "" for name, time in cells.items()
        ]
        return Finish(
            position=self.position or row,
            place=str(self.position or ""),
            entrant=_entrant(self.driver, self.team, self.number),
            points=0,
            status="",
            segments=tuple(segments[:reached]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _StandingLine:
    position: MaybePosition = None
    place: Annotated[MaybePlace, Key("positionText")] = None
    points: MaybePoints = None
    wins: MaybeNumber = None

    @property
    def placed(self) -> int | None:
        """The position; None for who is not eligible or was excluded, though the feed may still give a number."""
        place = _agreed(self.place, self.position)
        return int(place) if place.isdecimal() else None

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The cells that another one contradicts."""
        return () if self.place is None or _agreed(self.place, self.position) else ("positionText",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverStandingLine(_StandingLine):
    """A line of the drivers' championship."""

    driver: Annotated[_Driver, Key("Driver")]
    teams: Annotated[tuple[_Team, ...], Key("Constructors")] = ()

    def row(self) -> Standing:
        """The line; of several teams in a season the last one, as they come in the order in which they were joined."""
        name = f"{self.driver.given_name} {self.driver.family_name}"
        team = self.teams[-1].name if self.teams else None
        return Standing(self.placed, self.driver.id, name, self.points, self.wins, team, self.driver.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamStandingLine(_StandingLine):
    """A line of the constructors' championship."""

    team: Annotated[_Team, Key("Constructor")]

    def row(self) -> Standing:
        """The line."""
        return Standing(self.placed, self.team.id, self.team.name, self.points, self.wins)
