"""A season of four weekends that an archive tells of, as it is known at any moment; its tables are added up here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.season import Championship
from tests.support.jolpica_samples import DRIVERS, TEAMS, driver_standing, line, moment, race, team_standing
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer

Json = dict[str, Any]

SEASON = 2021
POINTS, SPRINT_POINTS = (25, 18, 15, 12, 10, 8), (3, 2, 1, 0, 0, 0)
TEAM_OF = {
    "max_verstappen": "red_bull",
    "perez": "red_bull",
    "hamilton": "mercedes",
    "bottas": "mercedes",
    "norris": "mclaren",
    "russell": "williams",
}
CALLED = {driver: DRIVERS[driver][1] for driver in TEAM_OF} | TEAMS
WINNERS_TIME = "1:30:00.000"

IMOLA = race(SEASON, 1, day="2021-04-18", time="13:00:00Z", Sprint=moment("2021-04-17", "14:00:00Z"))
MONZA = race(SEASON, 2, "Italian Grand Prix", "monza", "2021-05-02", time="13:00:00Z")
LOSAIL = race(SEASON, 3, "Qatar Grand Prix", "losail", "2021-05-16", time="14:00:00Z")
INTERLAGOS = race(SEASON, 4, "São Paulo Grand Prix", "interlagos", "2021-05-30", time="15:00:00Z")
CALENDAR = (IMOLA, MONZA, LOSAIL, INTERLAGOS)

Order = Sequence[str]
"""Drivers by place; of those who are disqualified the names stand behind a `-`."""


class InventedSeason:
    """What the archive says by now. Results and tables are published apart, as the archive does."""

    def __init__(self, archive: JolpicaServer) -> None:
        self._archive = archive
        self._results: dict[tuple[int, str], Order] = {}
        self.calendar(*CALENDAR)

    def calendar(self, *weekends: Json) -> None:
        """The calendar is this one by now."""
        self._archive.publish(f"{SEASON}/races/", races(*weekends))

    def result(self, weekend: Json, *order: str, key: str = "Results") -> None:
        """A race ended so, or, where the key is `SprintResults`, a sprint."""
        number, path = int(weekend["round"]), "sprint" if key == "SprintResults" else "results"
        self._results[number, path] = order
        self._archive.publish(f"{SEASON}/{number}/{path}/", results(weekend, _lines(order, path), key=key))

    def ended(self, weekend: Json, *order: str) -> None:
        """A race ended so, and the tables have its points."""
        self.result(weekend, *order)
        self.tables()

    def tables(self) -> None:
        """All tables have the points of all results by now."""
        last = max(number for number, path in self._results if path == "results")
        for number in range(1, last + 1):
            for prefix in (f"{SEASON}/{number}/", *([f"{SEASON}/"] if number == last else [])):
                drivers = standings_answer("DriverStandings", self._drivers(number), after_round=f"{number}")
                self._archive.publish(f"{prefix}driverstandings/", drivers)
                teams = standings_answer("ConstructorStandings", self._teams(number), after_round=f"{number}")
                self._archive.publish(f"{prefix}constructorstandings/", teams)

    def leaders(self, after: int, kind: Championship = Championship.DRIVERS) -> str:
        """The first three of a championship as a recap tells them, but for places won: `1. Verstappen 28 (+25), …`."""
        now, before = self._points(after, kind), self._points(after - 1, kind)
        first = sorted(now, key=lambda each: -now[each])[:3]
        told = (
            f"{place}. {CALLED[each]} {now[each]}" + (f" (+{now[each] - before[each]})" if after > 1 else "")
            for place, each in enumerate(first, 1)
        )
        return ", ".join(told)

    def _points(self, up_to: int, kind: Championship) -> Mapping[str, int]:
        """Everybody's points after a round, or every team's."""
        score = Counter(dict.fromkeys(TEAM_OF.values() if kind is Championship.TEAMS else TEAM_OF, 0))
        for (number, path), order in self._results.items():
            if number <= up_to:
                for driver, won in zip(_placed(order), _scale(path), strict=False):
                    score[TEAM_OF[driver] if kind is Championship.TEAMS else driver] += won
        return score

    def _drivers(self, after: int) -> list[Json]:
        score = self._points(after, Championship.DRIVERS)
        ordered = sorted(score, key=lambda driver: -score[driver])
        return [
            driver_standing(place, driver, TEAM_OF[driver], points=f"{score[driver]}")
            for place, driver in enumerate(ordered, 1)
        ]

    def _teams(self, after: int) -> list[Json]:
        score = self._points(after, Championship.TEAMS)
        ordered = sorted(score, key=lambda team: -score[team])
        return [team_standing(place, team, f"{score[team]}") for place, team in enumerate(ordered, 1)]


def _placed(order: Order) -> list[str]:
    return [each for each in order if not each.startswith("-")]


def _scale(path: str) -> Sequence[int]:
    return SPRINT_POINTS if path == "sprint" else POINTS


def _lines(order: Order, path: str) -> list[Json]:
    ranked = _placed(order)
    out = [each.removeprefix("-") for each in order if each.startswith("-")]
    lines = []
    for place, driver in enumerate(ranked, 1):
        time = WINNERS_TIME if place == 1 else f"+{place}.000"
        points = f"{_scale(path)[place - 1]}"
        lines.append(line(place, driver, TEAM_OF[driver], points=points, Time={"time": time}))
    for place, driver in enumerate(out, len(ranked) + 1):
        lines.append(line(place, driver, TEAM_OF[driver], positionText="D", status="Disqualified"))
    return lines
