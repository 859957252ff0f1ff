"""The shapes of Jolpica's answers, and the values of `bot.domain.season` that they hold.

Unknown keys are ignored; what is used must have its shape. Lines of results and standings are kept as they came, to be
read one by one (`bot.feeds.jolpica.lines`).
"""

import datetime as dt
from typing import Any, Self

from pydantic import AliasChoices, BaseModel, Field, model_validator

from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.feeds.jolpica.fields import Day, Id, MaybeDay, MaybeTimeOfDay, Number, Text

END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


class _Wire(BaseModel):
    """A JSON object; keys that are not used may be anything."""


class _Moment(_Wire):
    date: MaybeDay = None
    time: MaybeTimeOfDay = None

    def sessions(self, kind: SessionKind) -> list[Session]:
        """The session that begins here; none while not even its day is known."""
        if self.date is None:
            return []
        starts_at = None if self.time is None else dt.datetime.combine(self.date, self.time)
        return [Session(kind, self.date, starts_at)]


class _Location(_Wire):
    locality: Text
    country: Text


class _Circuit(_Wire):
    id: Id = Field(alias="circuitId")
    name: Text = Field(alias="circuitName")
    location: _Location = Field(alias="Location")


class RaceWeekend(_Moment):
    """A race with its other sessions, and the lines of its results."""

    season: Number
    round: Number
    name: Text = Field(alias="raceName")
    circuit: _Circuit = Field(alias="Circuit")
    date: Day
    practice_1: _Moment | None = Field(None, alias="FirstPractice")
    practice_2: _Moment | None = Field(None, alias="SecondPractice")
    practice_3: _Moment | None = Field(None, alias="ThirdPractice")
    sprint_qualifying: _Moment | None = Field(None, validation_alias=AliasChoices("SprintQualifying", "SprintShootout"))
    sprint: _Moment | None = Field(None, alias="Sprint")
    qualifying: _Moment | None = Field(None, alias="Qualifying")
    results: tuple[Any, ...] = Field((), alias="Results")
    sprint_results: tuple[Any, ...] = Field((), alias="SprintResults")
    qualified: tuple[Any, ...] = Field((), alias="QualifyingResults")

    @model_validator(mode="after")
    def _in_season(self) -> Self:
        if self.date.year != self.season:
            raise ValueError("the race is not in its season")
        return self

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


class _RaceTable(_Wire):
    races: tuple[Any, ...] = Field(alias="Races")


class _Standings(_Wire):
    season: Number
    round: Number
    drivers: tuple[Any, ...] = Field((), alias="DriverStandings")
    teams: tuple[Any, ...] = Field((), alias="ConstructorStandings")


class _StandingsTable(_Wire):
    lists: tuple[_Standings, ...] = Field(alias="StandingsLists")


class _RacesData(_Wire):
    total: Number
    table: _RaceTable = Field(alias="RaceTable")


class _StandingsData(_Wire):
    total: Number
    table: _StandingsTable = Field(alias="StandingsTable")


class RacesAnswer(_Wire):
    """A page of a calendar, or of results, whose races are to be read one by one.

    `data.total` counts the rows of all pages.
    """

    data: _RacesData = Field(alias="MRData")


class StandingsAnswer(_Wire):
    """A page of standings; `data.total` counts the rows of all pages."""

    data: _StandingsData = Field(alias="MRData")
