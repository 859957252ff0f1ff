"""The shapes of Jolpica's answers, and the values of `bot.domain.season` that they hold.

Unknown keys are ignored; what is used must have its shape. Lines of results and standings are kept as they came, to be
read one by one (`bot.feeds.jolpica.lines`).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.feeds.jolpica.fields import Day, Id, MaybeDay, MaybeTimeOfDay, Number, Text
from bot.forms.rules import Key

END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    date: MaybeDay = None
    time: MaybeTimeOfDay = None

    def sessions(self, kind: SessionKind) -> list[Session]:
        """The session that begins here; none while not even its day is known."""
        if self.date is None:
            return []
        starts_at = None if self.time is None else dt.datetime.combine(self.date, self.time)
        return [Session(kind, self.date, starts_at)]


class _Location(NamedTuple):
    locality: Text
    country: Text


class _Circuit(NamedTuple):
    id: Annotated[Id, Key("circuitId")]
    name: Annotated[Text, Key("circuitName")]
    location: Annotated[_Location, Key("Location")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceWeekend(_Moment):
    """A race with its other sessions, and the lines of its results."""

    season: Number
    round: Number
    name: Annotated[Text, Key("raceName")]
    circuit: Annotated[_Circuit, Key("Circuit")]
    date: Day
    practice_1: Annotated[_Moment | None, Key("FirstPractice")] = None
    practice_2: Annotated[_Moment | None, Key("SecondPractice")] = None
    practice_3: Annotated[_Moment | None, Key("ThirdPractice")] = None
    sprint_qualifying: Annotated[_Moment | None, Key("SprintQualifying", "SprintShootout")] = None
    sprint: Annotated[_Moment | None, Key("Sprint")] = None
    qualifying: Annotated[_Moment | None, Key("Qualifying")] = None
    results: Annotated[tuple[Any, ...], Key("Results")] = ()
    sprint_results: Annotated[tuple[Any, ...], Key("SprintResults")] = ()
    qualified: Annotated[tuple[Any, ...], Key("QualifyingResults")] = ()

    def problems(self) -> Iterator[str]:
        """What is wrong with it although each of its parts may be so."""
        if self.date.year != self.season:
            yield "the race is not in its season"

    def race(self) -> Race:
        """The race weekend; its sessions by their start, those of one day without a time in the usual order."""
        before = [
            session
            for kind, moment in (
                (SessionKind.PRACTICE_1, self.practice_1),
                (SessionKind.PRACTICE_2, self.practice_2),
                (SessionKind.PRACTICE_3, self.practice_3),
                (SessionKind.SPRINT_QUALIFYING, self.sprint_qualifying),
                (SessionKind.SPRINT, self.sprint),
                (SessionKind.QUALIFYING, self.qualifying),
            )
            if moment is not None
            for session in moment.sessions(kind)
        ]
        before.sort(key=lambda session: (session.day, session.starts_at or END_OF_TIME))
        return Race(
            season=self.season,
            round=self.round,
            name=self.name,
            circuit_id=self.circuit.id,
            circuit=self.circuit.name,
            locality=self.circuit.location.locality,
            country=self.circuit.location.country,
            sessions=(*before, *self.sessions(SessionKind.RACE)),
        )


class _RaceTable(NamedTuple):
    races: Annotated[tuple[Any, ...], Key("Races")]


class _Standings(NamedTuple):
    season: Number
    round: Number
    drivers: Annotated[tuple[Any, ...], Key("DriverStandings")] = ()
    teams: Annotated[tuple[Any, ...], Key("ConstructorStandings")] = ()


class _StandingsTable(NamedTuple):
    lists: Annotated[tuple[_Standings, ...], Key("StandingsLists")]


class _RacesData(NamedTuple):
    total: Number
    table: Annotated[_RaceTable, Key("RaceTable")]


class _StandingsData(NamedTuple):
    total: Number
    table: Annotated[_StandingsTable, Key("StandingsTable")]


class RacesAnswer(NamedTuple):
    """A page of a calendar, or of results, whose races are to be read one by one.

    `data.total` counts the rows of all pages.
    """

    data: Annotated[_RacesData, Key("MRData")]


class StandingsAnswer(NamedTuple):
    """A page of standings; `data.total` counts the rows of all pages."""

    data: Annotated[_StandingsData, Key("MRData")]
