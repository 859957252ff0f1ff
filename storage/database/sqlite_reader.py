"""Reading SQLite: whole reads, each on a connection that aiosqlite keeps in a thread of its own.

A read is a function of a SQLAlchemy `Connection`, and runs from its first statement to its last in that thread. So it
costs the event loop one hop there and back. SQLAlchemy's own `sqlite+aiosqlite` makes several for every statement, at
which `/crash` takes twice as much CPU.
"""

import asyncio
import sqlite3

import aiosqlite
from sqlalchemy import Connection, Engine

from storage.database.base import Reader, Result, Transaction
from storage.database.faults import ClosedError


class SQLiteReader(Reader):
    """Reads side by side on at most so many connections; each is opened when there is need for it.

    A read goes to the connection that has the fewest to do. There it waits in aiosqlite's queue: the next one begins
    when the one before has ended, and not only when the event loop comes by.
    """

    dialect = "sqlite"

    def __init__(self, engine: Engine, connections: int) -> None:
        self._threads = [_Thread(engine) for _ in range(connections)]
        self._closed = False

    async def read(self, transaction: Transaction[Result]) -> Result:
        """Run a function that only reads on the connection that has the fewest to do. Raises ClosedError."""
        if self._closed:  # or one that was not needed before would be opened now, and its thread never end
            raise ClosedError
        return await min(self._threads, key=lambda thread: thread.reads).read(transaction)

    async def close(self) -> None:
        """Take nothing more, finish what is running, and close each connection in its thread."""
        self._closed = True
        for thread in self._threads:
            await thread.close()


class _Thread:
    """A connection, and the thread in which aiosqlite opens, uses and closes it."""

    def __init__(self, engine: Engine) -> None:
        self.reads = 0
        """How many wait for an answer from it."""

        self._engine = engine
        self._connection: Connection
        self._failure: Exception | None = None
        self._aiosqlite: aiosqlite.Connection | None = None
        self._opening: asyncio.Task[aiosqlite.Connection] | None = None

    async def read(self, transaction: Transaction[Result]) -> Result:
        self.reads += 1
        try:
            opened = self._aiosqlite or await self._open()
            # aiosqlite has no public way to run a function in its thread. All its own methods go through this one.
            result: Result = await opened._execute(self._run, transaction)  # type: ignore[no-untyped-call] # noqa: SLF001
            return result
        finally:
            self.reads -= 1

    async def _open(self) -> aiosqlite.Connection:
        """Open it once, for all who wait for it; it is opened also where none of them does any more."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._opened())
        return await asyncio.shield(self._opening)

    async def _opened(self) -> aiosqlite.Connection:
        try:
            opened = await aiosqlite.Connection(self._connect, iter_chunk_size=1)
            if self._failure is not None:
                await opened.close()
                raise self._failure
            self._aiosqlite = opened
            return opened
        finally:
            self._opening = None

    def _connect(self) -> sqlite3.Connection:
        """Open the file by SQLAlchemy; aiosqlite is given the connection beneath, as it wants to have opened one.

        Where that fails, aiosqlite would leave its thread to itself, which may outlive the event loop; so it is given
        another connection, to be closed.
        """
        try:
            self._connection, self._failure = self._engine.connect(), None
        except Exception as error:
            self._failure = error
            return sqlite3.connect(":memory:", check_same_thread=False)
        opened = self._connection.connection.driver_connection
        assert isinstance(opened, sqlite3.Connection)  # noqa: S101 - so says the engine's address
        return opened

    def _run(self, transaction: Transaction[Result]) -> Result:
        try:
            return transaction(self._connection)
        finally:
            self._connection.rollback()

    async def close(self) -> None:
        """Close it, after all that waits has been read."""
        if self._opening is not None:
            await asyncio.wait({self._opening})
        opened, self._aiosqlite = self._aiosqlite, None
        if opened is not None:
            await opened._execute(self._connection.close)  # type: ignore[no-untyped-call] # noqa: SLF001
            await opened.close()
