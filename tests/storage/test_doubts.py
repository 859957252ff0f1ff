"""Starts that look like a slip of the feed are stored once they were given twice, whoever reads them and dies."""

import asyncio
import datetime as dt
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.domain.season import Race
from bot.domain.sessions import SessionKind
from storage.database.base import Database
from storage.seasons import Seasons
from tests.support.power_cut import PowerCut, PowerCutError
from tests.support.season import CALENDAR, FETCHED

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def early(race: Race) -> Race:
    """A race that is dated before its own qualifying."""
    assert race.race.starts_at
    start = race.race.starts_at - 2 * DAY
    return replace(race, sessions=(*race.sessions[:-1], replace(race.race, day=start.date(), starts_at=start)))


SLIP = tuple(map(early, CALENDAR))


@pytest.fixture
async def seasons(database: Database) -> Seasons:
    seasons = Seasons(database)
    await seasons.store_schedule(2021, CALENDAR, FETCHED)
    return seasons


async def test_a_start_that_is_doubted_is_stored_once_it_was_given_again(seasons: Seasons) -> None:
    for _twice in range(2):
        assert not await seasons.store_schedule(2021, SLIP, FETCHED)
        assert await seasons.in_doubt(2021)
        assert await seasons.schedule(2021) == CALENDAR
    for changed in (True, False):
        assert await seasons.store_schedule(2021, SLIP, FETCHED + 5 * MINUTE) is changed
        assert await seasons.schedule(2021) == SLIP
    assert not await seasons.in_doubt(2021)


async def test_a_slip_that_is_mended_is_doubted_no_more(seasons: Seasons) -> None:
    await seasons.store_schedule(2021, SLIP, FETCHED)
    await seasons.store_schedule(2021, CALENDAR, FETCHED + MINUTE)
    assert not await seasons.in_doubt(2021)


async def test_two_who_read_one_slip_at_the_same_moment_confirm_nothing(seasons: Seasons) -> None:
    await asyncio.gather(*(seasons.store_schedule(2021, SLIP, FETCHED) for _ in range(4)))
    assert await seasons.schedule(2021) == CALENDAR
    await asyncio.gather(*(seasons.store_schedule(2021, SLIP, FETCHED + 5 * MINUTE) for _ in range(4)))
    assert await seasons.schedule(2021) == SLIP


@pytest.mark.parametrize("at_commit", [1, 2])
async def test_a_process_that_dies_forgets_no_doubt_and_invents_none(
    database: Database, seasons: Seasons, at_commit: int
) -> None:
    doomed = Seasons(PowerCut(at_commit).threaten(database))
    with suppress(PowerCutError):
        for minutes in (0, 5):
            await doomed.store_schedule(2021, SLIP, FETCHED + minutes * MINUTE)
    assert await seasons.schedule(2021) == CALENDAR
    await seasons.store_schedule(2021, SLIP, FETCHED + 10 * MINUTE)
    assert (await seasons.schedule(2021) == SLIP) is (at_commit == 2)


async def test_next_years_drafts_are_taken_as_they_are(database: Database) -> None:
    seasons = Seasons(database)
    for calendar in (CALENDAR, SLIP):
        await seasons.store_schedule(2021, calendar, FETCHED - 200 * DAY)
        assert await seasons.schedule(2021) == calendar


IMOLA = CALENDAR[1]
RIGHT = FETCHED + 3 * DAY


async def test_what_an_operator_sets_stands_however_often_the_feed_says_what_it_said(seasons: Seasons) -> None:
    for _twice in range(2):
        race = await seasons.set_start(IMOLA.key, SessionKind.RACE, RIGHT, RIGHT.date())
        assert race
        assert (race.race.starts_at, race.race.day) == (RIGHT, RIGHT.date())
        assert await seasons.race(IMOLA.key) == race
    for minutes in (0, 5, 10):
        assert not await seasons.store_schedule(2021, CALENDAR, FETCHED + minutes * MINUTE)
    assert not await seasons.in_doubt(2021)
    await seasons.store_schedule(2021, SLIP, FETCHED + HOUR)
    await seasons.store_schedule(2021, SLIP, FETCHED + 2 * HOUR)
    assert await seasons.schedule(2021) == SLIP


async def test_a_start_is_set_while_a_calendar_is_stored(seasons: Seasons) -> None:
    setting = (seasons.set_start(IMOLA.key, SessionKind.RACE, RIGHT, RIGHT.date()) for _ in range(2))
    await asyncio.gather(*setting, *(seasons.store_schedule(2021, CALENDAR, FETCHED) for _ in range(4)))
    race = await seasons.race(IMOLA.key)
    assert race
    assert race.race.starts_at == RIGHT


async def test_a_process_that_dies_sets_nothing(database: Database, seasons: Seasons) -> None:
    doomed = Seasons(PowerCut(1).threaten(database))
    with suppress(PowerCutError):
        await doomed.set_start(IMOLA.key, SessionKind.RACE, RIGHT, RIGHT.date())
    assert await seasons.schedule(2021) == CALENDAR


async def test_a_session_that_there_is_not_has_no_start(seasons: Seasons) -> None:
    assert await seasons.set_start(IMOLA.key, SessionKind.SPRINT, RIGHT, RIGHT.date()) is None
    assert await seasons.set_start("2021-nowhere", SessionKind.RACE, RIGHT, RIGHT.date()) is None
    assert await seasons.schedule(2021) == CALENDAR
