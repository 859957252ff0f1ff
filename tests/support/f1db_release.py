"""Releases of f1db as they might be: the shapes of the real ones, and races that nobody ever drove."""

import datetime as dt
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.feeds.f1db.pile import CELLS

Json = dict[str, Any]

PLACES = (
    ("bahrain", "Bahrain Grand Prix", "bahrain", "Bahrain International Circuit", "Sakhir", "bahrain"),
    ("australia", "Australian Grand Prix", "melbourne", "Albert Park Circuit", "Melbourne", "australia"),
    ("emilia-romagna", "Emilia Romagna Grand Prix", "imola", "Imola", "Imola", "italy"),
    ("monaco", "Monaco Grand Prix", "monaco", "Monaco", "Monte Carlo", "monaco"),
    ("canada", "Canadian Grand Prix", "montreal", "Circuit Gilles Villeneuve", "Montreal", "canada"),
    ("france", "French Grand Prix", "paul-ricard", "Paul Ricard", "Le Castellet", "france"),
    ("great-britain", "British Grand Prix", "silverstone", "Silverstone", "Silverstone", "united-kingdom"),
    ("italy", "Italian Grand Prix", "monza", "Monza", "Monza", "italy"),
    ("belgium", "Belgian Grand Prix", "spa-francorchamps", "Spa-Francorchamps", "Spa", "belgium"),
    ("hungary", "Hungarian Grand Prix", "hungaroring", "Hungaroring", "Budapest", "hungary"),
    ("netherlands", "Dutch Grand Prix", "zandvoort", "Zandvoort", "Zandvoort", "netherlands"),
    ("singapore", "Singapore Grand Prix", "marina-bay", "Marina Bay", "Singapore", "singapore"),
    ("japan", "Japanese Grand Prix", "suzuka", "Suzuka", "Suzuka", "japan"),
    ("mexico", "Mexican Grand Prix", "mexico-city", "Autódromo Hermanos Rodríguez", "Mexico City", "mexico"),
    ("sao-paulo", "São Paulo Grand Prix", "interlagos", "Interlagos", "São Paulo", "brazil"),
    ("abu-dhabi", "Abu Dhabi Grand Prix", "yas-marina", "Yas Marina", "Abu Dhabi", "united-arab-emirates"),
)

_GIVEN = ("Ada", "Bo", "Cy", "Dag", "Eno", "Flo", "Gil", "Hal", "Ivo", "Jo", "Kai", "Leo", "Mia", "Nils", "Ole", "Pia")
_FAMILY = ("Arden", "Berg", "Corso", "Dahl", "Ekman", "Fabri", "Grahn", "Holm", "Isler", "Jarvi", "Krantz", "Lindt")
DRIVERS = [(given, family) for family in _FAMILY for given in _GIVEN]
TEAMS = ("Arrow", "Bolide", "Comet", "Dynamo", "Ember", "Falcon", "Gale", "Hornet", "Ion", "Jet", "Kite", "Lynx")

_POINTS = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
_POINTS_OF_OLD = (8, 6, 4, 3, 2, 1)
_SPRINT_POINTS = (8, 7, 6, 5, 4, 3, 2, 1)

_SESSIONS = ("freePractice1", "freePractice2", "freePractice3", "sprintQualifying", "sprintRace", "qualifying")


@dataclass
class F1dbRelease:
    """The files of a release, to be changed as a test needs it; `packed` is what a server would have."""

    files: dict[str, list[Json]]

    def rows(self, name: str, year: int | None = None, round_number: int | None = None) -> list[Json]:
        """The rows of `f1db-races-NAME.json`, or of `f1db-NAME.json`, perhaps those of one season or race."""
        file = f"f1db-races-{name}.json"
        rows = self.files[file if file in self.files else f"f1db-{name}.json"]
        found = [row for row in rows if year in {None, row.get("year")}]
        return [row for row in found if round_number in {None, row.get("round")}]

    def packed(self, *, indent: int | None = None) -> bytes:
        """The archive."""
        return packed({name: json.dumps(rows, indent=indent).encode() for name, rows in self.files.items()})


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def driver_id(number: int) -> str:
    """A driver's id."""
    given, family = DRIVERS[number]
    return f"{given}-{family}".lower()


