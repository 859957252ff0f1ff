"""Calendars that two processes store and tell at the same moment; on SQLite, which has one, two tasks do."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.domain.calendar_changes import CalendarEntry
from bot.domain.season import Race
from storage.announcements import Announcements
from storage.database.base import Database
from storage.database.open import open_database
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.support.season import CALENDAR, FETCHED

ROUNDS = 20
BACKWARDS = CALENDAR[::-1]


def renamed(races: Sequence[Race], turn: int) -> list[Race]:
    """The same races at circuits by other names, which is no news."""
    return [replace(race, circuit=f"{race.circuit} {turn}") for race in races]


@pytest.fixture
async def databases(url: str, database: Database) -> AsyncIterator[tuple[Database, Database]]:
    """What two processes have of a database; on SQLite that is one."""
    if database.dialect == "sqlite":
        yield database, database
        return
    other = open_database(url)
    yield database, other
    await other.close()


@pytest.fixture
async def seasons(databases: tuple[Database, Database]) -> tuple[Seasons, Seasons]:
    mine, theirs = map(Seasons, databases)
    await mine.store_schedule(2021, CALENDAR, FETCHED)
    return mine, theirs


@pytest.fixture
def newsrooms(databases: tuple[Database, Database]) -> tuple[ToldSeasons, ToldSeasons]:
    mine, theirs = (ToldSeasons(database, Announcements(database)) for database in databases)
    return mine, theirs


async def silent(told: ToldSeasons) -> list[tuple[CalendarEntry, Race | None]]:
    """All that is on the calendar, to be taken as told as it stands there."""
    return [(entry, entry.race) for entry in await told.calendar(2021)]


async def test_two_take_the_same_races_as_told_in_opposite_order(
    seasons: tuple[Seasons, Seasons], newsrooms: tuple[ToldSeasons, ToldSeasons]
) -> None:
    mine, theirs = newsrooms
    for turn in range(ROUNDS):
        await seasons[0].store_schedule(2021, renamed(CALENDAR, turn), FETCHED)
        seen = await silent(mine)
        await asyncio.gather(mine.take_as_told(seen), theirs.take_as_told(seen[::-1]))
        assert [entry.told for entry in await mine.calendar(2021)] == renamed(CALENDAR, turn)


@pytest.mark.parametrize("order", [CALENDAR, BACKWARDS])
async def test_a_calendar_is_stored_while_it_is_taken_as_told(
    order: Sequence[Race], seasons: tuple[Seasons, Seasons], newsrooms: tuple[ToldSeasons, ToldSeasons]
) -> None:
    for turn in range(ROUNDS):
        seen = await silent(newsrooms[0])
        await asyncio.gather(
            seasons[1].store_schedule(2021, renamed(order, turn), FETCHED), newsrooms[0].take_as_told(seen)
        )
        entries = await newsrooms[0].calendar(2021)
        assert [entry.race for entry in entries] == renamed(CALENDAR, turn)
        assert [entry.told for entry in entries] == [entry.race for entry, _race in seen]


async def test_two_store_a_season_in_opposite_order(seasons: tuple[Seasons, Seasons]) -> None:
    mine, theirs = seasons
    for turn in range(ROUNDS):
        changed = await asyncio.gather(
            mine.store_schedule(2021, renamed(CALENDAR, turn), FETCHED),
            theirs.store_schedule(2021, renamed(BACKWARDS, turn), FETCHED),
        )
        assert sorted(changed) == [False, True], "the second finds what the first has stored"
        assert [*await mine.schedule(2021)] == renamed(CALENDAR, turn)


async def test_two_store_a_season_that_is_new_in_opposite_order(seasons: tuple[Seasons, Seasons]) -> None:
    mine, theirs = seasons
    for year in range(1950, 1950 + ROUNDS):
        old = [replace(race, season=year) for race in CALENDAR]
        await asyncio.gather(mine.store_schedule(year, old, FETCHED), theirs.store_schedule(year, old[::-1], FETCHED))
        assert [*await mine.schedule(year)] == old


async def test_two_lose_other_races_of_a_season(seasons: tuple[Seasons, Seasons]) -> None:
    mine, theirs = seasons
    for turn in range(ROUNDS):
        later = FETCHED + dt.timedelta(minutes=turn)
        await asyncio.gather(
            mine.store_schedule(2021, CALENDAR[:3], later), theirs.store_schedule(2021, BACKWARDS[:3], later)
        )
        kept = await mine.schedule(2021)
        assert kept in (CALENDAR[:3], CALENDAR[-3:]), "one came after the other"
