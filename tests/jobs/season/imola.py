"""Imola in 2021 as the archive has it, a race before it and one after it."""

import datetime as dt

from bot.domain.season import Championship
from storage.seasons import Seasons
from tests.support.jolpica_samples import (
    driver_standing,
    imola_lines,
    imola_qualifying,
    line,
    moment,
    race,
    team_standing,
)
from tests.support.jolpica_server import Failure, JolpicaServer, races, results, standings_answer

CALENDAR, RESULT, SPRINT, QUALIFYING = "2021/races/", "2021/2/results/", "2021/2/sprint/", "2021/2/qualifying/"
DRIVERS, TEAMS = "2021/driverstandings/", "2021/constructorstandings/"
KEY = "2021-emilia-romagna-grand-prix"
IMOLA = race(
    time="13:00:00Z",
    Sprint=moment("2021-04-17", "14:00:00Z"),
    Qualifying=moment("2021-04-16", "16:00:00Z"),
)
BAHRAIN = race(round_number=1, name="Bahrain Grand Prix", circuit="losail", day="2021-03-28", time="15:00:00Z")
MONZA = race(round_number=3, name="Italian Grand Prix", circuit="monza", day="2021-09-12", time="13:00:00Z")
FLAG = dt.datetime(2021, 4, 18, 15, tzinfo=dt.UTC)
"""When Imola's result may be expected."""

BROKEN = [Failure(500)] * 4


def publish_result(archive: JolpicaServer) -> None:
    """Imola's results, and the championships with them."""
    publish_qualifying(archive)
    archive.publish(RESULT, results(IMOLA, imola_lines()))
    archive.publish(SPRINT, results(IMOLA, [line(1, "bottas", "mercedes", points="3")], key="SprintResults"))
    publish_standings(archive, "44")


def publish_qualifying(archive: JolpicaServer) -> None:
    """Imola's result of qualifying."""
    archive.publish(QUALIFYING, results(IMOLA, imola_qualifying(), key="QualifyingResults"))


def publish_standings(archive: JolpicaServer, points: str, *, after_round: str = "2", norris: str = "0") -> None:
    """The championships after a round, with Hamilton's points, and those that Norris won."""
    drivers = [driver_standing(1, "hamilton", "mercedes", points=points)]
    drivers.append(driver_standing(2, "norris", "mclaren", points=norris))
    archive.publish(DRIVERS, standings_answer("DriverStandings", drivers, after_round=after_round))
    teams = [team_standing(1, "mercedes", points), team_standing(2, "mclaren", norris)]
    archive.publish(TEAMS, standings_answer("ConstructorStandings", teams, after_round=after_round))


def publish_standings_around(archive: JolpicaServer, before: str = "25", after: str = "44") -> None:
    """The first round, and the championships after it and after Imola, with Hamilton's points."""
    archive.publish(CALENDAR, races(BAHRAIN, IMOLA, MONZA))
    for number, won in (("1", before), ("2", after)):
        drivers = [driver_standing(1, "hamilton", "mercedes", points=won)]
        archive.publish(
            f"2021/{number}/driverstandings/", standings_answer("DriverStandings", drivers, after_round=number)
        )
        teams = [team_standing(1, "mercedes", won)]
        archive.publish(
            f"2021/{number}/constructorstandings/", standings_answer("ConstructorStandings", teams, after_round=number)
        )


def asked(archive: JolpicaServer) -> list[str]:
    """What was asked for since this was called last."""
    paths = [each.path for each in archive.asked]
    archive.asked.clear()
    return paths


async def points(seasons: Seasons, kind: Championship = Championship.DRIVERS) -> tuple[int, float | None] | None:
    """The round of the latest championship, and its leader's points."""
    standings = await seasons.standings(2021, kind)
    return None if standings is None else (standings.round, standings.entries[0].points)


async def points_by_round(seasons: Seasons, kind: Championship) -> list[float | None]:
    """The leader's points after the first two rounds."""
    standings = [await seasons.standings(2021, kind, number) for number in (1, 2)]
    return [standings.entries[0].points if standings else None for standings in standings]
