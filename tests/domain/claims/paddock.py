"""A race that nobody ever drove, and the championships around it."""

import datetime as dt

from bot.domain.claims.records import Record, recorded
from bot.domain.claims.wording import Persons
from bot.domain.season import Championship, Classification, Entrant, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind

DRIVERS = (
    ("Ada", "Arden", "Arrow"),
    ("Bo", "Räsänen", "Arrow"),
    ("Cy", "Corso", "Comet"),
    ("Dag", "van Dahl", "Comet"),
    ("Eno", "Ekman Jr.", "Ember"),
    ("Flo", "Fabri", "Ember"),
    ("Gil", "Fabri", "Ion"),
)
"""In the order in which they finished; the last one did not."""

BEFORE = (58, 60, 30, 20, 10, 8, 0)
AFTER = (83, 78, 45, 32, 20.5, 16, 0)
SLOTS = (3, 1, 2, 5, 4, 0, 7)

RACE = Race(2021, 4, "Emilia Romagna Grand Prix", "imola", "Imola", "Imola", "Italy", (
    Session(SessionKind.SPRINT, dt.date(2021, 4, 17)), Session(SessionKind.RACE, dt.date(2021, 4, 18)),
))  # fmt: skip


def entrant(number: int) -> Entrant:
    given, family, team = DRIVERS[number]
    return Entrant(f"{given}-{family}".lower(), given, family, team.lower(), team, number=10 + number)


def result(kind: SessionKind = SessionKind.RACE) -> Classification:
    """Everybody in the order of the list, the winner after 63 laps of the race, or 21 of the sprint."""
    laps = 63 if kind is SessionKind.RACE else 21
    finishes = [
        Finish(n + 1, f"{n + 1}" if n + 1 < len(DRIVERS) else "R", entrant(n), 1.0, "", SLOTS[n], laps - n)
        for n in range(len(DRIVERS))
    ]
    return Classification(RACE, kind, tuple(finishes))


def standings(after_round: int, points: tuple[float, ...]) -> list[Standings]:
    """Both championships after a round; a team has its drivers' points."""
    drivers = [
        Standing(1 + sum(other > scored for other in points), entrant(n).driver_id, entrant(n).name, scored, 0)
        for n, scored in enumerate(points)
    ]
    teams: dict[str, float] = {}
    for (_, _, team), scored in zip(DRIVERS, points, strict=True):
        teams[team] = teams.get(team, 0) + scored
    table = [Standing(n, team.lower(), team, scored, 0) for n, (team, scored) in enumerate(teams.items(), 1)]
    return [
        Standings(2021, after_round, Championship.DRIVERS, tuple(drivers)),
        Standings(2021, after_round, Championship.TEAMS, tuple(table)),
    ]


TABLES = [*standings(3, BEFORE), *standings(4, AFTER)]
RECORD: Record = recorded(result(), None, TABLES, 4)
PERSONS = Persons(RECORD.names)
