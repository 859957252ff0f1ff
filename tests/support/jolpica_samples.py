"""What Jolpica might say, in its shapes and its strings, written by hand."""

from typing import Any

Json = dict[str, Any]

CIRCUITS = {
    "imola": ("Autodromo Enzo e Dino Ferrari", "Imola", "Italy"),
    "monza": ("Autodromo Nazionale di Monza", "Monza", "Italy"),
    "interlagos": ("Autódromo José Carlos Pace", "São Paulo", "Brazil"),
    "vegas": ("Las Vegas Strip Street Circuit", "Las Vegas", "USA"),
    "losail": ("Losail International Circuit", "Al Daayen", "Qatar"),
    "reims": ("Reims-Gueux", "Reims", "France"),
}
DRIVERS = {
    "max_verstappen": ("Max", "Verstappen", "VER", "33"),
    "hamilton": ("Lewis", "Hamilton", "HAM", "44"),
    "norris": ("Lando", "Norris", "NOR", "4"),
    "perez": ("Sergio", "Pérez", "PER", "11"),
    "bottas": ("Valtteri", "Bottas", "BOT", "77"),
    "russell": ("George", "Russell", "RUS", "63"),
    "fangio": ("Juan", "Fangio", "", ""),
    "fagioli": ("Luigi", "Fagioli", "", ""),
    "ascari": ("Alberto", "Ascari", "", ""),
    "gonzalez": ("José Froilán", "González", "", ""),
}
TEAMS = {
    "red_bull": "Red Bull",
    "mercedes": "Mercedes",
    "mclaren": "McLaren",
    "williams": "Williams",
    "alfa": "Alfa Romeo",
    "ferrari": "Ferrari",
}


def race(
    season: int = 2021,
    round_number: int = 2,
    name: str = "Emilia Romagna Grand Prix",
    circuit: str = "imola",
    day: str = "2021-04-18",
    **more: Any,
) -> Json:
    """A race; `more` are its time, its other sessions, its results."""
    full_name, locality, country = CIRCUITS[circuit]
    return {
        "season": str(season),
        "round": str(round_number),
        "url": "https://en.wikipedia.org/wiki/2021_Emilia_Romagna_Grand_Prix",
        "raceName": name,
        "Circuit": {
            "circuitId": circuit,
            "url": "https://en.wikipedia.org/wiki/Imola_Circuit",
            "circuitName": full_name,
            "Location": {"lat": "44.3439", "long": "11.7167", "locality": locality, "country": country},
        },
        "date": day,
        **more,
    }


def moment(day: str, time: str | None = None) -> Json:
    """When a session is."""
    return {"date": day} if time is None else {"date": day, "time": time}


def driver(driver_id: str) -> Json:
    """A driver, with the number that is theirs for good and not always the car's; of old they had none, and no code."""
    given, family, code, number = DRIVERS[driver_id]
    whole = {
        "driverId": driver_id,
        "permanentNumber": number,
        "code": code,
        "url": f"http://en.wikipedia.org/wiki/{given}_{family}",
        "givenName": given,
        "familyName": family,
        "dateOfBirth": "1990-01-01",
        "nationality": "British",
    }
    return {name: value for name, value in whole.items() if value}


def team(team_id: str) -> Json:
    """A constructor."""
    return {
        "constructorId": team_id,
        "url": f"http://en.wikipedia.org/wiki/{team_id}",
        "name": TEAMS[team_id],
        "nationality": "British",
    }


def line(position: int, driver_id: str, team_id: str, /, **more: Any) -> Json:
    """A line of a result; whatever is None in `more` is left out."""
    whole = {
        "number": DRIVERS[driver_id][3],
        "position": str(position),
        "positionText": str(position),
        "points": "0",
        "Driver": driver(driver_id),
        "Constructor": team(team_id),
        "grid": str(position),
        "laps": "63",
        "status": "Finished",
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def lap(number: int, time: str, **more: Any) -> Json:
    """A fastest lap."""
    return {"lap": str(number), "Time": {"time": time}, "AverageSpeed": {"units": "kph", "speed": "230.4"}, **more}


def imola_lines() -> list[Json]:
    """The ends of the field at Imola in 2021."""
    return [
        line(1, "max_verstappen", "red_bull", points="25", grid="3")
        | {"Time": {"millis": "7354598", "time": "2:02:34.598"}, "FastestLap": lap(60, "1:17.524", rank="2")},
        line(2, "hamilton", "mercedes", points="19", grid="1")
        | {"Time": {"millis": "7376598", "time": "+22.000"}, "FastestLap": lap(60, "1:16.702", rank="1")},
        line(3, "norris", "mclaren", points="15", grid="7", Time={"millis": "7378300", "time": "+23.702"}),
        line(18, "bottas", "mercedes", positionText="R", grid="8", laps="30", status="Collision"),
        line(19, "russell", "williams", positionText="R", grid="12", laps="30", status="Collision"),
    ]


def qualified(position: int, driver_id: str, team_id: str, /, *segments: str, **more: Any) -> Json:
    """A line of qualifying with the times in Q1, Q2 and Q3; whatever is None in `more` is left out."""
    whole = {
        "number": DRIVERS[driver_id][3],
        "position": str(position),
        "Driver": driver(driver_id),
        "Constructor": team(team_id),
        **{f"Q{number}": time for number, time in enumerate(segments, 1)},
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def imola_qualifying() -> list[Json]:
    """Imola's qualifying in 2021 in short, from pole to who set no time."""
    return [
        qualified(1, "hamilton", "mercedes", "1:14.823", "1:14.817", "1:14.411"),
        qualified(2, "perez", "red_bull", "1:15.395", "1:14.716", "1:14.446"),
        qualified(3, "max_verstappen", "red_bull", "1:15.109", "1:14.884", ""),
        qualified(4, "russell", "williams", "1:15.826", "1:15.261"),
        qualified(5, "norris", "mclaren", ""),
    ]


def reims_lines() -> list[Json]:
    """Reims in 1951 in short: three shared cars, and three drivers who drove two cars each."""
    return [
        line(1, "fagioli", "alfa", number="8", points="4", grid="7", laps="77"),
        line(1, "fangio", "alfa", number="8", points="5", grid="7", laps="77"),
        line(2, "gonzalez", "ferrari", number="14", points="3", grid="6", laps="77"),
        line(2, "ascari", "ferrari", number="14", points="3", grid="6", laps="77"),
        line(3, "fangio", "alfa", number="4", grid="1", laps="55", status="+22 Laps"),
        line(3, "fagioli", "alfa", number="4", grid="1", laps="55", status="+22 Laps"),
        line(7, "ascari", "ferrari", number="12", positionText="R", grid="3", laps="10", status="Gearbox"),
    ]


def driver_standing(position: int, driver_id: str, /, *teams: str, **more: Any) -> Json:
    """A line of the drivers' championship; whatever is None in `more` is left out."""
    whole = {
        "position": str(position),
        "positionText": str(position),
        "points": "0",
        "wins": "0",
        "Driver": driver(driver_id),
        "Constructors": [team(each) for each in teams],
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def team_standing(position: int, team_id: str, points: str) -> Json:
    """A line of the constructors' championship."""
    place = str(position)
    return {"position": place, "positionText": place, "points": points, "wins": "1", "Constructor": team(team_id)}
