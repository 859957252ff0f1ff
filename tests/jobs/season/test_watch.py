import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.domain.announcements import Kind
from bot.domain.season import TEAMS_SINCE, Championship, SessionKind
from bot.events import CalendarChanged, Events, ResultStored, Subscription, WishLookedUp
from bot.feeds import FeedError
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import DAY, HOUR, MINUTE, MOST_WISHES, WISH_RESTS, SeasonWatch
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from storage.announcements import Announcements
from storage.championships import Championships
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.support.clock import FakeClock, HeldClock
from tests.support.jolpica_samples import (
    driver_standing,
    imola_lines,
    imola_qualifying,
    line,
    moment,
    race,
    team_standing,
)
from tests.support.jolpica_server import Failure, JolpicaServer, Json, races, results, standings_answer

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


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
def announcements(database: Database) -> Announcements:
    return Announcements(database)


@pytest.fixture
async def archive() -> AsyncIterator[JolpicaServer]:
    async with JolpicaServer() as server:
        server.publish(CALENDAR, races(IMOLA, MONZA))
        yield server


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(FLAG)


@pytest.fixture
def years_later(clock: HeldClock) -> None:
    """What happened in 2021 is no longer followed."""
    clock.set(dt.datetime(2026, 11, 24, tzinfo=dt.UTC))


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two granted wishes it is remembered when they were."""
    monkeypatch.setattr("bot.jobs.season.watch.MOST_GRANTED", 2)


@pytest.fixture
def told(database: Database, announcements: Announcements) -> ToldSeasons:
    return ToldSeasons(database, announcements)


@pytest.fixture
def results_news(
    database: Database, seasons: Seasons, told: ToldSeasons, announcements: Announcements, clock: HeldClock
) -> ResultsNews:
    return ResultsNews(seasons, Championships(database), told, announcements, Incidents(()), clock)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
async def watch(
    archive: JolpicaServer, database: Database, seasons: Seasons, clock: HeldClock, events: Events
) -> AsyncIterator[SeasonWatch]:
    championships = Championships(database)
    async with Jolpica(archive.url, FakeClock()) as feed:
        intake = SeasonIntake(feed, CircuitFinder(read_circuits()), seasons, championships, events, clock)
        yield SeasonWatch(intake, seasons, championships, events, clock, jitter=lambda: 0.0)


@pytest.fixture
def arrivals() -> list[str]:
    """The names of the wishes that were looked up."""
    return []


@pytest.fixture
async def at_work(watch: SeasonWatch, events: Events, arrivals: list[str]) -> AsyncIterator[SeasonWatch]:
    async def listen(looked_up: Subscription[WishLookedUp]) -> None:
        async for event in looked_up:
            assert isinstance(event, WishLookedUp)
            arrivals.append(event.name)

    listening = asyncio.create_task(listen(events.subscribe(WishLookedUp)))
    working = asyncio.gather(watch.follow(), watch.grant_wishes())
    yield watch
    listening.cancel()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


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


async def test_on_start_all_that_is_known_of_the_season_is_stored(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    await watch.refresh()
    assert [race.name for race in await seasons.schedule(2021)] == ["Emilia Romagna Grand Prix", "Italian Grand Prix"]
    assert await seasons.classification(KEY)
    assert await seasons.classification(KEY, SessionKind.SPRINT)
    assert await seasons.classification(KEY, SessionKind.QUALIFYING)
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (2, 44)


async def test_what_is_fresh_is_not_asked_for_again(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    publish_result(archive)
    await watch.refresh()
    asked(archive)
    clock.pass_by(55 * MINUTE)
    await watch.refresh()
    assert asked(archive) == []


@pytest.mark.usefixtures("at_work")
async def test_a_late_result_is_asked_for_at_growing_gaps_until_it_is_there(
    archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    minutes = []
    while clock.now() < FLAG + 5 * HOUR:
        before = clock.now()
        await clock.wake_in_time()
        if RESULT in asked(archive):
            minutes.append((before - FLAG) // MINUTE)
    assert minutes == [0, 5, 15, 35, 75, 135, 195, 255]
    publish_result(archive)
    for _ in range(13):
        await clock.wake_in_time()
    assert await seasons.classification(KEY)


async def test_after_two_days_a_result_is_asked_for_once_a_day(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    clock.pass_by(2 * DAY)
    hours = []
    while clock.now() < FLAG + 6 * DAY:
        await watch.refresh()
        if RESULT in asked(archive):
            hours.append((clock.now() - FLAG) // HOUR)
        clock.pass_by(HOUR)
    gaps = [after - before for before, after in pairwise(hours)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == 24


async def test_a_sprint_is_asked_for_on_its_own_day(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    clock.set(dt.datetime(2021, 4, 17, 14, 59, tzinfo=dt.UTC))
    await watch.refresh()
    assert SPRINT not in asked(archive)
    clock.pass_by(MINUTE)
    await watch.refresh()
    assert SPRINT in asked(archive)


async def test_a_sprint_is_of_its_own_day_and_knows_its_weekend(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    await watch.refresh()
    sprint = await seasons.classification(KEY, SessionKind.SPRINT)
    assert sprint is not None
    session = sprint.race.session(SessionKind.SPRINT)
    assert session is not None
    assert session.day == dt.date(2021, 4, 17)


async def test_a_session_is_on_its_day_at_the_track(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    vegas = race(round_number=22, name="Las Vegas Grand Prix", circuit="vegas", day="2021-11-22", time="04:00:00Z")
    archive.publish(CALENDAR, races(IMOLA, vegas))
    await watch.refresh()
    stored = (await seasons.schedule(2021))[-1]
    assert stored.race.day == dt.date(2021, 11, 21)
    assert stored.race.starts_at == dt.datetime(2021, 11, 22, 4, tzinfo=dt.UTC)


async def test_a_race_that_is_renamed_after_its_flag_is_the_same_race(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    await watch.refresh()
    archive.publish(CALENDAR, races({**IMOLA, "raceName": "Made in Italy Grand Prix"}, MONZA))
    clock.pass_by(2 * HOUR)
    await watch.refresh()
    assert [each.name for each in await seasons.schedule(2021)] == ["Emilia Romagna Grand Prix", "Italian Grand Prix"]
    assert await seasons.cancelled(2021) == ()


async def test_an_answer_about_another_race_than_was_asked_for_is_not_taken(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    archive.publish(RESULT, results({**MONZA, "round": "2"}, imola_lines()))
    await watch.refresh()
    assert await seasons.classification(KEY) is None


async def test_qualifying_is_asked_for_an_hour_after_its_start_until_it_is_there_and_again_later(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    start = dt.datetime(2021, 4, 16, 16, tzinfo=dt.UTC)
    minutes = []
    for minute in (59, 60, 62, 65, 75, 119, 120, 121, 180, 7 * 60):
        clock.set(start + minute * MINUTE)
        if minute == 75:
            publish_qualifying(archive)
        await watch.refresh()
        if QUALIFYING in asked(archive):
            minutes.append(minute)
    assert minutes == [60, 65, 75, 120, 7 * 60]
    grid = await seasons.last_classification(SessionKind.QUALIFYING)
    assert grid
    assert grid.finishes[0].segments == ("1:14.823", "1:14.817", "1:14.411")


async def test_a_result_without_its_points_is_none_yet(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    archive.publish(RESULT, results(IMOLA, [line(1, "norris", "mclaren")]))
    await watch.refresh()
    assert await seasons.classification(KEY) is None
    publish_result(archive)
    clock.pass_by(5 * MINUTE)
    await watch.refresh()
    assert await seasons.classification(KEY)


async def test_a_result_is_checked_again_and_what_changed_is_stored(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    checked = []
    for hours in (0, 1, 2, 6, 7, 23, 24, 48, 72, 100, 168, 200):
        clock.set(FLAG + hours * HOUR)
        await watch.refresh()
        if RESULT in asked(archive):
            checked.append(hours)
    assert checked == [0, 1, 6, 24, 72, 168]
    corrected = [line(1, "hamilton", "mercedes", points="25"), *imola_lines()[2:3]]
    corrected[1] |= {"position": "2", "positionText": "2"}
    archive.publish(RESULT, results(IMOLA, corrected))
    clock.pass_by(30 * DAY)
    await watch.refresh()
    classification = await seasons.classification(KEY)
    assert classification
    assert [finish.entrant.family_name for finish in classification.finishes] == ["Hamilton", "Norris"]


@pytest.mark.parametrize(
    ("calendar", "days"),
    [((IMOLA, MONZA), [0, 7, 14, 21, 28, 35]), ((IMOLA,), [0, 30])],
    ids=["while races are to come", "after the last"],
)
async def test_old_results_are_checked_weekly_in_the_season_and_monthly_after_it(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock, calendar: tuple[Json, ...], days: list[int]
) -> None:
    archive.publish(CALENDAR, races(*calendar))
    publish_result(archive)
    clock.pass_by(8 * DAY)
    checked = []
    for day in range(36):
        await watch.refresh()
        if {RESULT, SPRINT, QUALIFYING} <= {*asked(archive)}:
            checked.append(day)
        clock.pass_by(DAY)
    assert checked == days


async def test_a_round_that_is_counted_before_it_is_raced_is_not_believed(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    await watch.refresh()
    publish_standings(archive, "52", after_round="3")
    clock.pass_by(DAY)
    await watch.refresh()
    assert DRIVERS in asked(archive)
    assert await points(seasons) == (2, 44)


async def test_a_round_is_believed_once_the_points_have_changed(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    await watch.refresh()
    clock.set(dt.datetime(2021, 9, 12, 15, tzinfo=dt.UTC))
    archive.publish("2021/3/results/", results(MONZA, [line(1, "norris", "mclaren", points="25")]))
    publish_standings(archive, "44", after_round="3")
    await watch.refresh()
    assert await points(seasons) == (2, 44)
    publish_standings(archive, "44", after_round="3", norris="25")
    clock.pass_by(5 * MINUTE)
    await watch.refresh()
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (3, 44)


async def test_the_calendar_is_looked_at_daily_and_hourly_around_a_race(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    times = []
    for minutes in (0, 5, 55, 60, 65, 125, 5 * 1440, 5 * 1440 + 360, 6 * 1440 - 5, 6 * 1440):
        clock.set(FLAG + minutes * MINUTE)
        await watch.refresh()
        if CALENDAR in asked(archive):
            times.append(minutes)
    assert times == [0, 60, 125, 5 * 1440, 6 * 1440]


async def test_a_calendar_that_lost_a_race_is_read_hourly_for_a_while(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    clock.set(FLAG + 5 * DAY)
    await watch.refresh()
    archive.publish(CALENDAR, races(IMOLA))
    asked(archive)
    hours = []
    for hour in range(24, 61):
        clock.set(FLAG + 5 * DAY + hour * HOUR)
        await watch.refresh()
        if CALENDAR in asked(archive):
            hours.append(hour)
    assert hours == [*range(24, 36), 59]


async def test_a_start_that_is_doubted_is_asked_for_again_minutes_later(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    clock.set(FLAG + 60 * DAY)
    sprint_weekend = MONZA | {"Qualifying": moment("2021-09-11", "14:00:00Z")}
    archive.publish(CALENDAR, races(IMOLA, sprint_weekend))
    await watch.refresh()
    archive.publish(CALENDAR, races(IMOLA, sprint_weekend | {"date": "2021-09-10"}))
    clock.pass_by(DAY)
    asked(archive)
    days = []
    for _round in range(3):
        await watch.refresh()
        race = await seasons.race("2021-italian-grand-prix")
        assert race
        days.append((asked(archive).count(CALENDAR), race.race.day.day))
        clock.pass_by(5 * MINUTE)
    assert days == [(1, 12), (1, 10), (0, 10)]


async def test_once_the_last_race_is_over_next_years_calendar_is_read_daily(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    last_flag = dt.datetime(2021, 9, 12, 15, tzinfo=dt.UTC)
    clock.set(last_flag - MINUTE)
    await watch.refresh()
    assert "2022/races/" not in asked(archive)
    clock.set(last_flag)
    await watch.refresh()
    assert asked(archive).count("2022/races/") == 1
    assert await seasons.schedule(2022) == ()
    archive.publish("2022/races/", races(race(season=2022, round_number=1, day="2022-03-20", time="15:00:00Z")))
    for _day in range(3):
        clock.pass_by(DAY)
        await watch.refresh()
        await watch.refresh()
        assert asked(archive).count("2022/races/") == 1
    first = await seasons.next_race(clock.now())
    assert first
    assert first.race.day == dt.date(2022, 3, 20)


async def test_in_january_the_season_before_goes_on(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    clock.set(dt.datetime(2022, 1, 5, tzinfo=dt.UTC))
    await watch.refresh()
    assert await seasons.last_classification()
    assert await points(seasons) == (2, 44)
    archive.publish("2021/3/results/", results(MONZA, [line(1, "norris", "mclaren", points="25")]))
    publish_standings(archive, "62", after_round="3")
    clock.pass_by(DAY)
    await watch.refresh()
    assert await points(seasons) == (3, 62)


async def test_an_answer_that_cannot_be_read_holds_nothing_else_up(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    publish_result(archive)
    archive.say(SPRINT, b"garbage")
    await watch.refresh()
    assert await points(seasons) == (2, 44)
    assert await seasons.classification(KEY, SessionKind.SPRINT) is None
    asked(archive)
    await watch.refresh()
    assert SPRINT not in asked(archive), "it rests for a while"
    clock.pass_by(5 * MINUTE)
    await watch.refresh()
    assert SPRINT in asked(archive)


async def test_a_question_that_is_refused_holds_nothing_else_up(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    await watch.refresh()
    publish_result(archive)
    clock.pass_by(HOUR)
    asked(archive)
    archive.failures.append(Failure(404))
    await watch.refresh()
    assert asked(archive)[0] == CALENDAR
    assert await points(seasons) == (2, 44)


async def test_a_question_that_is_never_answered_holds_nothing_else_up(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    await watch.refresh()
    publish_result(archive)
    clock.pass_by(HOUR)
    archive.failures.extend(BROKEN)
    await watch.refresh()
    assert await points(seasons) == (2, 44)


async def test_an_archive_that_is_out_of_reach_is_asked_twice_and_nothing_more(
    watch: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    await watch.refresh()
    clock.pass_by(DAY)
    asked(archive)
    archive.failures.extend(BROKEN * 2)
    with pytest.raises(FeedError):
        await watch.refresh()
    assert len({*asked(archive)}) == 2


@pytest.mark.usefixtures("at_work")
async def test_while_the_archive_is_down_the_pauses_grow_and_end_with_it(
    archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    archive.failures.extend(BROKEN * 10)
    for _ in range(6):
        await clock.wake_in_time()
    assert [pause / 60 for pause in clock.slept] == [10, 20, 40, 60, 60, 5]
    assert await seasons.schedule(2021)


@pytest.mark.usefixtures("at_work")
async def test_a_database_that_is_out_of_reach_is_logged_once(database: Database, clock: HeldClock) -> None:
    with capture_logs() as logs:
        await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE race RENAME TO lost"))
        for _ in range(4):
            await clock.wake_in_time()
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE lost RENAME TO race"))
    assert [line["event"] for line in logs].count("season.refresh_failed") == 1


async def granted(watch: SeasonWatch) -> None:
    """Wait until the watch has dealt with all wishes."""
    while watch._wished:  # noqa: ASYNC110 - nobody is told but who asks again
        await asyncio.sleep(0)


@pytest.mark.usefixtures("years_later")
async def test_an_old_season_is_fetched_when_it_is_wanted(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    assert at_work.want(2021)
    assert at_work.want(2021), "it is on its way"
    await granted(at_work)
    assert [race.round for race in await seasons.schedule(2021)] == [2, 3]
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (2, 44)
    assert asked(archive).count(CALENDAR) == 1


@pytest.mark.usefixtures("years_later")
async def test_an_old_race_is_fetched_with_its_sprint_and_the_championships_around_it(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons, arrivals: list[str]
) -> None:
    publish_result(archive)
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await seasons.classification(KEY)
    assert await seasons.classification(KEY, SessionKind.SPRINT)
    assert await seasons.classification(KEY, SessionKind.QUALIFYING)
    assert await points_by_round(seasons, Championship.DRIVERS) == [25, 44]
    assert await points_by_round(seasons, Championship.TEAMS) == [25, 44]
    assert arrivals == ["2021-2"]


@pytest.mark.usefixtures("years_later")
async def test_who_goes_from_race_to_race_asks_for_each_championship_once(
    at_work: SeasonWatch, archive: JolpicaServer
) -> None:
    archive.publish("2021/3/results/", results(MONZA, [line(1, "norris", "mclaren", points="25")]))
    publish_result(archive)
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    asked(archive)
    assert at_work.want(2021, 3)
    await granted(at_work)
    assert [path for path in asked(archive) if "standings" in path] == [
        "2021/3/driverstandings/",
        "2021/3/constructorstandings/",
    ]


@pytest.mark.usefixtures("years_later")
async def test_a_round_that_has_not_its_own_points_yet_is_not_believed_when_it_is_wanted(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    publish_standings_around(archive, before="44", after="44")
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await points(seasons) == await points(seasons, Championship.TEAMS) == (1, 44)


@pytest.mark.usefixtures("years_later")
async def test_without_a_result_no_championship_is_asked_for(at_work: SeasonWatch, archive: JolpicaServer) -> None:
    publish_standings_around(archive)
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert not [path for path in asked(archive) if "standings" in path]


@pytest.mark.parametrize(("season", "wanted"), [(TEAMS_SINCE, True), (TEAMS_SINCE - 1, False)])
async def test_teams_are_asked_for_in_seasons_that_had_a_championship_for_them(
    at_work: SeasonWatch, archive: JolpicaServer, season: int, *, wanted: bool
) -> None:
    monza = race(season, 1, "Italian Grand Prix", "monza", day=f"{season}-09-07")
    archive.publish(f"{season}/races/", races(monza))
    archive.publish(f"{season}/1/results/", results(monza, [line(1, "norris", "mclaren", points="8")]))
    assert at_work.want(season, 1)
    await granted(at_work)
    paths = [path for path in asked(archive) if "standings" in path]
    assert paths == [f"{season}/1/{kind}standings/" for kind in ("driver", "constructor")[: 1 + wanted]]


@pytest.mark.parametrize(("season", "wanted"), [(1994, True), (1993, False)])
async def test_qualifying_is_looked_for_in_seasons_that_may_have_it_though_their_calendars_do_not(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons, season: int, *, wanted: bool
) -> None:
    imola = race(season, 2, "San Marino Grand Prix", day=f"{season}-04-25")
    archive.publish(f"{season}/races/", races(imola))
    archive.publish(f"{season}/2/qualifying/", results(imola, imola_qualifying(), key="QualifyingResults"))
    assert at_work.want(season, 2)
    await granted(at_work)
    known = await seasons.classification(f"{season}-san-marino-grand-prix", SessionKind.QUALIFYING)
    assert (known is not None) is (f"{season}/2/qualifying/" in asked(archive)) is wanted


@pytest.mark.usefixtures("years_later")
async def test_qualifying_that_cannot_be_read_holds_up_nothing_else_of_its_race(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    publish_result(archive)
    publish_standings_around(archive)
    archive.say(QUALIFYING, b"garbage")
    assert at_work.want(2021, 2)
    await granted(at_work)
    assert await seasons.classification(KEY)
    assert await points(seasons) == (2, 44)


async def test_a_wish_is_not_heard_again_for_a_while(
    at_work: SeasonWatch, archive: JolpicaServer, clock: HeldClock
) -> None:
    assert at_work.want(1949)
    await granted(at_work)
    assert "1949/races/" in asked(archive)
    assert not at_work.want(1949)
    clock.pass_by(WISH_RESTS)
    assert at_work.want(1949)


@pytest.mark.usefixtures("little_memory")
async def test_of_granted_wishes_the_oldest_is_forgotten_first(at_work: SeasonWatch) -> None:
    for season in (1949, 1948, 1947):
        assert at_work.want(season)
        await granted(at_work)
    assert [at_work.want(season) for season in (1947, 1948)] == [False, False]
    assert at_work.want(1949)


@pytest.mark.usefixtures("years_later")
async def test_a_wish_that_fails_does_not_hold_up_the_next(
    at_work: SeasonWatch, archive: JolpicaServer, seasons: Seasons
) -> None:
    archive.say("1988/races/", b"garbage")
    assert at_work.want(1988)
    assert at_work.want(2021)
    await granted(at_work)
    assert not at_work.want(1988)
    assert await seasons.schedule(2021)


def test_there_are_only_so_many_wishes_at_once(watch: SeasonWatch) -> None:
    assert all(watch.want(1950 + number) for number in range(MOST_WISHES))
    assert not watch.want(2020)


async def test_a_result_that_is_fetched_again_is_held_against_what_was_told(
    watch: SeasonWatch,
    archive: JolpicaServer,
    announcements: Announcements,
    results_news: ResultsNews,
    clock: HeldClock,
) -> None:
    publish_result(archive)
    await watch.refresh()
    await results_news.tell_recaps()
    clock.pass_by(HOUR)
    lines = imola_lines()
    lines[1] |= {"points": "18"}
    archive.publish(RESULT, results(IMOLA, lines))
    await watch.refresh()
    await results_news.tell_corrections()
    recap, _sprint, correction = await announcements.unfinished()
    assert (correction.kind, correction.follows) == (Kind.CORRECTION, recap.id)
    assert correction.subject["changes"] == [["hamilton", "2", 19.0, "2", 18.0]]


async def test_a_sprint_that_is_fetched_again_is_held_against_what_was_told(
    watch: SeasonWatch,
    archive: JolpicaServer,
    announcements: Announcements,
    results_news: ResultsNews,
    clock: HeldClock,
) -> None:
    publish_result(archive)
    clock.set(dt.datetime(2021, 4, 17, 15, tzinfo=dt.UTC))
    await watch.refresh()
    await results_news.tell_recaps()
    clock.pass_by(HOUR)
    archive.publish(SPRINT, results(IMOLA, [line(1, "bottas", "mercedes", points="8")], key="SprintResults"))
    await watch.refresh()
    await results_news.tell_corrections()
    assert [each.kind for each in await announcements.unfinished()] == [Kind.RECAP, Kind.CORRECTION]


async def test_a_race_that_moves_is_announced_once_its_calendar_is_read_again(
    watch: SeasonWatch,
    archive: JolpicaServer,
    told: ToldSeasons,
    announcements: Announcements,
    clock: HeldClock,
) -> None:
    news = CalendarNews(told, clock)
    await watch.refresh()
    await news.tell_changes()
    assert await announcements.unfinished() == []
    archive.publish(CALENDAR, races(IMOLA, MONZA | {"time": "14:00:00Z"}))
    clock.pass_by(DAY)
    await watch.refresh()
    await news.tell_changes()
    (moved,) = await announcements.unfinished()
    assert moved.subject["race"] == "2021-italian-grand-prix"
    assert moved.subject["start"] == "2021-09-12T14:00:00+00:00"


async def test_it_is_published_what_was_stored_where_it_is_another(
    watch: SeasonWatch, archive: JolpicaServer, events: Events, clock: HeldClock
) -> None:
    stored = events.subscribe(CalendarChanged, ResultStored)
    await watch.refresh()
    clock.pass_by(HOUR)
    await watch.refresh()  # the same calendar, and no results yet
    clock.pass_by(10 * MINUTE)
    publish_qualifying(archive)
    await watch.refresh()
    published = aiter(stored)
    assert await anext(published) == CalendarChanged(2021)
    assert await anext(published) == ResultStored(KEY, SessionKind.QUALIFYING)
