"""The season as it goes."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.domain.announcements import Kind
from bot.domain.season import Championship
from bot.domain.sessions import SessionKind
from bot.events import CalendarChanged, Events, ResultStored
from bot.feeds import FeedError
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.watch import DAY, HOUR, MINUTE, ROUND, SeasonWatch
from storage.announcements import Announcements
from storage.database.base import Database
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.jobs.season.imola import (
    BROKEN,
    CALENDAR,
    DRIVERS,
    FLAG,
    IMOLA,
    KEY,
    MONZA,
    QUALIFYING,
    RESULT,
    SPRINT,
    asked,
    points,
    publish_qualifying,
    publish_result,
    publish_standings,
)
from tests.support.clock import HeldClock
from tests.support.jolpica_field import field_lines, qualifying_lines
from tests.support.jolpica_samples import (
    imola_lines,
    line,
    moment,
    race,
)
from tests.support.jolpica_server import Failure, JolpicaServer, Json, races, results

MOST_AN_HOUR = 10
"""Questions of an hour of the day after a race: the archive allows 500, and a process asks for half of them."""


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


@pytest.mark.usefixtures("following")
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


async def test_a_race_with_half_the_drivers_of_its_qualifying_is_not_taken_yet(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    archive.publish(QUALIFYING, results(IMOLA, qualifying_lines(), key="QualifyingResults"))
    await watch.refresh()
    archive.publish(RESULT, results(IMOLA, field_lines()[:10]))
    clock.pass_by(DAY)
    await watch.refresh()
    assert await seasons.classification(KEY) is None
    archive.publish(RESULT, results(IMOLA, field_lines()))
    clock.pass_by(DAY)
    await watch.refresh()
    result = await seasons.classification(KEY)
    assert result is not None
    assert len(result.finishes) == len(field_lines())


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


async def test_half_a_calendar_is_not_believed(
    watch: SeasonWatch, archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    names = ("Monaco", "Austrian", "British")
    more = [
        race(round_number=number, name=f"{name} Grand Prix", day=f"2021-0{number}-20")
        for number, name in enumerate(names, 5)
    ]
    archive.publish(CALENDAR, races(IMOLA, MONZA, *more))
    await watch.refresh()
    for answer, hours, left in (
        (more[:1], 25, 5),
        ([IMOLA, MONZA], 20, 5),
        ([IMOLA, MONZA, more[0]], 25, 3),
        ([IMOLA], 25, 3),
        ([IMOLA], 25, 1),
    ):
        archive.publish(CALENDAR, races(*answer))
        clock.pass_by(hours * HOUR)
        await watch.refresh()
        assert len(await seasons.schedule(2021)) == left


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
    for minute in (59, 60, 62, 65, 75, 119, 120, 121, 180, 7 * 60, 7 * 60 + 30):
        clock.set(start + minute * MINUTE)
        if minute == 75:
            publish_qualifying(archive)
        await watch.refresh()
        if QUALIFYING in asked(archive):
            minutes.append(minute)
    assert minutes == [60, 65, 75, 120, 180, 7 * 60]
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
    for hours in (0, 0.5, 1, 2, 2.5, 6, 7, 23, 24, 26, 27, 48, 72, 100, 168, 200):
        clock.set(FLAG + hours * HOUR)
        await watch.refresh()
        if RESULT in asked(archive):
            checked.append(hours)
    assert checked == [0, 1, 2, 6, 7, 23, 24, 26, 72, 168]
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


@pytest.mark.usefixtures("following")
async def test_while_the_archive_is_down_the_pauses_grow_and_end_with_it(
    archive: JolpicaServer, seasons: Seasons, clock: HeldClock
) -> None:
    archive.failures.extend(BROKEN * 10)
    for _ in range(6):
        await clock.wake_in_time()
    assert [pause / 60 for pause in clock.slept] == [10, 20, 40, 60, 60, 5]
    assert await seasons.schedule(2021)


@pytest.mark.usefixtures("following")
async def test_a_database_that_is_out_of_reach_is_logged_once(database: Database, clock: HeldClock) -> None:
    with capture_logs() as logs:
        await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE race RENAME TO lost"))
        for _ in range(4):
            await clock.wake_in_time()
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE lost RENAME TO race"))
    assert [line["event"] for line in logs].count("season.refresh_failed") == 1


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


def without_hamilton() -> list[Json]:
    """Imola's result with its second disqualified, and those behind him moved up."""
    first, _second, third, *out = imola_lines()
    moved_up = [first, third | {"position": "2", "positionText": "2", "points": "18"}]
    moved_up += [each | {"position": str(place)} for place, each in enumerate(out, 17)]
    gone = line(19, "hamilton", "mercedes", positionText="D", grid="1", status="Disqualified")
    return [*moved_up, gone]


async def test_a_disqualification_of_monday_is_told_within_the_hour(
    watch: SeasonWatch,
    archive: JolpicaServer,
    announcements: Announcements,
    results_news: ResultsNews,
    clock: HeldClock,
) -> None:
    publish_result(archive)
    await watch.refresh()
    await results_news.tell_recaps()
    assert {each.kind for each in await announcements.unfinished()} == {Kind.RECAP}
    published, told_at, by_hour = dt.datetime(2021, 4, 19, 10, 5, tzinfo=dt.UTC), None, Counter[dt.timedelta]()
    while told_at is None:
        clock.pass_by(ROUND)
        if clock.now() == published:
            archive.publish(RESULT, results(IMOLA, without_hamilton()))
        asked(archive)
        await watch.refresh()
        by_hour[(clock.now() - FLAG) // HOUR * HOUR] += len(asked(archive))
        await results_news.tell_corrections()
        if any(each.kind is Kind.CORRECTION for each in await announcements.unfinished()):
            told_at = clock.now()
    assert published < told_at <= published + HOUR + ROUND
    correction = (await announcements.unfinished())[-1]
    assert ["hamilton", "2", 19.0, "D", 0.0] in correction.subject["changes"]
    assert max(by_hour.values()) <= MOST_AN_HOUR


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
    of_the_sprint = [each.kind for each in await announcements.unfinished() if each.subject["session"] == "sprint"]
    assert of_the_sprint == [Kind.RECAP, Kind.CORRECTION]


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
