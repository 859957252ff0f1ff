"""Transactions that wait for each other in a circle, on a PostgreSQL server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from storage.database.base import Database
from storage.database.open import open_database

pytestmark = pytest.mark.postgresql

FIRST, SECOND = 1, 2


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    database = open_database(postgresql_url)
    yield database
    await database.close()


def both(connection: Connection, first: int, second: int) -> int:
    """Lock two things, one after the other; somebody else has the second by then."""
    lock = select(func.pg_advisory_xact_lock(bindparam("which")))
    connection.execute(lock, {"which": first})
    while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :which"),
                                {"which": second}):  # fmt: skip
        pass
    connection.execute(lock, {"which": second})
    return first


async def test_of_two_that_wait_for_each_other_both_get_through(database: Database) -> None:
    rounds: list[int] = []

    def either(connection: Connection, first: int, second: int) -> int:
        rounds.append(first)
        if len(rounds) > 2:  # the other one has got through, or will
            connection.execute(select(func.pg_advisory_xact_lock(first)))
            return first
        return both(connection, first, second)

    with capture_logs() as logs:
        done = await asyncio.gather(
            database.write(lambda connection: either(connection, FIRST, SECOND)),
            database.write(lambda connection: either(connection, SECOND, FIRST)),
        )
    assert [*done] == [FIRST, SECOND]
    assert [(line["event"], line["sqlstate"]) for line in logs] == [("database.conflicted", "40P01")]


async def test_what_conflicts_for_ever_is_given_up(database: Database) -> None:
    tries: list[int] = []

    def conflict(connection: Connection) -> None:
        tries.append(1)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with capture_logs() as logs, pytest.raises(DBAPIError, match="40001"):
        await database.write(conflict)
    assert len(tries) == len(logs) + 1 == 5
