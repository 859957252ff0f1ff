"""What can go wrong with a PostgreSQL server for a while, by names; each is over by itself, and nobody mends it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from tests.support import postgresql
from tests.support.postgresql import Server
from tests.support.small_disk import filled, may_mount

ROLE = "racing"
"""Who the bot is on a server, whose limits it has; nobody's apply to an operator."""

FULL = "server's disk full"

THROW_OUT = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ROLE}'"  # noqa: S608


@contextmanager
def racing_server(trouble: str = "") -> Iterator[tuple[Server, str]]:
    """A server that is made for a night with some trouble, and the address of an empty database on it."""
    programs = postgresql.programs()
    assert programs
    with postgresql.cluster(programs, small=trouble == FULL) as server:
        _as_operator(server, f"CREATE ROLE {ROLE} LOGIN", f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        url = make_url(server.address).set(username=ROLE, database=ROLE)
        yield server, url.render_as_string(hide_password=False)


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """Its disk is full, of somebody else's files; where that has ended it, whoever looks after it starts it again."""
    with filled(server.home):
        yield
    if not server.is_there:
        server.start()


@contextmanager
def killed(server: Server) -> Iterator[None]:
    """It is killed, and started again."""
    server.kill()
    yield
    server.start()


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """It does nothing, and answers nobody."""
    server.pause()
    yield
    server.go_on()


@contextmanager
def without_connections(server: Server) -> Iterator[None]:
    """It throws everybody out, and has no connection left."""
    _as_operator(server, f"ALTER DATABASE {ROLE} CONNECTION LIMIT 0", THROW_OUT)
    yield
    _as_operator(server, f"ALTER DATABASE {ROLE} CONNECTION LIMIT -1")


@contextmanager
def read_only(server: Server) -> Iterator[None]:
    """It takes nothing new, as a standby does that is taken for the one that writes."""
    _as_operator(server, f"ALTER DATABASE {ROLE} SET default_transaction_read_only = on", THROW_OUT)
    yield
    _as_operator(server, f"ALTER DATABASE {ROLE} RESET default_transaction_read_only")


@contextmanager
def cut_off(server: Server) -> Iterator[None]:
    """All connections are cut, in the midst of whatever they do."""
    _as_operator(server, THROW_OUT)
    yield


def _as_operator(server: Server, *statements: str) -> None:
    asyncio.run(_run(server, statements))


async def _run(server: Server, statements: tuple[str, ...]) -> None:
    connection = await asyncpg.connect(server.address)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


SERVER_TROUBLES: dict[str, Callable[[Server], AbstractContextManager[None]]] = {
    "server killed": killed,
    "server stopped": stopped,
    "server without connections": without_connections,
    "server read-only": read_only,
    "connections cut": cut_off,
}
if may_mount():
    SERVER_TROUBLES[FULL] = full_disk
