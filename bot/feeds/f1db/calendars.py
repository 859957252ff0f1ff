"""f1db's races as a calendar."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.feeds.f1db.cells import Cells
from bot.feeds.f1db.names import Names
from bot.feeds.f1db.rows import ReleaseError
from bot.feeds.season.doubts import Doubt

_SESSIONS = {
    "freePractice1": SessionKind.PRACTICE_1,
    "freePractice2": SessionKind.PRACTICE_2,
    "freePractice3": SessionKind.PRACTICE_3,
    "sprintQualifying": SessionKind.SPRINT_QUALIFYING,
    "sprintRace": SessionKind.SPRINT,
    "qualifying": SessionKind.QUALIFYING,
}
"""What the sessions before the race are called in a race's row."""

A_DAY = dt.timedelta(days=1)
"""How long before the race its sprint has always been: of the first seasons with sprints f1db does not say when."""

_END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


def race_weekend(row: Mapping[str, Any], names: Names, line: int, odd: list[Doubt]) -> Race:
    """A race as its row has it. Raises ReleaseError where one cannot do without what is missing."""
    cells = Cells(row, line, odd)
    season, number, day = cells.number("year", 1950, 2999), cells.number("round", 1, 99), cells.day("date")
    circuit = names.circuit(cells.id("circuitId") or "")
    name = names.grand_prix(cells.id("grandPrixId") or "")
    if season is None or number is None or day is None or day.year != season or circuit is None or name is None:
        raise ReleaseError("f1db-races.json has a race of which nobody can say what, when or where it is")
    before = [
        session
        for called, kind in _SESSIONS.items()
        if (session := _session(cells, kind, f"{called}Date", f"{called}Time")) is not None
    ]
    if cells.number("sprintRaceLaps", 1) and not any(each.kind is SessionKind.SPRINT for each in before):
        before.append(Session(SessionKind.SPRINT, day - A_DAY))
    before.sort(key=lambda session: (session.day, session.starts_at or _END_OF_TIME))
    race = Session(SessionKind.RACE, day, _start(day, cells.time_of_day("time")))
    return Race(season, number, name, *circuit, sessions=(*before, race))


def _session(cells: Cells, kind: SessionKind, date: str, time: str) -> Session | None:
    day = cells.day(date)
    return None if day is None else Session(kind, day, _start(day, cells.time_of_day(time)))


def _start(day: dt.date, time: dt.time | None) -> dt.datetime | None:
    return None if time is None else dt.datetime.combine(day, time)
