"""Reading SQLite: whole reads, each on a connection that aiosqlite keeps in a thread of its own.

A read is a function of a SQLAlchemy `Connection`, and runs from its first statement to its last in that thread. So it
costs the event loop one hop there and back. SQLAlchemy's own `sqlite+aiosqlite` makes several for every statement, at
which `/crash` takes twice as much CPU.
"""

import asyncio
import sqlite3
from contextlib import AsyncExitStack

import aiosqlite
from sqlalchemy import Connection, Engine

from storage.database.base import Reader, Result, Transaction


class SQLiteReader(Reader):
    """Reads side by side on at most so many connections; each is opened when there is need for it."""

    dialect = "sqlite"

    def __init__(self, engine: Engine, connections: int) -> None:
        self._engine = engine
        self._connections = connections
        self._free = asyncio.Semaphore(connections)
        self._idle: list[_Thread] = []

    async def read(self, transaction: Transaction[Result]) -> Result:
        async with self._free:
            thread = self._idle.pop() if self._idle else await _Thread.started(self._engine)
            try:
                return await thread.run(transaction)
            finally:
                # Also where nobody waits for the answer any more: what is asked for next waits in the thread's queue.
                self._idle.append(thread)

    async def close(self) -> None:
        async with AsyncExitStack() as stack:
            for _ in range(self._connections):
                await stack.enter_async_context(self._free)
            while self._idle:
                await self._idle.pop().close()


class _Thread:
    """A connection, and the thread in which aiosqlite opens, uses and closes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._aiosqlite = aiosqlite.Connection(self._connect, iter_chunk_size=1)
        self._connection: Connection

    @classmethod
    async def started(cls, engine: Engine) -> "_Thread":
        thread = cls(engine)
        await thread._aiosqlite
        return thread

    def _connect(self) -> sqlite3.Connection:
        """Open the file by SQLAlchemy; aiosqlite is given the connection beneath, as it wants to have opened one."""
        self._connection = self._engine.connect()
        opened = self._connection.connection.driver_connection
        assert isinstance(opened, sqlite3.Connection)  # noqa: S101 - so says the engine's address
        return opened

    async def run(self, transaction: Transaction[Result]) -> Result:
        # aiosqlite has no public way to run a function in its thread. All its own methods go through this one.
        result: Result = await self._aiosqlite._execute(self._run, transaction)  # type: ignore[no-untyped-call] # noqa: SLF001
        return result

    def _run(self, transaction: Transaction[Result]) -> Result:
        try:
            return transaction(self._connection)
        finally:
            self._connection.rollback()

    async def close(self) -> None:
        await self.run(Connection.close)
        await self._aiosqlite.close()
