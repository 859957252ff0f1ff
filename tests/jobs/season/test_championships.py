"""Championships beside results that are late, corrected, or counted one session at a time."""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.domain.season import Championship
from bot.events import Events
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import DAY, HOUR, MINUTE, SeasonWatch
from bot.search.circuit_finder import CircuitFinder
from storage.championships import Championships
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.seasons import Seasons
from tests.support.clock import FakeClock
from tests.support.jolpica_samples import driver_standing, line, moment, race, team_standing
from tests.support.jolpica_server import NO_RACES, JolpicaServer, races, results, standings_answer

IMOLA = race(round_number=1, time="13:00:00Z")
MONZA = race(round_number=2, name="Italian Grand Prix", circuit="monza", day="2021-05-02", time="13:00:00Z")
SAO_PAULO = race(
    round_number=3,
    name="São Paulo Grand Prix",
    circuit="interlagos",
    day="2021-05-16",
    time="17:00:00Z",
    Sprint=moment("2021-05-15", "19:30:00Z"),
)
LOSAIL = race(round_number=4, name="Qatar Grand Prix", circuit="losail", day="2021-11-21", time="14:00:00Z")
TEAM = {"max_verstappen": "red_bull", "hamilton": "mercedes", "norris": "mclaren"}

IMOLA_FLAG = dt.datetime(2021, 4, 18, 15, tzinfo=dt.UTC)
MONZA_FLAG = dt.datetime(2021, 5, 2, 15, tzinfo=dt.UTC)
SAO_PAULO_FLAG = dt.datetime(2021, 5, 16, 19, tzinfo=dt.UTC)


class Archive:
    """What Jolpica has: results as they are brought, and tables only where somebody adds them up."""

    def __init__(self, server: JolpicaServer) -> None:
        self.server = server
        self._points: dict[tuple[int, str], dict[str, int]] = {}
        self._rounds = (IMOLA, MONZA, SAO_PAULO)
        server.publish("2021/races/", races(*self._rounds, LOSAIL))

    def bring(self, round_number: int, *, sprint: bool = False, **points: int) -> None:
        """Publish a result, or correct it, in the order of its points."""
        kind, key = ("sprint", "SprintResults") if sprint else ("results", "Results")
        self._points[round_number, kind] = points
        lines = [
            line(place, driver, TEAM[driver], points=f"{won}") for place, (driver, won) in enumerate(points.items(), 1)
        ]
        self.server.publish(f"2021/{round_number}/{kind}/", results(self._rounds[round_number - 1], lines, key=key))

    def add_up(self, after_round: int, *, latest: bool = True) -> None:
        """Publish the tables after a round, with all points that have been brought by now."""
        won: Counter[str] = Counter()
        for (round_number, _kind), points in self._points.items():
            if round_number <= after_round:
                won.update(points)
        drivers = [
            driver_standing(place, driver, TEAM[driver], points=f"{points}")
            for place, (driver, points) in enumerate(won.most_common(), 1)
        ]
        teams = [
            team_standing(place, TEAM[driver], f"{points}")
            for place, (driver, points) in enumerate(won.most_common(), 1)
        ]
        for when in (f"2021/{after_round}", *(["2021"] if latest else [])):
            answer = standings_answer("DriverStandings", drivers, after_round=f"{after_round}")
            self.server.publish(f"{when}/driverstandings/", answer)
            answer = standings_answer("ConstructorStandings", teams, after_round=f"{after_round}")
            self.server.publish(f"{when}/constructorstandings/", answer)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
async def archive() -> AsyncIterator[Archive]:
    async with JolpicaServer() as server:
        yield Archive(server)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(IMOLA_FLAG)


@pytest.fixture
async def watch(archive: Archive, database: Database, seasons: Seasons, clock: FakeClock) -> AsyncIterator[SeasonWatch]:
    championships, events = Championships(database), Events()
    async with Jolpica(archive.server.url, FakeClock()) as feed:
        intake = SeasonIntake(feed, CircuitFinder(read_circuits()), seasons, championships, events, clock)
        yield SeasonWatch(intake, seasons, championships, clock, jitter=lambda: 0.0)


@pytest.fixture
async def two_rounds(watch: SeasonWatch, archive: Archive, clock: FakeClock) -> None:
    """Imola and Monza are over, and all is known of them."""
    archive.bring(1, max_verstappen=25, hamilton=18, norris=15)
    archive.add_up(1)
    await watch.refresh()
    clock.set(MONZA_FLAG)
    archive.bring(2, norris=25, max_verstappen=18, hamilton=15)
    archive.add_up(2)
    await watch.refresh()


async def table(
    seasons: Seasons, after_round: int, kind: Championship = Championship.DRIVERS
) -> dict[str, float | None]:
    """Everybody's points after a round."""
    standings = await seasons.standings(2021, kind, after_round)
    return {standing.id: standing.points for standing in standings.entries} if standings else {}


async def pass_hours(watch: SeasonWatch, clock: FakeClock, hours: int) -> None:
    """Look every five minutes for some hours."""
    until = clock.now() + hours * HOUR
    while clock.now() < until:
        clock.pass_by(5 * MINUTE)
        await watch.refresh()


