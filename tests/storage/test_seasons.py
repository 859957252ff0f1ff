import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.calendar_changes import CALLED_OFF_AFTER, CalendarChange, CalendarEntry, Gone
from bot.domain.season import Championship, Classification, Race
from bot.domain.sessions import SessionKind
from storage.announcements import Announcements
from storage.championships import Championships
from storage.database.base import Database
from storage.database.open import open_database
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.storage.invented_2021 import (
    BAHRAIN,
    CALENDAR,
    IMOLA,
    MONDAY,
    PORTUGAL,
    RESULT,
    STANDINGS,
    SUNDAY,
    TUESDAY,
    finish,
    race,
)


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
def told(database: Database) -> ToldSeasons:
    return ToldSeasons(database, Announcements(database))


async def changes(told: ToldSeasons, season: int = 2021) -> list[tuple[CalendarChange, Race]]:
    """How what is stored differs from what was told."""
    return [(entry.change, entry.race) for entry in await told.calendar(season) if entry.change]


async def test_a_calendar_is_kept_by_round(seasons: Seasons, told: ToldSeasons) -> None:
    assert await seasons.store_schedule(2021, [PORTUGAL, BAHRAIN, IMOLA], SUNDAY)
    assert await seasons.schedule(2021) == CALENDAR
    assert await seasons.schedule(2020) == ()
    assert await told.calendar(2021) == tuple(CalendarEntry(each, told=each) for each in CALENDAR)


