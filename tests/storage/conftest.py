"""Every test gets a database of its own: an SQLite file, and one on the server at TEST_DATABASE_URL if there is one."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.search.catalogue import Incidents
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.outbox import Outbox
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import Booth
from tests.storage.post_office import PostOffice, emptied
from tests.support.clock import FakeClock

SERVER = os.environ.get("TEST_DATABASE_URL")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'racing-incident.db'}"


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
async def url(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    address = make_url(str(SERVER)).set(drivername="postgresql+asyncpg")
    name = f"test_{uuid4().hex}"
    server = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield address.set(database=name).render_as_string(hide_password=False)
        await connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    await server.dispose()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A database with its tables."""
    database = Database.open(url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
async def polls(database: Database, incidents: Incidents) -> Polls:
    return await Polls.open(database, incidents)


@pytest.fixture
async def chats(database: Database) -> Chats:
    return await Chats.open(database)


@pytest.fixture
def voters(database: Database) -> Voters:
    return Voters(database, b"a secret")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def ballot_box(database: Database, chats: Chats, clock: FakeClock) -> AsyncIterator[BallotBox]:
    """A ballot box that is being emptied."""
    box = BallotBox(database, chats, clock)
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
def office(database: Database, chats: Chats, outbox: Outbox) -> PostOffice:
    return PostOffice(database, chats, outbox)
