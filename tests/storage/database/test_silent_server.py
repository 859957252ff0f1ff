"""A server that takes a connection and then says nothing, at once or after it let us in: nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from storage.database.base import CannotOpenError
from storage.database.faults import is_the_databases
from storage.database.limits import Limits
from storage.database.open import open_database
from tests.storage.database.impatience import A_MOMENT, be_impatient

LIMITS = Limits(connections=2, statement_timeout=A_MOMENT, patience=A_MOMENT)


def message(kind: bytes, said: bytes) -> bytes:
    """What a server says, in the form in which PostgreSQL does."""
    return kind + (4 + len(said)).to_bytes(4, "big") + said


NO_TLS = b"N"
LET_IN = b"".join(
    (
        message(b"R", bytes(4)),
        *(message(b"S", said) for said in (b"server_version\x0016.1\0", b"client_encoding\0UTF8\0")),
        message(b"Z", b"I"),
    )
)
"""What a server says to a user of whom it asks no password: that is you, this is who I am, and I am ready."""


@asynccontextmanager
async def silent_after(answers: list[bytes]) -> AsyncIterator[str]:
    """The address of a server that takes connections and says no more than so many answers on each."""
    taken = list[asyncio.StreamWriter]()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)
        for answer in answers:
            await reader.read(10_000)
            writer.write(answer)
        await reader.read()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"postgresql://racing@127.0.0.1:{server.sockets[0].getsockname()[1]}/racing"
    finally:
        for each in taken:
            each.close()
        server.close()


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    be_impatient(monkeypatch)


SILENT = pytest.mark.parametrize("answers", [[], [NO_TLS], [NO_TLS, LET_IN]], ids=["at once", "plain", "let in"])


@SILENT
async def test_a_start_says_that_it_is_not_reached(answers: list[bytes]) -> None:
    async with silent_after(answers) as url, asyncio.timeout(30):
        database = open_database(url, LIMITS)
        with pytest.raises(CannotOpenError, match=r"^The database server is not reached: .* Look whether it is up"):
            await database.upgrade()
        await database.close()


@SILENT
async def test_who_reads_writes_or_tells_is_told(answers: list[bytes]) -> None:
    async with silent_after(answers) as url, asyncio.timeout(60):
        database = open_database(url, LIMITS)
        assert database.notifications
        for asked in (
            database.read(lambda connection: connection.scalar(text("SELECT 44"))),
            database.write(lambda connection: connection.scalar(text("SELECT 44"))),
            database.notifications.tell(["something"]),
        ):
            with pytest.raises(Exception) as silent:  # noqa: PT011
                await asked
            assert is_the_databases(silent.value)
        await database.close()
