"""A connection on which the server has fallen silent is ended, and another one takes its place."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from storage.database import notifications
from storage.database.base import Database
from storage.database.faults import is_the_databases
from storage.database.limits import Limits
from storage.database.open import open_database
from tests.chaos.network import Network, network_to
from tests.storage.database.impatience import A_MOMENT, be_impatient

pytestmark = pytest.mark.postgresql

LIMITS = Limits(connections=2, statement_timeout=A_MOMENT)


@pytest.fixture
def network(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Network, str]]:
    be_impatient(monkeypatch)
    monkeypatch.setattr(notifications, "PATIENCE", A_MOMENT)
    with network_to(postgresql_url) as there:
        yield there


async def read(database: Database) -> object:
    return await database.read(lambda connection: connection.scalar(text("SELECT 44")))


async def test_who_waits_for_an_answer_that_never_comes_is_told(network: tuple[Network, str]) -> None:
    way, url = network
    database = open_database(url, LIMITS)

    def swallow(connection: Connection) -> None:
        way.hold(there=False)
        connection.execute(text("SELECT 44"))

    with pytest.raises(Exception, match="closed") as silent:
        await database.write(swallow)
    assert is_the_databases(silent.value)
    way.forget()
    way.release()
    assert await read(database) == 44
    await database.close()


async def test_what_was_read_is_told_where_the_end_of_the_read_is_not_answered(network: tuple[Network, str]) -> None:
    way, url = network
    database = open_database(url, LIMITS)

    def read_and_lose(connection: Connection) -> object:
        said = connection.scalar(text("SELECT 44"))
        way.hold()
        way.forget()
        return said

    async with asyncio.timeout(30):
        for _ in range(LIMITS.connections + 1):
            assert await database.read(read_and_lose) == 44
            way.release()
        assert await read(database) == 44
    await database.close()


async def test_connections_on_which_the_server_answers_are_used_again(postgresql_url: str) -> None:
    database = open_database(postgresql_url, LIMITS)

    def server_process(connection: Connection) -> object:
        return connection.scalar(text("SELECT pg_backend_pid()"))

    assert len({await database.read(server_process) for _ in range(3)}) == 1
    await database.close()


async def test_connections_that_were_forgotten_while_idle_are_not_used(network: tuple[Network, str]) -> None:
    way, url = network
    database = open_database(url, LIMITS)
    assert await read(database) == 44
    way.forget()
    assert await read(database) == 44
    await database.close()


async def test_what_a_forgotten_transaction_had_locked_is_let_go(
    network: tuple[Network, str], postgresql_url: str
) -> None:
    way, url = network
    database, another = open_database(url, LIMITS), open_database(postgresql_url)

    def lock(connection: Connection) -> None:
        connection.execute(text("LOCK TABLE chat"))
        way.hold(back=False)
        way.forget()
        connection.execute(text("SELECT 44"))

    with pytest.raises(Exception, match="closed"):
        await database.write(lock)
    await another.write(lambda connection: connection.execute(text("DELETE FROM chat")))
    way.release()
    for each in (database, another):
        await each.close()


async def test_a_server_that_takes_no_leave_is_left(network: tuple[Network, str]) -> None:
    way, url = network
    database = open_database(url, LIMITS)
    await read(database)
    way.forget()
    await database.close()


async def test_who_asks_to_be_told_and_is_not_answered_learns_it(network: tuple[Network, str]) -> None:
    way, url = network
    database = open_database(url, LIMITS)
    assert database.notifications
    await read(database)
    async with database.notifications.listening():
        pass  # as it should be
    await read(database)
    way.forget()
    async with database.notifications.listening():
        pass  # on a connection that was made for it
    await database.close()
