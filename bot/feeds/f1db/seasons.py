"""A season as a release has it, in the domain's values, each result without what cannot be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bot.domain.names import OtherIds
from bot.domain.season import (
    QUALIFYING_SINCE,
    Championship,
    Classification,
    FastestLap,
    Finish,
    Race,
    Standing,
    Standings,
)
from bot.domain.sessions import SessionKind
from bot.domain.whole_seasons import WholeSeason
from bot.feeds.f1db import pile as files
from bot.feeds.f1db.calendars import race_weekend
from bot.feeds.f1db.cells import Cells
from bot.feeds.f1db.lines import FROM_PITS, qualified, scored, started_from_pits
from bot.feeds.f1db.names import Names
from bot.feeds.f1db.pile import Pile
from bot.feeds.f1db.rows import ReleaseError
from bot.feeds.f1db.so_far import SoFar
from bot.feeds.season.doubts import Doubt, Sheet, coming_twice
from bot.feeds.season.plausible import CARS_SHARED_UNTIL, plausible
from bot.feeds.season.plausible_qualifying import is_in, plausible_qualifying
from bot.feeds.season.plausible_standings import plausible_standings
from bot.pacing.giving_way import tidy_up

ENOUGH = 3 / 4
"""The share of a result's rows that have to be believed; a result of fewer is left out whole."""

_KINDS = {SessionKind.RACE: files.RACE, SessionKind.SPRINT: files.SPRINT, SessionKind.QUALIFYING: files.QUALIFYING}
_GRIDS = {SessionKind.RACE: files.GRID, SessionKind.SPRINT: files.SPRINT_GRID}


class SeasonTold(NamedTuple):
    """A season, and the cells that are left out of it as they are not believed, by their files."""

    said: WholeSeason
    left_out: tuple[tuple[str, Doubt], ...]


