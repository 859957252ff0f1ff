"""The clock is set back, on SQLite, where it is the machine's own: what was put off is not put off for longer."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Platform
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL
from tests.support.sorting_office import RACE_DAY, SortingOffice, emptied, later

A_DAY = 24 * 3600
YESTERDAY = later(-A_DAY)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
async def restarted(database: Database) -> AsyncIterator[SortingOffice]:
    """Another start of the process on the same database."""
    chats = await Chats.open(database, HandledUpdates(database))
    async with emptied(Outbox(database)) as outbox:
        yield SortingOffice(database, chats, outbox)


async def put_off(office: SortingOffice, seconds: int, now: dt.datetime = RACE_DAY) -> None:
    """Try all that is due, and put it off."""
    for delivery in await office.due(now=now):
        due_at = now + dt.timedelta(seconds=seconds)
        await office.outbox.settle(Outcome(delivery, State.PENDING, now, due_at=due_at, attempts=1))


async def test_what_was_put_off_waits_as_long_from_then_on(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    await put_off(office, 60)
    for back in (later(-1 * A_DAY), later(-2 * A_DAY), later(-3 * A_DAY)):  # and set back again and again
        assert await office.due(now=back) == []
        assert await office.due(now=back + dt.timedelta(seconds=59)) == []
    (delivery,) = await office.due(now=later(60 - 3 * A_DAY))
    assert delivery.attempts == 1


async def test_it_may_be_set_back_while_nothing_runs(office: SortingOffice, restarted: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    await put_off(office, 60)
    assert await restarted.due(now=YESTERDAY) == []
    assert len(await restarted.due(now=YESTERDAY + dt.timedelta(seconds=60))) == 1


async def test_what_was_to_be_told_at_once_is(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, PADDOCK)
    await office.tell()
    assert len(await office.due(now=YESTERDAY)) == 1
    assert len(await office.due(Platform.DISCORD, now=YESTERDAY)) == 1


async def test_what_waits_for_a_time_of_day_waits_for_it(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)

    def in_the_morning(_settings: ChatSettings) -> dt.datetime:
        return later(3600)

    await office.announcements.spread(await office.announce(), in_the_morning)
    for now in (RACE_DAY, YESTERDAY, later(3599)):
        assert await office.due(now=now) == []
    assert len(await office.due(now=later(3600))) == 1


async def test_what_was_put_off_since_waits_its_time(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND)
    await office.tell()
    assert len(await office.due(now=YESTERDAY)) == 2
    await put_off(office, 600, YESTERDAY)
    assert await office.due(now=YESTERDAY + dt.timedelta(seconds=1)) == []
    assert await office.due(now=YESTERDAY) == [], "by a second, as clocks are"
    assert await office.due(now=YESTERDAY + dt.timedelta(seconds=599)) == []
    assert len(await office.due(now=YESTERDAY + dt.timedelta(seconds=600))) == 2
