"""A migration may take its time; a server that falls silent is told of, and a lost connection is no migration."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import Connection, text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from storage.database import connecting, vigil
from storage.database.base import Database
from storage.database.faults import is_the_databases
from storage.database.limits import Limits
from storage.database.open import open_database
from storage.database.postgresql import MIGRATING
from tests.chaos.network import Network, network_to
from tests.storage.database.impatience import A_MOMENT, be_impatient

pytestmark = pytest.mark.postgresql

LIMITS = Limits(connections=2, statement_timeout=A_MOMENT, patience=A_MOMENT)


@pytest.fixture
def network(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Network, str]]:
    be_impatient(monkeypatch)
    monkeypatch.setattr(vigil, "LOOKED_AT_EVERY", A_MOMENT)
    with network_to(postgresql_url) as there:
        yield there


@pytest.fixture
async def database(network: tuple[Network, str]) -> AsyncIterator[Database]:
    database = open_database(network[1], LIMITS)
    yield database
    await database.close()


async def said(logs: list[EventDict], event: str) -> EventDict:
    """The first line of the log about something, once it is there."""
    async with asyncio.timeout(30):
        while not (found := [line for line in logs if line["event"] == event]):  # noqa: ASYNC110 - a log wakes nobody
            await asyncio.sleep(0)
    return found[0]


async def test_for_whom_a_migration_waits_is_said_once(database: Database, postgresql_url: str) -> None:
    another = await asyncpg.connect(postgresql_url)
    await another.execute("SELECT pg_advisory_lock($1)", MIGRATING)
    with capture_logs() as logs:
        migrating = asyncio.create_task(database.migrate(lambda connection: connection.scalar(text("SELECT 44"))))
        assert (await said(logs, "database.upgrading"))["waits_for"] == 1
        await another.close()
        assert await migrating == 44
    assert [line["waits_for"] for line in logs] == [1]


async def test_a_migration_takes_longer_than_any_statement_may(database: Database) -> None:
    took = text("SELECT 44 FROM pg_sleep(:seconds)").bindparams(
        seconds=5 * (LIMITS.statement_timeout + connecting.GRACE)
    )
    assert await database.migrate(lambda connection: connection.scalar(took)) == 44


async def test_a_server_that_falls_silent_is_waited_for_and_told(
    database: Database, network: tuple[Network, str]
) -> None:
    way, _url = network

    def fall_silent(connection: Connection) -> object:
        way.hold()
        return connection.scalar(text("SELECT 44"))

    with capture_logs() as logs:
        migrating = asyncio.create_task(database.migrate(fall_silent))
        assert (await said(logs, "database.upgrade_unanswered"))["log_level"] == "warning"
        way.release()
        assert await migrating == 44
    assert [line["event"] for line in logs].count("database.upgrade_unanswered") == 1


@pytest.mark.parametrize("there", [True, False], ids=["what is asked is lost", "the answer is lost"])
async def test_a_connection_that_the_network_forgot_is_not_waited_for(
    database: Database, network: tuple[Network, str], there: bool
) -> None:
    way, _url = network

    def be_forgotten(connection: Connection) -> object:
        way.hold(there=there, back=not there)
        way.forget()
        way.release()
        return connection.scalar(text("SELECT 44"))

    async with asyncio.timeout(30):
        with pytest.raises(Exception, match="closed") as lost:
            await database.migrate(be_forgotten)
    assert is_the_databases(lost.value)
    assert await database.migrate(lambda connection: connection.scalar(text("SELECT 44"))) == 44