def invented_release(
    years: Iterable[int], *, races: int = 2, cars: int = 10, until: dt.date = dt.date.max
) -> F1dbRelease:
    """Seasons of so many races each; those after a day have no results yet."""
    release = F1dbRelease({f"f1db-races-{name}.json": [] for name in CELLS} | _catalogues())
    release.files["f1db-races.json"] = []
    race_id = 0
    for year in years:
        scores: dict[str, Counter[str]] = {"driver": Counter(), "constructor": Counter()}
        for number in range(1, races + 1):
            race_id += 1
            race = _race(race_id, year, number, races)
            release.files["f1db-races.json"].append(race)
            if dt.date.fromisoformat(race["date"]) <= until:
                _add_results(release, race, cars, scores)
    return release


def _catalogues() -> dict[str, list[Json]]:
    drivers: list[Json] = [
        {"id": driver_id(number), "name": f"{given} {family}", "firstName": given, "lastName": family}
        | {"fullName": f"{given} {family}", "abbreviation": (family + given)[:3].upper(), "permanentNumber": None}
        for number, (given, family) in enumerate(DRIVERS)
    ]
    teams: list[Json] = [
        {"id": name.lower(), "name": name, "fullName": f"{name} Racing", "countryId": "italy"} for name in TEAMS
    ]
    return {
        "f1db-drivers.json": drivers,
        "f1db-constructors.json": teams,
        "f1db-grands-prix.json": [{"id": each[0], "name": each[1], "fullName": each[1]} for each in PLACES],
        "f1db-circuits.json": [
            {"id": each[2], "name": each[3], "fullName": each[3], "placeName": each[4], "countryId": each[5]}
            for each in PLACES
        ],
    }


