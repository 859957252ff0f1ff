"""What a PostgreSQL server has too little of is waited for, and no longer than is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from storage.database.base import Database
from storage.database.faults import is_the_databases, sqlstate
from storage.database.limits import Limits
from storage.database.open import open_database

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def full_url(postgresql_url: str) -> AsyncIterator[str]:
    """The address of a database as a role has it that may have one connection."""
    address = make_url(postgresql_url)
    operator = await asyncpg.connect(postgresql_url)
    role = address.database  # a name that nobody else has
    await operator.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'pole' CONNECTION LIMIT 1")
    try:
        yield address.set(username=role, password="pole").render_as_string(hide_password=False)
    finally:
        await operator.execute(f"DROP ROLE {role}")
        await operator.close()


async def read(database: Database, statement: str = "SELECT 44") -> object:
    return await database.read(lambda connection: connection.scalar(text(statement)))


async def test_where_the_server_is_at_its_limit_reads_wait_and_do_not_fail(full_url: str) -> None:
    other = await asyncpg.connect(full_url)
    database = open_database(full_url)
    with capture_logs() as logs:
        reading = [asyncio.create_task(read(database)) for _ in range(3)]
        while len(logs) < 1:  # noqa: ASYNC110 - until they were refused
            await asyncio.sleep(0)
        assert not any(each.done() for each in reading)
        await other.close()
        assert await asyncio.gather(*reading) == [44] * 3
    await database.close()
    assert [line["event"] for line in logs] == ["database.connection_refused"], "once an outage"


async def test_patience_has_an_end(full_url: str) -> None:
    other = await asyncpg.connect(full_url)
    database = open_database(full_url, Limits(patience=0))
    with pytest.raises(Exception, match="too many connections") as refused:
        await read(database)
    await database.close()
    await other.close()
    assert is_the_databases(refused.value)


async def test_a_server_that_took_nothing_new_is_believed_when_it_does(postgresql_url: str) -> None:
    name = make_url(postgresql_url).database
    operator = await asyncpg.connect(postgresql_url, server_settings={"default_transaction_read_only": "off"})
    await operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database = open_database(postgresql_url, Limits(connections=1))
    for _ in range(2):
        with pytest.raises(DBAPIError) as refused:
            await database.write(lambda connection: connection.execute(text("DELETE FROM chat")))
        assert sqlstate(refused.value) == "25006"
    await operator.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    with suppress(DBAPIError):  # the first may still be on the connection of before
        await database.write(lambda connection: connection.execute(text("DELETE FROM chat")))
    await database.write(lambda connection: connection.execute(text("DELETE FROM chat")))
    await database.close()
    await operator.close()


async def test_more_than_the_limit_take_turns(empty_postgresql_url: str) -> None:
    database = open_database(empty_postgresql_url, Limits(connections=2))
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    assert max(await asyncio.gather(*(read(database, count) for _ in range(20)))) <= 2  # type: ignore[type-var, operator]
    await database.close()


async def test_what_takes_too_long_is_ended_by_the_server(postgresql_url: str) -> None:
    database = open_database(postgresql_url, Limits(statement_timeout=0.05, lock_timeout=0.05))
    with pytest.raises(DBAPIError) as slow:
        await read(database, "SELECT pg_sleep(60)")
    assert sqlstate(slow.value) == "57014"
    other = await asyncpg.connect(postgresql_url)
    async with other.transaction():
        await other.execute("LOCK TABLE chat")
        with pytest.raises(DBAPIError) as locked:
            await database.write(lambda connection: connection.execute(text("DELETE FROM chat")))
    assert sqlstate(locked.value) in {"55P03", "57014"}
    await other.close()
    await database.close()


async def test_migrations_take_the_time_they_need(postgresql_url: str) -> None:
    database = open_database(postgresql_url, Limits(statement_timeout=0.05, lock_timeout=0.05))

    def timeouts(connection: Connection) -> list[object]:
        return [connection.scalar(text(f"SHOW {name}_timeout")) for name in ("statement", "lock")]

    assert await database.migrate(timeouts) == ["0", "0"]
    assert await database.read(timeouts) == ["50ms", "50ms"]
    await database.close()
