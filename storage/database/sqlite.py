"""SQLite: a file that many read and one connection writes."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from errno import ENOENT
from functools import partial
from os.path import samestat
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import URL, Connection, Engine, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError

from storage.database.base import CannotOpenError, Database, InUseElsewhereError, Result, Transaction, opening, unopened
from storage.database.faults import ClosedError
from storage.database.file_lock import BESIDE, FileLockedError, lock_file
from storage.database.sqlite_connections import everyday_writer, readers, writer
from storage.database.sqlite_reader import SQLiteReader
from storage.database.upgrades import Upgrade
from storage.private_files import close_to_others, make_file

READERS = 2
"""Connections that read side by side."""

TRIES, A_READ = 10, 0.05
"""How often it is tried to empty the WAL while somebody reads it, and the seconds between two tries."""

GONE = "the database's file was deleted or replaced; put it back, and start anew"

log = structlog.get_logger(__name__)


class SQLite(Database):
    """A file. Reads run side by side, see `sqlite_reader`; writes on one connection in a thread of its own.

    One connection, because before SQLite 3.51.3 two that write can corrupt the WAL, and one is faster. In a thread,
    because a whole transaction then costs the event loop one hop there and back; with a hop or more for every
    statement, a lone vote takes twice as long.
    """

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="sqlite")
        self._lock = ExitStack()
        try:
            file = Path(str(url.database))
            self._lock.enter_context(lock_file(file))
            make_file(file)  # before SQLite does, which gives what is beside it the same rights
            for beside in BESIDE:
                close_to_others(file.with_name(file.name + beside))
            self._file, self._opened = file, file.stat()
        except FileLockedError as error:
            raise InUseElsewhereError(str(error)) from error
        except OSError as error:
            raise unopened(str(url.database), error) from error
        self._reader = SQLiteReader(readers(self._url), READERS)
        self._writer = everyday_writer(self._url)
        self._writing = ThreadPoolExecutor(1, "database-writer")
        self._closed = False

    @staticmethod
    def insert(table: Table) -> sqlite.Insert:
        """An INSERT that knows ON CONFLICT."""
        return sqlite.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        """Run a function that only reads on one of the reading connections."""
        return await self._reader.read(transaction)

    async def write(self, transaction: Transaction[Result]) -> Result:
        """Run a function in a transaction in the writer's thread, one after the other; its result, once committed.

        Raises FileNotFoundError where the file was deleted or replaced since it was opened: SQLite would go on writing
        into what nobody can ever read again.
        """
        return await self._in_thread(partial(self._run, transaction))

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        """Run a function that may change the tables in the writer's thread, on a connection of its own."""
        result = await self._in_thread(partial(_migrate, self._url, transaction))
        await self._in_thread(self._writer.dispose)  # a connection may go on believing in the tables of before
        return result

    async def scrub(self) -> None:
        """Move all that is in the WAL into the file, where what is deleted is overwritten, and empty the WAL.

        It is tried again for a moment where somebody reads; where they go on, at the next start.
        """
        for _ in range(TRIES):
            if await self._in_thread(partial(_empty_wal, self._writer)):
                return
            await asyncio.sleep(A_READ)
        log.warning("database.not_scrubbed", reason="somebody is reading it")

    async def upgrade(self) -> Upgrade:
        """Bring the tables up to date, and leave no copy of what was deleted, by an earlier version either.

        Raises CannotOpenError.
        """
        done = await super().upgrade()
        if done.before not in {None, done.after}:
            await self._rebuild()
        with opening():
            await self.scrub()
        return done

    async def _rebuild(self) -> None:
        """Write the file anew, without what earlier versions deleted and did not overwrite; that takes as much room."""
        try:
            await self._in_thread(partial(_rebuild, self._url))
        except OperationalError as error:
            log.warning("database.not_scrubbed", reason=str(error.orig))

    async def close(self) -> None:
        """Let go of the readers, the writer and the file's lock, in this order, once what is running has ended."""
        if self._closed:
            return
        self._closed = True
        await self._reader.close()
        # The writer goes last, as the last connection to go moves all that is in the WAL into the file.
        await asyncio.get_running_loop().run_in_executor(self._writing, self._writer.dispose)
        self._writing.shutdown()
        self._lock.close()

    def _run(self, transaction: Transaction[Result]) -> Result:
        self._be_in_place()
        result = _run(self._writer, transaction)
        self._be_in_place()  # or what was committed went with the file meanwhile, and is not to be acknowledged
        return result

    def _be_in_place(self) -> None:
        """Raises FileNotFoundError where the file by the database's name is not the one that was opened."""
        with suppress(OSError):
            if samestat(self._file.stat(), self._opened):
                return
        raise FileNotFoundError(ENOENT, GONE, str(self._file))

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        """Do something in the writer's thread, after what it has to do already. Raises ClosedError."""
        if self._closed:
            raise ClosedError
        return await asyncio.get_running_loop().run_in_executor(self._writing, work)


def _run(engine: Engine, transaction: Transaction[Result]) -> Result:
    with engine.begin() as connection:
        return transaction(connection)


def _rebuild(url: URL) -> None:
    """Write the file anew on a connection of its own, whose copy is not in memory."""
    engine = writer(url)
    try:
        _alone(engine, "VACUUM")
    finally:
        engine.dispose()


def _alone(engine: Engine, statement: str) -> Any:
    """Run a statement that cannot be part of a transaction, on the driver's connection; its first row."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def _empty_wal(engine: Engine) -> bool:
    """Empty the WAL; False where somebody still reads what is in it, who is not waited for, as votes would be too."""
    with _impatient(engine):
        busy, *_pages = _alone(engine, "PRAGMA wal_checkpoint(TRUNCATE)")
    return not busy


@contextmanager
def _impatient(engine: Engine) -> Iterator[None]:
    """Let the connection wait for nobody while this lasts."""
    (patience,) = _alone(engine, "PRAGMA busy_timeout")
    _alone(engine, "PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        _alone(engine, f"PRAGMA busy_timeout = {patience}")


def _migrate(url: URL, transaction: Transaction[Result]) -> Result:
    """Migrate with foreign keys off, as a table that is rebuilt is dropped in between; they are checked at the end.

    That reads every row, so it is left out where nothing was written, as at most starts; a migration writes its number.
    """

    def checked(connection: Connection) -> Result:
        own: Any = connection.connection.driver_connection
        before = own.total_changes
        result = transaction(connection)
        if own.total_changes != before and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise RuntimeError("the migration would leave rows that refer to nothing")
        return result

    engine = writer(url, "foreign_keys = OFF")
    try:
        _look_into(engine, url)
        return _run(engine, checked)
    finally:
        engine.dispose()


def _look_into(engine: Engine, url: URL) -> None:
    """Read a file's table of contents, which one that is no database, or a damaged one, does not have.

    Raises CannotOpenError.
    """
    try:
        with opening(), engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except CannotOpenError as error:
        raise CannotOpenError(str(error).replace("The database", str(url.database), 1)) from error.__cause__
