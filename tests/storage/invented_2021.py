"""Three weekends of an invented 2021, a result and a championship."""

import datetime as dt

from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind

SUNDAY = dt.datetime(2021, 4, 18, 19, 2, tzinfo=dt.UTC)
MONDAY, TUESDAY = SUNDAY + dt.timedelta(days=1), SUNDAY + dt.timedelta(days=2)


def race(name: str, round_number: int, day: dt.date, hour: int | None = 13) -> Race:
    """A race weekend of 2021 with its qualifying."""
    starts_at = None if hour is None else dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)
    qualifying = Session(SessionKind.QUALIFYING, day - dt.timedelta(days=1))
    sessions = (qualifying, Session(SessionKind.RACE, day, starts_at))
    return Race(2021, round_number, f"{name} Grand Prix", "imola", "Autodromo", "São Paulo", "Italy", sessions)


BAHRAIN = race("Bahrain", 1, dt.date(2021, 3, 28), 15)
IMOLA = race("Emilia Romagna", 2, dt.date(2021, 4, 18))
PORTUGAL = race("Portuguese", 3, dt.date(2021, 5, 2), hour=None)
CALENDAR = (BAHRAIN, IMOLA, PORTUGAL)


def finish(position: int, name: str, points: float = 0, place: str | None = None) -> Finish:
    """A line of a result: who took which place, with how many points."""
    entrant = Entrant(name.lower(), "Sergio", name, "red_bull", "Red Bull", name[:3].upper(), 11)
    lap = FastestLap(1, 60, "1:16.702")
    return Finish(position, place or f"{position}", entrant, points, "Finished", 1, 63, "2:02:34.598", lap)


RESULT = Classification(
    IMOLA, SessionKind.RACE, (finish(1, "Pérez", 25), finish(2, "Norris", 18.5), finish(3, "Vettel"))
)
STANDINGS = Standings(
    2021, 2, Championship.DRIVERS, (Standing(1, "hamilton", "Lewis Hamilton", 44, 1), Standing(None, "x", "X", 0, 0))
)