async def test_the_same_calendar_again_is_no_change(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert not await seasons.store_schedule(2021, CALENDAR, MONDAY)
    assert await seasons.updated(IMOLA) == MONDAY
    assert await changes(told) == []


async def test_a_race_that_vanished_is_cancelled(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    assert (await told.calendar(2021))[-1] == CalendarEntry(PORTUGAL, PORTUGAL, missing_for=dt.timedelta())
    assert await seasons.schedule(2021) == (BAHRAIN, IMOLA)
    assert await seasons.next_race(MONDAY) is None
    assert not await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)


async def test_a_cancelled_race_that_comes_back_is_not_new(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    assert await seasons.store_schedule(2021, CALENDAR, TUESDAY)
    assert await seasons.schedule(2021) == CALENDAR
    assert await changes(told) == []


async def test_a_cancelled_race_that_comes_back_on_another_day_has_moved(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    later = race("Portuguese", 3, dt.date(2021, 10, 3))
    assert await seasons.store_schedule(2021, (BAHRAIN, IMOLA, later), TUESDAY)
    assert (await told.calendar(2021))[-1] == CalendarEntry(later, told=PORTUGAL)
    assert await changes(told) == [(CalendarChange.MOVED, later)]


async def test_a_race_counts_as_called_off_once_it_was_missing_for_six_hours(
    seasons: Seasons, told: ToldSeasons
) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    assert await seasons.cancelled(2021) == (Gone(PORTUGAL, since=MONDAY),)
    assert await changes(told) == []
    almost = CALLED_OFF_AFTER - dt.timedelta(seconds=1)
    await seasons.store_schedule(2021, (BAHRAIN,), MONDAY + almost)
    assert await changes(told) == []
    await seasons.store_schedule(2021, (BAHRAIN,), MONDAY + CALLED_OFF_AFTER)
    assert await changes(told) == [(CalendarChange.CANCELLED, PORTUGAL)]
    assert await seasons.cancelled(2021) == (
        Gone(IMOLA, since=MONDAY + almost),
        Gone(PORTUGAL, since=MONDAY),
    )
    assert await seasons.cancelled(2020) == ()
    await seasons.store_schedule(2021, CALENDAR, TUESDAY)
    assert await seasons.cancelled(2021) == ()
    assert await changes(told) == []


async def test_a_start_that_moved_replaces_the_one_before(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    earlier = race("Emilia Romagna", 2, dt.date(2021, 4, 18), 10)
    assert await seasons.store_schedule(2021, (BAHRAIN, earlier, PORTUGAL), MONDAY)
    assert await seasons.schedule(2021) == (BAHRAIN, earlier, PORTUGAL)
    assert await changes(told) == [(CalendarChange.MOVED, earlier)]


async def test_a_race_that_is_put_in_moves_rounds_and_nothing_else(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), SUNDAY)
    await seasons.store_classification(RESULT, SUNDAY)
    added = race("Australian", 2, dt.date(2021, 4, 4))
    later = replace(IMOLA, round=3)
    assert await seasons.store_schedule(2021, (BAHRAIN, added, later), MONDAY)
    assert await changes(told) == [(CalendarChange.ADDED, added)]
    assert await seasons.schedule(2021) == (BAHRAIN, added, later)
    assert await seasons.classification(later.key) == RESULT


async def test_an_empty_calendar_cancels_nothing(seasons: Seasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert not await seasons.store_schedule(2021, (), MONDAY)
    assert await seasons.schedule(2021) == CALENDAR


async def test_one_seasons_calendar_leaves_the_others_alone(seasons: Seasons, told: ToldSeasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    next_year = replace(BAHRAIN, season=2022)
    assert await seasons.store_schedule(2022, (next_year,), MONDAY)
    assert await seasons.schedule(2021) == CALENDAR
    assert await changes(told) == await changes(told, 2022) == []


async def test_a_calendar_from_before_its_year_is_a_draft_and_counts_as_told(
    seasons: Seasons, told: ToldSeasons
) -> None:
    bahrain, imola, portugal = (replace(each, season=2022) for each in CALENDAR)
    await seasons.store_schedule(2022, (bahrain, imola), SUNDAY)
    await seasons.store_schedule(2022, (imola, portugal), MONDAY)
    assert await told.calendar(2022) == (
        CalendarEntry(bahrain, told=None, missing_for=dt.timedelta()),
        CalendarEntry(imola, told=imola),
        CalendarEntry(portugal, told=portugal),
    )
    await seasons.store_schedule(2022, (imola,), dt.datetime(2022, 1, 2, tzinfo=dt.UTC))
    assert (await told.calendar(2022))[-1].told == portugal


async def test_a_result_is_kept_as_it_is(seasons: Seasons) -> None:
    assert await seasons.classification(IMOLA.key) is None
    assert await seasons.store_classification(RESULT, SUNDAY) is None
    assert await seasons.classification("2021-emilia-romagna-grand-prix") == RESULT
    assert await seasons.classification(IMOLA.key, SessionKind.SPRINT) is None
    assert await seasons.updated(RESULT) == SUNDAY


async def test_a_result_that_was_corrected_gives_the_one_before(seasons: Seasons) -> None:
    await seasons.store_classification(RESULT, SUNDAY)
    assert await seasons.store_classification(RESULT, MONDAY) is None
    first, second, third = RESULT.finishes
    corrected = replace(RESULT, finishes=(first, second, replace(third, place="D")))
    assert await seasons.store_classification(corrected, MONDAY) == RESULT
    assert await seasons.classification(IMOLA.key) == corrected
    assert await seasons.updated(corrected) == MONDAY


async def test_since_when_a_result_is_known_stays_however_often_it_is_stored(seasons: Seasons) -> None:
    assert await seasons.known_since(RESULT) is None
    await seasons.store_classification(RESULT, SUNDAY)
    await seasons.store_classification(replace(RESULT, finishes=RESULT.finishes[:1]), MONDAY)
    assert await seasons.known_since(RESULT) == SUNDAY
    assert await seasons.updated(RESULT) == MONDAY


async def test_a_sprint_stands_beside_its_race(seasons: Seasons) -> None:
    sprint = Classification(IMOLA, SessionKind.SPRINT, (finish(1, "Norris", 8),))
    await seasons.store_classification(RESULT, SUNDAY)
    assert await seasons.store_classification(sprint, SUNDAY) is None
    assert await seasons.classification(IMOLA.key, SessionKind.SPRINT) == sprint
    assert await seasons.classification(IMOLA.key) == RESULT


async def test_qualifying_keeps_the_times_of_its_segments(seasons: Seasons) -> None:
    pole = replace(finish(1, "Pérez"), segments=("1:15.395", "1:14.716", ""))
    qualifying = Classification(IMOLA, SessionKind.QUALIFYING, (pole,))
    await seasons.store_classification(RESULT, SUNDAY)
    await seasons.store_classification(qualifying, SUNDAY)
    assert await seasons.classification(IMOLA.key, SessionKind.QUALIFYING) == qualifying
    assert await seasons.classification(IMOLA.key) == RESULT


async def test_a_championship_is_kept_after_every_round(seasons: Seasons) -> None:
    opening = replace(STANDINGS, round=1)
    for standings in (STANDINGS, opening, replace(STANDINGS, kind=Championship.TEAMS, round=9)):
        assert await seasons.store_standings(standings, SUNDAY) is None
    assert await seasons.standings(2021, Championship.DRIVERS) == STANDINGS
    assert await seasons.standings(2021, Championship.DRIVERS, 1) == opening
    assert await seasons.standings(2021, Championship.DRIVERS, 3) is None
    assert await seasons.standings(2020, Championship.DRIVERS) is None
    assert await seasons.every_standings(2021, Championship.DRIVERS) == (opening, STANDINGS)
    assert await seasons.every_standings(2020, Championship.DRIVERS) == ()


async def test_a_championship_that_was_corrected_gives_the_one_before(seasons: Seasons) -> None:
    await seasons.store_standings(STANDINGS, SUNDAY)
    assert await seasons.store_standings(STANDINGS, SUNDAY) is None
    corrected = replace(STANDINGS, entries=STANDINGS.entries[:1])
    assert await seasons.store_standings(corrected, MONDAY) == STANDINGS
    assert await seasons.standings(2021, Championship.DRIVERS) == corrected
    assert await seasons.updated(corrected) == MONDAY


async def test_everything_is_still_there_after_a_restart(url: str) -> None:
    database = open_database(url)
    await database.upgrade()
    await Seasons(database).store_schedule(2021, CALENDAR, SUNDAY)
    await Seasons(database).store_classification(RESULT, SUNDAY)
    await database.close()
    database = open_database(url)
    assert await Seasons(database).schedule(2021) == CALENDAR
    assert await Seasons(database).last_classification() == RESULT
    await database.close()


async def test_of_each_season_the_last_table_is_known_the_latest_season_first(
    database: Database, seasons: Seasons
) -> None:
    for season, round_number in ((2020, 1), (2021, 1), (2020, 2), (2021, 2)):
        for kind in Championship:
            await seasons.store_standings(replace(STANDINGS, season=season, round=round_number, kind=kind), SUNDAY)
    tables = await Championships(database).last_of_each_season(Championship.DRIVERS)
    assert [(table.season, table.round, table.kind) for table in tables] == [
        (2021, 2, Championship.DRIVERS),
        (2020, 2, Championship.DRIVERS),
    ]