class Seasons:
    """The seasons of a release that was read: whether it makes sense is known before the first of them is told."""

    def __init__(self, pile: Pile, ids: OtherIds) -> None:
        self._pile = pile
        self._names = Names(pile.catalogues, ids)
        self._check_whole()
        self._odd: dict[int, list[Doubt]] = {year: [] for year in self.years}
        self._calendars = {year: self._calendar(year, self._odd[year]) for year in self.years}

    @property
    def years(self) -> list[int]:
        """The seasons that it tells of, the oldest first."""
        return sorted(self._pile.races)

    @property
    def lacks(self) -> Sequence[str]:
        """The files and columns that the release has not, and without which it is read."""
        return self._pile.lacks

    def season(self, year: int) -> SeasonTold:
        """A season, which is told once: what it was read from is let go. Raises KeyError where there is none."""
        races = self._calendars.pop(year)
        left_out = [("races", doubt) for doubt in self._odd[year]]
        classifications: list[Classification] = []
        standings: list[Standings] = []
        so_far = SoFar()
        for race_id, race in races.items():
            tidy_up()
            for kind, file in _KINDS.items():
                told, doubts = self._classification(race_id, race, kind)
                left_out += [(file, doubt) for doubt in doubts]
                classifications += [told] if told is not None else []
                if kind is SessionKind.RACE:
                    so_far.count(told)
            for championship in Championship:
                table, doubts = self._standings(race_id, race, championship, so_far)
                left_out += [(f"{championship}-standings", doubt) for doubt in doubts]
                if table is not None:
                    standings.append(table)
        self._pile.let_go(races)
        whole = WholeSeason(year, (*races.values(),), tuple(classifications), tuple(standings))
        return SeasonTold(whole, tuple(left_out))

    def _calendar(self, year: int, odd: list[Doubt]) -> Mapping[int, Race]:
        """A season's races by f1db's ids, in their order. Raises ReleaseError where that makes no sense."""
        rows = enumerate(self._pile.races[year], 1)
        races = {row["id"]: race_weekend(row, self._names, line, odd) for line, row in rows}
        for told_apart in ({race.round for race in races.values()}, {race.key for race in races.values()}):
            if len(told_apart) < len(races):
                raise ReleaseError("f1db-races.json has a race that comes twice")
        return dict(sorted(races.items(), key=lambda item: item[1].round))

    def _classification(self, race_id: int, race: Race, kind: SessionKind) -> tuple[Classification | None, list[Doubt]]:
        odd: list[Doubt] = []
        if kind is SessionKind.QUALIFYING and race.season < QUALIFYING_SINCE:
            return None, odd
        rows = [*self._pile.of(_KINDS[kind], race_id)]
        stops, fastest = self._stops(race_id), self._fastest_laps(race_id)
        if kind is not SessionKind.RACE:
            stops, fastest = None, {}
        from_pits = self._from_pits(race_id, kind)
        sheet: dict[int, Finish] = {}
        best: set[str] = set()
        for line, (row, position) in enumerate(zip(rows, _positions(rows, odd), strict=True), 1):
            cells = Cells(row, line, odd)
            driver = cells.id("driverId") or ""
            entrant = self._names.entrant(driver, cells.id("constructorId"), cells.digits("driverNumber"))
            if entrant is None:
                cells.refuse("row")
            elif kind is SessionKind.QUALIFYING:
                sheet[line] = qualified(cells, position, entrant)
            else:
                came_in = None if stops is None else stops.get(driver, ())
                finish = scored(cells, position, entrant, came_in, fastest.get(driver))
                sheet[line] = started_from_pits(finish) if driver in from_pits else finish
                best |= {entrant.driver_id} if cells.raw("driverOfTheDay") is True else set()
        told, doubts = _believed(sheet, race, kind, len(rows))
        if told is not None and kind is SessionKind.RACE:
            told = replace(told, driver_of_the_day=self._driver_of_the_day(race_id, best))
        return told, odd + doubts

    def _from_pits(self, race_id: int, kind: SessionKind) -> set[str]:
        """Those whom the grid has in the pit lane."""
        grid = self._pile.of(_GRIDS[kind], race_id) if kind in _GRIDS else ()
        return {Cells(row, 0, []).id("driverId") or "" for row in grid if row["positionText"] == FROM_PITS}

    def _stops(self, race_id: int) -> Mapping[str, tuple[int, ...]] | None:
        """The laps at whose end each driver came in; None where nobody counted them."""
        if not self._pile.has(files.PIT_STOPS, race_id):
            return None
        laps: defaultdict[str, list[int]] = defaultdict(list)
        for row in self._pile.of(files.PIT_STOPS, race_id):
            cells = Cells(row, 0, [])
            driver, lap = cells.id("driverId"), cells.number("lap", 1, 200)
            if driver and lap:
                laps[driver].append(lap)
        return {driver: tuple(sorted(each)) for driver, each in laps.items()}

    def _fastest_laps(self, race_id: int) -> Mapping[str, FastestLap]:
        found: dict[str, FastestLap] = {}
        for row in self._pile.of(files.FASTEST_LAPS, race_id):
            cells = Cells(row, 0, [])
            driver, lap, time = cells.id("driverId"), cells.number("lap", 1), cells.lap_time("time")
            if driver and lap and time:
                found[driver] = FastestLap(cells.number("positionNumber", 1), lap, time)
        return found

    def _driver_of_the_day(self, race_id: int, best: set[str]) -> str | None:
        """Whom the viewers voted for; nobody where several are said to be."""
        for row in self._pile.of(files.DRIVER_OF_THE_DAY, race_id):
            driver = self._names.driver(Cells(row, 0, []).id("driverId")) if row["positionNumber"] == 1 else None
            best = best | {driver.id} if driver else best
        return min(best) if len(best) == 1 else None

    def _standings(
        self, race_id: int, race: Race, kind: Championship, so_far: SoFar
    ) -> tuple[Standings | None, list[Doubt]]:
        odd: list[Doubt] = []
        table: dict[int, Standing] = {}
        engines: dict[int, str] = {}
        of_drivers = kind is Championship.DRIVERS
        name = files.DRIVER_STANDINGS if of_drivers else files.TEAM_STANDINGS
        for line, row in enumerate(self._pile.of(name, race_id), 1):
            cells = Cells(row, line, odd)
            who = (
                self._names.driver(cells.id("driverId")) if of_drivers else self._names.team(cells.id("constructorId"))
            )
            if who is None:
                cells.refuse("row")
                continue
            position, points = cells.number("positionNumber", 1), cells.points("points")
            full = f"{who.name} {who.family_name}".strip()
            team = so_far.teams.get(who.id) if of_drivers else None
            table[line] = Standing(position, who.id, full, points, so_far.wins(kind, who.id), team, who.code)
            engines[line] = "" if of_drivers else cells.id("engineManufacturerId") or ""
        for line in [*coming_twice((line, standing.id) for line, standing in table.items())]:
            table[line] = _by_engine(table[line], engines[line])
        twice = {*coming_twice((line, standing.id) for line, standing in table.items())}
        believed, doubts = plausible_standings(
            {line: standing for line, standing in table.items() if line not in twice}, race.round
        )
        if not believed:
            return None, odd
        rows = sorted(believed.values(), key=lambda each: (each.position is None, each.position or 0))
        odd += [*(Doubt(line, "row") for line in sorted(twice)), *doubts]
        return Standings(race.season, race.round, kind, tuple(rows)), odd

    def _check_whole(self) -> None:
        """Raise ReleaseError where a season is missing, or races in the middle of others have no result."""
        years = self.years
        if not years or years != [*range(years[0], years[-1] + 1)]:
            raise ReleaseError("a season is missing")
        rows: list[dict[str, Any]] = [row for year in years for row in self._pile.races[year]]
        dated = sorted((str(row.get("date")), self._pile.has(files.RACE, row["id"])) for row in rows)
        last = max((number for number, (_date, raced) in enumerate(dated, 1) if raced), default=0)
        raced = sum(there for _date, there in dated[:last])
        if not raced or last - raced > max(1, last // 50):
            raise ReleaseError("results are missing")


def _believed(sheet: Sheet, race: Race, kind: SessionKind, rows: int) -> tuple[Classification | None, list[Doubt]]:
    """A result without what cannot be; None while there is none, or where too little of it is believed."""
    shared = kind is SessionKind.RACE and race.season <= CARS_SHARED_UNTIL
    keys = ((row, (each.entrant.driver_id, shared and each.entrant.number)) for row, each in sheet.items())
    twice = {*coming_twice(keys)}
    sheet = {row: finish for row, finish in sheet.items() if row not in twice}
    odd = [Doubt(row, "row") for row in sorted(twice)]
    if not sheet or len(sheet) < ENOUGH * rows:
        return None, odd
    if kind is SessionKind.QUALIFYING:
        sheet, doubts = plausible_qualifying(sheet, race)
    else:
        sheet, doubts = plausible(sheet, race.season, kind)
        if not any(finish.points for finish in sheet.values()):  # not in yet
            return None, odd
    finishes = tuple(sheet[row] for row in sorted(sheet, key=lambda row: (sheet[row].position, row)))
    told = Classification(race, kind, finishes, rows - len(sheet))
    return (None, odd) if kind is SessionKind.QUALIFYING and not is_in(told) else (told, odd + doubts)


def _positions(rows: Sequence[Mapping[str, Any]], odd: list[Doubt]) -> Sequence[int]:
    """The place of each row among the others; as they come, where they do not say so, each another one."""
    said = [row.get("positionDisplayOrder") for row in rows]
    if {*said} == {*range(1, len(rows) + 1)} and bool not in {*map(type, said)}:
        return [*map(int, filter(None, said))]
    odd += [Doubt(1, "positionDisplayOrder")] if any(each is not None for each in said) else []
    return range(1, len(rows) + 1)


def _by_engine(standing: Standing, engine: str) -> Standing:
    """A team that ran with several engines has a line for each: `Cooper-Climax`, `Cooper-Maserati`."""
    if not engine:
        return standing
    name = f"{standing.name}-{engine.replace('-', ' ').title()}"
    return replace(standing, id=f"{standing.id}-{engine}", name=name, wins=None)
