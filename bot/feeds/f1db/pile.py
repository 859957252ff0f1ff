"""What of a release is used, by season and race.

The cells alone are kept, as plain tuples, which take little and leave no work for the garbage collector.
"""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.feeds.f1db.rows import Release, ReleaseError
from bot.pacing.giving_way import tidy_up

_WHO = ("positionDisplayOrder", "positionNumber", "positionText", "driverNumber", "driverId", "constructorId")
_SCORED = (*_WHO, "laps", "time", "timePenaltyMillis", "gap", "gapLaps", "reasonRetired", "points")
_RESULT = (*_SCORED, "gridPositionNumber", "gridPositionText", "driverOfTheDay")

RACE, SPRINT, QUALIFYING = "race-results", "sprint-race-results", "qualifying-results"
GRID, SPRINT_GRID = "starting-grid-positions", "sprint-starting-grid-positions"
DRIVER_STANDINGS, TEAM_STANDINGS = "driver-standings", "constructor-standings"
PIT_STOPS, FASTEST_LAPS, DRIVER_OF_THE_DAY = "pit-stops", "fastest-laps", "driver-of-the-day-results"

CELLS: Mapping[str, tuple[str, ...]] = {
    RACE: _RESULT,
    SPRINT: _RESULT,
    QUALIFYING: (*_WHO, "time", "q1", "q2", "q3"),
    GRID: ("positionText", "driverId"),
    SPRINT_GRID: ("positionText", "driverId"),
    DRIVER_STANDINGS: ("positionDisplayOrder", "positionNumber", "driverId", "points"),
    TEAM_STANDINGS: ("positionDisplayOrder", "positionNumber", "constructorId", "engineManufacturerId", "points"),
    PIT_STOPS: ("driverId", "stop", "lap"),
    FASTEST_LAPS: ("positionNumber", "driverId", "lap", "time"),
    DRIVER_OF_THE_DAY: ("positionNumber", "driverId"),
}
"""The files of which rows belong to a race, and the cells of theirs that are used."""

NEEDED = (RACE,)
"""The files without which a release is half of one; what any other would tell is left out where it is missing."""

_DRIVER, _TEAM = ("driverId", "constructorId"), ("constructorId",)
ESSENTIAL: Mapping[str, tuple[str, ...]] = {
    RACE: (*_DRIVER, "positionText", "points"),
    SPRINT: (*_DRIVER, "positionText", "points"),
    QUALIFYING: (*_DRIVER, "positionNumber"),
    DRIVER_STANDINGS: ("driverId", "positionNumber", "points"),
    TEAM_STANDINGS: (*_TEAM, "positionNumber", "points"),
}
"""The columns without which a file's rows say nothing: a release in which one has another name is not understood."""

CATALOGUES = ("drivers", "constructors", "grands-prix", "circuits")

MOST_ROWS = 2_000_000

TIDIED_AFTER = 1_000
"""Rows."""

Row = tuple[Any, ...]


class Pile:
    """A release, sorted by what its rows are about."""

    def __init__(self, release: Release) -> None:
        """Read all of it. Raises ReleaseError where a file that is needed is missing, or any cannot be read."""
        self.catalogues = {name: self._catalogue(release, f"f1db-{name}.json") for name in CATALOGUES}
        countries = "f1db-countries.json"
        self.catalogues["countries"] = self._catalogue(release, countries) if release.has(countries) else {}
        self.races: dict[int, list[dict[str, Any]]] = defaultdict(list)
        ids: set[int] = set()
        for row in release.rows("f1db-races.json"):
            if type(row.get("id")) is not int or type(row.get("year")) is not int or row["id"] in ids:
                raise ReleaseError("f1db-races.json has a race without an id or a year of its own")
            ids.add(row["id"])
            self.races[row["year"]].append(row)
        self._lacks: list[str] = []
        self._rows: dict[str, dict[int, list[Row]]] = {}
        for name in CELLS:
            if name in NEEDED or release.has(f"f1db-races-{name}.json"):
                self._rows[name] = self._of_races(release, name, ids)
            else:
                self._lacks.append(name)

    @property
    def lacks(self) -> Sequence[str]:
        """The files that it is read without, and the columns of the others: `pit-stops`, `race-results.laps`."""
        return self._lacks

    def of(self, name: str, race_id: int) -> Iterator[dict[str, Any]]:
        """A race's rows in one of the files."""
        return (dict(zip(CELLS[name], row, strict=True)) for row in self._rows.get(name, {}).get(race_id, ()))

    def has(self, name: str, race_id: int) -> bool:
        """Whether one of the files says anything of a race."""
        return bool(self._rows.get(name, {}).get(race_id))

    def let_go(self, race_ids: Iterable[int]) -> None:
        """Forget all that the files say of races, as soon as nobody asks for it any more.

        Whoever works in a thread does so there and bit by bit: the whole pile at once takes a while, and if the last to
        hold it were the event loop, all would wait.
        """
        for race_id in race_ids:
            for rows in self._rows.values():
                rows.pop(race_id, None)

    @staticmethod
    def _catalogue(release: Release, file: str) -> dict[str, dict[str, Any]]:
        rows = {row["id"]: row for row in release.rows(file) if isinstance(row.get("id"), str)}
        if not rows:
            raise ReleaseError(f"{file} is empty")
        return rows

    def _of_races(self, release: Release, name: str, ids: set[int]) -> dict[int, list[Row]]:
        file, cells = f"f1db-races-{name}.json", CELLS[name]
        found: dict[int, list[Row]] = defaultdict(list)
        unseen = {*cells}
        for number, row in enumerate(release.rows(file)):
            race_id = row.get("raceId")
            if type(race_id) is not int or race_id not in ids or number >= MOST_ROWS:
                raise ReleaseError(f"{file} has a row of no race")
            found[race_id].append(tuple(map(_kept, map(row.get, cells))))
            if unseen:
                unseen -= row.keys()
            if number % TIDIED_AFTER == 0:
                tidy_up()
        if found:
            self._note_columns(name, unseen)
        return found

    def _note_columns(self, name: str, unseen: Collection[str]) -> None:
        """Take note of the columns that none of a file's rows has."""
        for column in sorted(unseen):
            if column in ESSENTIAL.get(name, ()):
                raise ReleaseError(f"f1db-races-{name}.json has no {column}")
            self._lacks.append(f"{name}.{column}")


def _kept(value: Any) -> Any:
    """A cell's value; the texts that come again and again are kept once, and what has parts is none."""
    if isinstance(value, str):
        return sys.intern(value)
    return "?" if isinstance(value, (list, dict)) else value
