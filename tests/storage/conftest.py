"""Every test runs on a database of its own in an SQLite file, and on one on a PostgreSQL server."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.search.catalogue import Incidents
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import Booth
from tests.support import postgresql
from tests.support.clock import FakeClock
from tests.support.sorting_office import SortingOffice, emptied


@pytest.fixture(params=postgresql.BOTH)
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
async def polls(database: Database, incidents: Incidents) -> Polls:
    return await Polls.open(database, incidents)


@pytest.fixture
async def chats(database: Database) -> Chats:
    return await Chats.open(database, HandledUpdates(database))


@pytest.fixture
def voters(database: Database) -> Voters:
    return Voters(database, b"a secret")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def ballot_box(database: Database, chats: Chats, clock: FakeClock) -> AsyncIterator[BallotBox]:
    """A ballot box that is being emptied."""
    box = BallotBox(database, chats, HandledUpdates(database), clock)
    writer = asyncio.create_task(box.run())
    yield box
    await box.close()
    await writer


@pytest.fixture
def booth(ballot_box: BallotBox, polls: Polls, voters: Voters) -> Booth:
    return Booth(ballot_box, polls, voters)


@pytest.fixture
async def outbox(database: Database) -> AsyncIterator[Outbox]:
    """An outbox that is being emptied."""
    async with emptied(Outbox(database)) as outbox:
        yield outbox


@pytest.fixture
def office(database: Database, chats: Chats, outbox: Outbox) -> SortingOffice:
    return SortingOffice(database, chats, outbox)
