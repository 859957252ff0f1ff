import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain.calendar_changes import CALLED_OFF_AFTER, CalendarChange, CalendarEntry, Gone
from bot.domain.season import (
    Championship,
    Classification,
    Entrant,
    FastestLap,
    Finish,
    Race,
    Session,
    SessionKind,
    Standing,
    Standings,
)
from storage.announcements import Announcements
from storage.championships import Championships
from storage.database.base import Database
from storage.database.open import open_database
from storage.documents import CLASSIFICATION
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons

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
    entrant = Entrant(name.lower(), "Sergio", name, "red_bull", "Red Bull", name[:3].upper(), 11)
    lap = FastestLap(1, 60, "1:16.702")
    return Finish(position, place or f"{position}", entrant, points, "Finished", 1, 63, "2:02:34.598", lap)


RESULT = Classification(
    IMOLA, SessionKind.RACE, (finish(1, "Pérez", 25), finish(2, "Norris", 18.5), finish(3, "Vettel"))
)
STANDINGS = Standings(
    2021, 2, Championship.DRIVERS, (Standing(1, "hamilton", "Lewis Hamilton", 44, 1), Standing(None, "x", "X", 0, 0))
)


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECTs that are sent to any database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


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


async def test_a_race_is_known_whether_it_is_on_the_calendar_or_not(seasons: Seasons) -> None:
    assert await seasons.race(PORTUGAL.key) is None
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert await seasons.race("2021-portuguese-grand-prix") == PORTUGAL
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    assert await seasons.race(PORTUGAL.key) == PORTUGAL


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


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (dt.datetime(2021, 1, 1, tzinfo=dt.UTC), BAHRAIN),
        (dt.datetime(2021, 4, 18, 13, 0, tzinfo=dt.UTC), IMOLA),
        (dt.datetime(2021, 4, 18, 15, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))), PORTUGAL),
        (dt.datetime(2021, 5, 2, 23, 59, tzinfo=dt.UTC), PORTUGAL),
        (dt.datetime(2021, 5, 3, 0, 1, tzinfo=dt.UTC), None),
    ],
)
async def test_the_next_race_is_the_first_to_start(seasons: Seasons, now: dt.datetime, following: Race | None) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert await seasons.next_race(now) == following


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


def test_a_result_that_was_stored_before_there_was_qualifying_is_still_read() -> None:
    document = CLASSIFICATION.written.dump_python(RESULT, mode="json")
    for each in document["finishes"]:
        del each["segments"]
    assert CLASSIFICATION.written.validate_python(document) == RESULT


async def test_the_last_result_is_the_latest_races_whatever_was_fetched_last(seasons: Seasons) -> None:
    assert await seasons.last_classification() is None
    sprint = Classification(PORTUGAL, SessionKind.SPRINT, (finish(1, "Norris", 8),))
    for classification in (RESULT, sprint, Classification(BAHRAIN, SessionKind.RACE, (finish(1, "Hamilton", 25),))):
        await seasons.store_classification(classification, MONDAY)
    assert await seasons.last_classification() == RESULT
    assert await seasons.last_classification(SessionKind.SPRINT) == sprint


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


async def test_what_was_never_stored_was_never_fetched(seasons: Seasons) -> None:
    for value in (IMOLA, RESULT, STANDINGS):
        assert await seasons.updated(value) is None


async def test_reading_a_whole_season_is_one_query(seasons: Seasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    with statements() as sent:
        await seasons.schedule(2021)
    assert len(sent) == 1


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


async def test_a_seasons_results_come_in_the_order_of_the_calendar(seasons: Seasons) -> None:
    sprint, qualifying = replace(RESULT, kind=SessionKind.SPRINT), replace(RESULT, kind=SessionKind.QUALIFYING)
    opening = replace(RESULT, race=BAHRAIN)
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    for each in (RESULT, qualifying, sprint, opening):
        await seasons.store_classification(each, SUNDAY)
    assert await seasons.results(2021) == (opening, sprint, RESULT)
    assert await seasons.results(2020) == ()


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
