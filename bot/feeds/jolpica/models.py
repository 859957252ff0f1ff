"""The shapes of Jolpica's answers, and the values of `bot.domain.season` that they hold.

Unknown keys are ignored; what is used must have its shape.
"""

import datetime as dt
from typing import Self

from pydantic import AliasChoices, BaseModel, Field, model_validator

from bot.domain.season import Entrant, FastestLap, Finish, Race, Session, SessionKind, Standing
from bot.feeds.jolpica.fields import (
    Day,
    Id,
    MaybeDay,
    MaybeLapTime,
    MaybeNumber,
    MaybeText,
    MaybeTimeOfDay,
    Number,
    Place,
    Points,
    Text,
)

DISQUALIFIED = "Disqualified"
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


class _Driver(_Wire):
    id: Id = Field(alias="driverId")
    given_name: Text = Field(alias="givenName")
    family_name: Text = Field(alias="familyName")
    code: MaybeText = None


class _Team(_Wire):
    id: Id = Field(alias="constructorId")
    name: Text


def _entrant(driver: _Driver, team: _Team, number: int | None) -> Entrant:
    return Entrant(driver.id, driver.given_name, driver.family_name, team.id, team.name, driver.code, number)


class _Time(_Wire):
    time: MaybeText = None


class _FastestLap(_Wire):
    rank: MaybeNumber = None
    lap: MaybeNumber = None
    time: _Time | None = Field(None, alias="Time")

    def fastest_lap(self) -> FastestLap | None:
        """The lap; None unless both its number and its time are known."""
        if self.lap is None or self.time is None or self.time.time is None:
            return None
        return FastestLap(self.rank, self.lap, self.time.time)


def _check_place(place: str, position: int | None) -> None:
    if place.isdecimal() and int(place) != position:
        raise ValueError("the position and its text contradict each other")


class _Result(_Wire):
    number: MaybeNumber = None
    position: Number
    place: Place = Field(alias="positionText")
    points: Points
    driver: _Driver = Field(alias="Driver")
    team: _Team = Field(alias="Constructor")
    grid: MaybeNumber = None
    laps: MaybeNumber = None
    status: MaybeText = None
    time: _Time | None = Field(None, alias="Time")
    fastest_lap: _FastestLap | None = Field(None, alias="FastestLap")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        _check_place(self.place, self.position)
        return self

    def finish(self) -> Finish:
        """The line; who was disqualified has no place, though the feed may still give one."""
        return Finish(
            position=self.position,
            place="D" if self.status == DISQUALIFIED else self.place,
            entrant=_entrant(self.driver, self.team, self.number),
            points=self.points,
            status=self.status or "",
            grid=self.grid,
            laps=self.laps,
            time=self.time.time if self.time else None,
            fastest_lap=self.fastest_lap.fastest_lap() if self.fastest_lap else None,
        )


class _Qualified(_Wire):
    number: MaybeNumber = None
    position: Number
    driver: _Driver = Field(alias="Driver")
    team: _Team = Field(alias="Constructor")
    q1: MaybeLapTime = Field(None, alias="Q1")
    q2: MaybeLapTime = Field(None, alias="Q2")
    q3: MaybeLapTime = Field(None, alias="Q3")

    def finish(self) -> Finish:
        """The line; a segment that is mentioned was reached, though no time may have been set in it."""
        reached = max((number for number in (1, 2, 3) if f"q{number}" in self.model_fields_set), default=0)
        return Finish(
            position=self.position,
            place=str(self.position),
            entrant=_entrant(self.driver, self.team, self.number),
            points=0,
            status="",
            segments=tuple(time or "" for time in (self.q1, self.q2, self.q3)[:reached]),
        )


class _Race(_Moment):
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
    results: tuple[_Result, ...] = Field((), alias="Results")
    sprint_results: tuple[_Result, ...] = Field((), alias="SprintResults")
    qualified: tuple[_Qualified, ...] = Field((), alias="QualifyingResults")

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
    races: tuple[_Race, ...] = Field(alias="Races")


class _Standing(_Wire):
    position: MaybeNumber = None
    place: Place = Field(alias="positionText")
    points: Points
    wins: Number

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        _check_place(self.place, self.position)
        return self

    @property
    def placed(self) -> int | None:
        """The position; None for who is not eligible or was excluded, though the feed may still give a number."""
        return int(self.place) if self.place.isdecimal() else None


class _DriverStanding(_Standing):
    driver: _Driver = Field(alias="Driver")
    teams: tuple[_Team, ...] = Field((), alias="Constructors")

    def row(self) -> Standing:
        """The line; of several teams in a season the last one, as they come in the order in which they were joined."""
        name = f"{self.driver.given_name} {self.driver.family_name}"
        team = self.teams[-1].name if self.teams else None
        return Standing(self.placed, self.driver.id, name, self.points, self.wins, team, self.driver.code)


class _TeamStanding(_Standing):
    team: _Team = Field(alias="Constructor")

    def row(self) -> Standing:
        """The line."""
        return Standing(self.placed, self.team.id, self.team.name, self.points, self.wins)


class _Standings(_Wire):
    season: Number
    round: Number
    drivers: tuple[_DriverStanding, ...] = Field((), alias="DriverStandings")
    teams: tuple[_TeamStanding, ...] = Field((), alias="ConstructorStandings")


class _StandingsTable(_Wire):
    lists: tuple[_Standings, ...] = Field(alias="StandingsLists")


class _RacesData(_Wire):
    total: Number
    table: _RaceTable = Field(alias="RaceTable")


class _StandingsData(_Wire):
    total: Number
    table: _StandingsTable = Field(alias="StandingsTable")


class RacesAnswer(_Wire):
    """A page of a calendar or of results; `data.total` counts the rows of all pages."""

    data: _RacesData = Field(alias="MRData")


class StandingsAnswer(_Wire):
    """A page of standings; `data.total` counts the rows of all pages."""

    data: _StandingsData = Field(alias="MRData")
