"""SQLite: a file that many read and one connection writes."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiosqlite
from sqlalchemy import URL, Connection, Engine, NullPool, Table, create_engine, event
from sqlalchemy.dialects import sqlite

from storage.database.base import CannotOpenError, Database, InUseElsewhereError, Result, Transaction
from storage.database.file_lock import FileLockedError, lock_file

if TYPE_CHECKING:
    import sqlite3

READERS = 2
"""Connections that read side by side."""


class SQLite(Database):
    """A file. Reads go through aiosqlite, side by side; writes through one connection in a thread of its own.

    One, because before 3.51.3 two can corrupt the WAL between them, and one is faster. In a thread, because a whole
    transaction then costs the event loop one hop; with a hop or more for every statement, a lone vote takes twice as
    long. Reads that come at the same time share a hop: that costs a tenth of a hop for every statement of each.
    """

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="sqlite")
        self._own = ExitStack()
        try:
            self._own.enter_context(lock_file(Path(str(url.database))))
        except FileLockedError as error:
            raise InUseElsewhereError(str(error)) from error
        except OSError as error:
            raise CannotOpenError(f"{url.database} cannot be opened: {error.strerror}.") from error
        self._readers = _readers(self._url)
        self._asked: list[_Read] = []
        self._reading: set[asyncio.Task[None]] = set()
        self._idle: list[aiosqlite.Connection] = []
        self._writer = _writer(self._url, "foreign_keys = ON")
        self._writing = ThreadPoolExecutor(1, "database-writer")

    def insert(self, table: Table) -> sqlite.Insert:
        return sqlite.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        read = _Read(transaction, asyncio.get_running_loop().create_future())
        self._asked.append(read)
        if len(self._reading) < READERS:
            self._reading.add(asyncio.create_task(self._read()))
        return cast("Result", await read.answer)

    async def write(self, transaction: Transaction[Result]) -> Result:
        return await self._in_thread(partial(_run, self._writer, transaction))

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        return await self._in_thread(partial(_migrate, self._url, transaction))

    async def close(self) -> None:
        await asyncio.gather(*self._reading)
        for reader in self._idle:
            await reader.close()
        # The writer goes last, as the last connection to go moves all that is in the WAL into the file.
        await self._in_thread(self._writer.dispose)
        self._writing.shutdown()
        self._own.close()

    async def _read(self) -> None:
        """Answer all that is asked, what has gathered meanwhile in one go."""
        reads: list[_Read] = []
        try:
            reader = self._idle.pop() if self._idle else await _connect(self._readers)
            while reads := self._taken():
                await reader.execute_fetchall("", reads)
                for read in reads:
                    read.tell()
            self._idle.append(reader)
        except Exception as error:
            for read in (*reads, *self._taken()):
                read.fail(error)
        finally:
            # Here, and not once the task is done: a read that is asked for in between would wait for ever.
            self._reading.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _taken(self) -> "list[_Read]":
        reads, self._asked = self._asked, []
        return reads

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._writing, work)


def _run(engine: Engine, transaction: Transaction[Result]) -> Result:
    with engine.begin() as connection:
        return transaction(connection)


def _migrate(url: URL, transaction: Transaction[Result]) -> Result:
    """Migrate with foreign keys off, as a table that is rebuilt is dropped in between; they are checked at the end."""

    def checked(connection: Connection) -> Result:
        result = transaction(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise RuntimeError("the migration would leave rows that refer to nothing")
        return result

    engine = _writer(url, "foreign_keys = OFF")
    try:
        return _run(engine, checked)
    finally:
        engine.dispose()


def _writer(url: URL, pragma: str) -> Engine:
    """One connection, whose transactions begin where SQLAlchemy says so and not where the driver guesses."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_reset_on_return=None, hide_parameters=True)
    _prepare(engine, pragma)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _readers(url: URL) -> Engine:
    """Connections that cannot write, and never move the WAL."""
    engine = create_engine(
        url,
        poolclass=NullPool,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,
    )
    _prepare(engine, "query_only = ON", "wal_autocheckpoint = 0")
    return engine


async def _connect(readers: Engine) -> aiosqlite.Connection:
    connect = cast("Callable[[], sqlite3.Connection]", partial(_Reader, readers))
    return await aiosqlite.Connection(connect, iter_chunk_size=1)


def _prepare(engine: Engine, *pragmas: str) -> None:
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", connected)


class _Read:
    """A function that reads, and whoever waits for its answer."""

    def __init__(self, transaction: Transaction[Any], answer: "asyncio.Future[Any]") -> None:
        self.answer = answer
        self._transaction = transaction
        self._result: Any = None
        self._error: Exception | None = None

    def run(self, connection: Connection) -> None:
        """Read, in the connection's thread."""
        try:
            self._result = self._transaction(connection)
        except Exception as error:
            self._error = error
        finally:
            connection.rollback()

    def fail(self, error: Exception) -> None:
        """Say that it cannot be read."""
        self._error = error
        self.tell()

    def tell(self) -> None:
        """Answer whoever still waits, in the event loop's thread."""
        if self.answer.done():
            return
        if self._error is None:
            self.answer.set_result(self._result)
        else:
            self.answer.set_exception(self._error)


class _Reader:
    """What aiosqlite takes for a connection: to it several reads are one statement, without rows."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()

    def execute(self, _sql: str, reads: list[_Read]) -> "_Reader":
        """Run the reads that are given in place of parameters."""
        for read in reads:
            read.run(self._connection)
        return self

    def fetchall(self) -> tuple[()]:
        """No rows: each read keeps its own result."""
        return ()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