def _race(race_id: int, year: int, number: int, races: int) -> Json:
    place = PLACES[(number - 1) % len(PLACES)]
    day = dt.date(year, 3, 1) + dt.timedelta(days=(number - 1) * 270 // races)
    race: Json = {"id": race_id, "year": year, "round": number, "date": day.isoformat()}
    race |= {"time": "13:00" if year >= 2010 else None, "grandPrixId": f"{place[0]}", "circuitId": place[2]}
    race |= {"officialName": f"{place[1]} {year}", "laps": 50}
    for session in _SESSIONS:
        race |= {f"{session}Date": None, f"{session}Time": None}
    if year >= 2010:
        race |= {"qualifyingDate": (day - dt.timedelta(days=1)).isoformat(), "qualifyingTime": "14:00"}
    if has_sprint(year, number):
        race |= {"sprintRaceDate": (day - dt.timedelta(days=1)).isoformat(), "sprintRaceTime": "10:00"}
    return race


def has_sprint(year: int, number: int) -> bool:
    """Whether a race weekend of an invented season has a sprint."""
    return year >= 2021 and number % 4 == 2


def _add_results(release: F1dbRelease, race: Json, cars: int, scores: Mapping[str, Counter[str]]) -> None:
    of_race: Json = {"raceId": race["id"], "year": race["year"], "round": race["round"]}
    order = [(line * 7 + race["id"]) % cars for line in range(cars)] if cars % 7 else [*range(cars)]
    points = _POINTS if race["year"] >= 1991 else _POINTS_OF_OLD
    sessions: list[tuple[str, tuple[int, ...]]] = [("race-results", points)]
    if has_sprint(race["year"], race["round"]):
        sessions.insert(0, ("sprint-race-results", _SPRINT_POINTS))
    for name, brought in sessions:
        rows = release.files[f"f1db-races-{name}.json"]
        grid = release.files[f"f1db-races-{name.replace('race-results', 'starting-grid-positions')}.json"]
        for line, car in enumerate(order):
            row = of_race | _who(line, car, out=line >= cars - 2) | _driven(line, brought, name, cars)
            rows.append(row)
            grid.append(
                of_race | _who(line, car) | ({"positionNumber": None, "positionText": "PL"} if line == 5 else {})
            )
            scores["driver"][row["driverId"]] += row["points"] or 0
            scores["constructor"][row["constructorId"]] += row["points"] or 0
    for line, car in enumerate(order):
        times = {"time": None, "q1": _lap(80_500 + 90 * line), "q2": None, "q3": None}
        times["q2"] = _lap(80_200 + 90 * line) if line < 15 else None
        times["q3"] = _lap(80_000 + 90 * line) if line < 10 else None
        release.files["f1db-races-qualifying-results.json"].append(of_race | _who(line, car) | times)
        stop = {"stop": 1, "lap": 20 + line % 10, "time": "22.104", "timeMillis": 22_104}
        if race["year"] >= 1994:
            release.files["f1db-races-pit-stops.json"].append(of_race | _who(line, car) | stop)
            release.files["f1db-races-pit-stops.json"].append(of_race | _who(line, car) | stop | {"stop": 2, "lap": 40})
    fastest = {"lap": 48, "time": _lap(82_000), "timeMillis": 82_000}
    release.files["f1db-races-fastest-laps.json"].append(of_race | _who(0, order[0]) | fastest)
    if race["year"] >= 2016:
        voted = of_race | _who(0, order[2]) | {"percentage": 31.5}
        release.files["f1db-races-driver-of-the-day-results.json"].append(voted)
    _add_standings(release, of_race, scores)


def _add_standings(release: F1dbRelease, of_race: Json, scores: Mapping[str, Counter[str]]) -> None:
    for kind, score in scores.items():
        if kind == "constructor" and of_race["year"] < 1958:
            continue
        for position, (who, points) in enumerate(score.most_common(), 1):
            row = of_race | _place(position, position) | {f"{kind}Id": who, "points": points, "positionsGained": None}
            row |= {"engineManufacturerId": "ion"} if kind == "constructor" else {}
            release.files[f"f1db-races-{kind}-standings.json"].append(row | {"championshipWon": False})


def _place(order: int, number: int | None, text: str = "") -> Json:
    return {"positionDisplayOrder": order, "positionNumber": number, "positionText": text or str(number)}


def _who(line: int, car: int, *, out: bool = False) -> Json:
    place = _place(line + 1, None, "DNF") if out else _place(line + 1, line + 1)
    team = TEAMS[car // 2 % len(TEAMS)].lower()
    who = {"driverNumber": str(car + 1), "driverId": driver_id(car), "constructorId": team}
    return place | who | {"engineManufacturerId": "ion", "tyreManufacturerId": "gum"}


def _driven(line: int, points: tuple[int, ...], name: str, cars: int) -> Json:
    out, lapped = line >= cars - 2, cars - 4 <= line < cars - 2
    millis = 5_400_000 + 1_000 * line
    row: Json = {"sharedCar": False, "laps": 12 if out else 49 if lapped else 50}
    row |= {"time": None if out or lapped else _race_time(millis), "timeMillis": None if out or lapped else millis}
    row |= {"timePenalty": "5.000" if line == 4 else None, "timePenaltyMillis": 5_000 if line == 4 else None}
    row |= {
        "gap": None if out or not line else "+1 lap" if lapped else f"+{line}.000",
        "gapLaps": 1 if lapped else None,
    }
    row |= {"gapMillis": None if out or lapped or not line else 1_000 * line, "interval": None, "intervalMillis": None}
    row |= {
        "reasonRetired": "Gearbox" if out else None,
        "points": points[line] if line < min(len(points), cars - 2) else None,
    }
    row |= {
        "polePosition": line == 0,
        "qualificationPositionNumber": line + 1,
        "qualificationPositionText": f"{line + 1}",
    }
    pits = line == 5
    row |= {"gridPositionNumber": None if pits else line + 1, "gridPositionText": "PL" if pits else f"{line + 1}"}
    row |= {"positionsGained": 0, "pitStops": 2, "fastestLap": line == 0, "grandSlam": False}
    return row | {"driverOfTheDay": False if name == "race-results" else None}


def _lap(millis: int) -> str:
    minutes, rest = divmod(millis, 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000:03}"


def _race_time(millis: int) -> str:
    hours, rest = divmod(millis, 3_600_000)
    return f"{hours}:{rest // 60_000:02}:{rest % 60_000 // 1000:02}.{rest % 1000:03}"
