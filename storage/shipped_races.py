"""The races that ship with the bot, each in a TOML file: told where no archive has told of them, and never stored.

They are read beside the database, not into it. So nothing that an archive says is ever held against them or replaced by
them, and none of them is announced.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from bot.domain.race_story import StandingsMove
from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind
from bot.forms.reading import read

FOLDER = resources.files("storage") / "races"


class _Row(NamedTuple):
    """A line of the result."""

    place: str
    driver: str
    grid: int
    laps: int
    time: str | None = None
    status: str = "Finished"
    points: float = 0


class _Lap(NamedTuple):
    driver: str
    lap: int
    time: str


class _Team(NamedTuple):
    id: str
    name: str
    points: float
    wins: int = 0


class _Driver(NamedTuple):
    id: str
    given: str
    family: str
    code: str
    number: int
    team: str
    points: float
    wins: int = 0


class _File(NamedTuple):
    season: int
    round: int
    name: str
    circuit_id: str
    circuit: str
    locality: str
    country: str
    start: dt.datetime
    finishes: tuple[_Row, ...]
    fastest_lap: _Lap
    drivers: tuple[_Driver, ...]
    teams: tuple[_Team, ...]


@dataclass(frozen=True, slots=True)
class ShippedRace:
    """A race's result, and both championships after it; what they were before is not known here."""

    classification: Classification
    drivers: StandingsMove
    teams: StandingsMove


class ShippedRaces:
    """The races that ship, by their keys."""

    def __init__(self, files: Iterable[Traversable] | None = None) -> None:
        read = _shipped() if files is None else tuple(_read(file) for file in files)
        self._by_key = {each.classification.race.key: each for each in read}
        self.races: tuple[Race, ...] = tuple(each.classification.race for each in read)

    def get(self, key: str, kind: SessionKind = SessionKind.RACE) -> ShippedRace | None:
        """A race by its key; None where it does not ship, or another session than the race is asked for."""
        return self._by_key.get(key) if kind is SessionKind.RACE else None


NOTHING_SHIPS = ShippedRaces(())
"""Where only what archives tell is wanted."""


@cache
def _shipped() -> tuple[ShippedRace, ...]:
    return tuple(_read(file) for file in FOLDER.iterdir() if file.name.endswith(".toml"))


def _read(file: Traversable) -> ShippedRace:
    """A race of one file. Raises ValueError where it does not say what it must."""
    said = read(_File, tomllib.loads(file.read_text(encoding="utf-8")), closed=True)
    session = Session(SessionKind.RACE, said.start.date(), said.start.astimezone(dt.UTC))
    place = (said.circuit_id, said.circuit, said.locality, said.country)
    race = Race(said.season, said.round, said.name, *place, sessions=(session,))
    finishes = tuple(_finish(number, row, said) for number, row in enumerate(said.finishes, 1))
    return ShippedRace(
        Classification(race, SessionKind.RACE, finishes),
        StandingsMove(Standings(said.season, said.round, Championship.DRIVERS, tuple(_drivers(said)))),
        StandingsMove(Standings(said.season, said.round, Championship.TEAMS, tuple(_teams(said)))),
    )


def _finish(position: int, row: _Row, said: _File) -> Finish:
    (driver,) = (each for each in said.drivers if each.id == row.driver)
    (team,) = (each for each in said.teams if each.id == driver.team)
    entrant = Entrant(driver.id, driver.given, driver.family, team.id, team.name, driver.code, driver.number)
    best = said.fastest_lap
    fastest = FastestLap(1, best.lap, best.time) if best.driver == driver.id else None
    return Finish(position, row.place, entrant, row.points, row.status, row.grid, row.laps, row.time, fastest)


def _drivers(said: _File) -> Iterable[Standing]:
    names = {team.id: team.name for team in said.teams}
    for place, each in enumerate(said.drivers, 1):
        name, team = f"{each.given} {each.family}", names[each.team]
        yield Standing(place, each.id, name, each.points, each.wins, team, each.code)


def _teams(said: _File) -> Iterable[Standing]:
    for place, each in enumerate(said.teams, 1):
        yield Standing(place, each.id, each.name, each.points, each.wins)