@pytest.mark.usefixtures("two_rounds")
async def test_after_a_disqualification_the_tables_come_once_they_are_corrected(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    assert await table(seasons, 2) == {"max_verstappen": 43, "norris": 40, "hamilton": 33}
    clock.set(MONZA_FLAG + DAY - 5 * HOUR)
    archive.bring(2, max_verstappen=25, hamilton=18, norris=0)
    await pass_hours(watch, clock, 6)
    assert await table(seasons, 2) == {"max_verstappen": 43, "norris": 40, "hamilton": 33}, "as it was"
    archive.add_up(2)
    await pass_hours(watch, clock, 1)
    assert await table(seasons, 2) == {"max_verstappen": 50, "hamilton": 36, "norris": 15}
    assert await table(seasons, 2, Championship.TEAMS) == {"red_bull": 50, "mercedes": 36, "mclaren": 15}


@pytest.mark.usefixtures("two_rounds")
async def test_an_appeal_after_two_weeks_mends_its_own_table_and_every_later_one(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    clock.set(MONZA_FLAG + 2 * DAY)
    archive.bring(1, hamilton=25, norris=18, max_verstappen=0)
    archive.add_up(1, latest=False)
    archive.add_up(2)
    clock.set(MONZA_FLAG + 8 * DAY)
    await pass_hours(watch, clock, 1)
    assert await table(seasons, 1) == {"hamilton": 25, "norris": 18, "max_verstappen": 0}
    assert await table(seasons, 2) == {"norris": 43, "hamilton": 40, "max_verstappen": 18}
    assert await table(seasons, 2, Championship.TEAMS) == {"mclaren": 43, "mercedes": 40, "red_bull": 18}


@pytest.mark.usefixtures("two_rounds")
async def test_a_sprints_points_alone_make_no_table_of_its_weekend(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    clock.set(SAO_PAULO_FLAG)
    archive.bring(3, sprint=True, hamilton=8, norris=7, max_verstappen=6)
    archive.add_up(3)
    archive.bring(3, hamilton=25, max_verstappen=18, norris=15)
    await watch.refresh()
    assert await table(seasons, 3) == {}
    archive.add_up(3)
    await pass_hours(watch, clock, 1)
    assert await table(seasons, 3) == {"max_verstappen": 67, "hamilton": 66, "norris": 62}


@pytest.mark.usefixtures("two_rounds")
async def test_nor_do_they_where_the_sprints_result_itself_is_not_to_be_had(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    clock.set(SAO_PAULO_FLAG)
    archive.bring(3, sprint=True, hamilton=8, norris=7, max_verstappen=6)
    archive.server.publish("2021/3/sprint/", NO_RACES)
    archive.add_up(3)
    archive.bring(3, hamilton=25, max_verstappen=18, norris=15)
    await watch.refresh()
    assert await table(seasons, 3) == {}
    archive.add_up(3)
    await pass_hours(watch, clock, 1)
    assert await table(seasons, 3) == {"max_verstappen": 67, "hamilton": 66, "norris": 62}


@pytest.mark.usefixtures("two_rounds")
async def test_a_result_that_arrives_late_has_its_tables_asked_for_at_once(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    clock.set(SAO_PAULO_FLAG)
    archive.bring(3, sprint=True, hamilton=8, norris=7, max_verstappen=6)
    await pass_hours(watch, clock, 10)
    archive.bring(3, hamilton=25, max_verstappen=18, norris=15)
    await pass_hours(watch, clock, 1)
    archive.add_up(3)
    clock.pass_by(5 * MINUTE)
    await watch.refresh()
    assert await table(seasons, 3), "five minutes after the result the tables are asked for again"


@pytest.mark.usefixtures("two_rounds")
async def test_points_that_stewards_take_from_a_team_are_believed_after_two_days(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    clock.set(SAO_PAULO_FLAG)
    archive.bring(3, sprint=True, hamilton=8, norris=7, max_verstappen=6)
    archive.bring(3, hamilton=25, max_verstappen=18, norris=15)
    archive.add_up(3)
    teams = [team_standing(1, "mercedes", "66"), team_standing(2, "mclaren", "62"), team_standing(3, "red_bull", "52")]
    answer = standings_answer("ConstructorStandings", teams, after_round="3")
    archive.server.publish("2021/constructorstandings/", answer)
    await pass_hours(watch, clock, 3)
    assert await table(seasons, 3)
    assert await table(seasons, 3, Championship.TEAMS) == {}
    clock.set(SAO_PAULO_FLAG + 2 * DAY)
    await pass_hours(watch, clock, 2)
    assert await table(seasons, 3, Championship.TEAMS) == {"mercedes": 66, "mclaren": 62, "red_bull": 52}


async def test_a_bot_that_begins_in_mid_season_learns_what_the_latest_race_brought(
    watch: SeasonWatch, archive: Archive, seasons: Seasons, clock: FakeClock
) -> None:
    archive.bring(1, max_verstappen=25, hamilton=18, norris=15)
    archive.add_up(1)
    archive.bring(2, norris=25, max_verstappen=18, hamilton=15)
    archive.add_up(2)
    clock.set(MONZA_FLAG + DAY)
    await pass_hours(watch, clock, 1)
    assert await table(seasons, 1) == {"max_verstappen": 25, "hamilton": 18, "norris": 15}
    assert await table(seasons, 2) == {"max_verstappen": 43, "norris": 40, "hamilton": 33}
