"""SQLite for whoever only looks: beside the bot that has the file, and without any chance to change it."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn
from urllib.parse import quote

from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from storage.database.base import CannotOpenError, Database, Result, Transaction

STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""

PATIENCE = 5.0
"""Seconds to wait for a file that is locked for a moment."""


class SQLiteVisitor(Database):
    """A file that is read by one connection, which neither writes nor moves the WAL. Raises CannotOpenError."""

    dialect = "sqlite"

    def __init__(self, file: Path) -> None:
        if not os.access(file, os.F_OK):
            raise CannotOpenError(f"there is no file {file}")
        self._file = file
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=StaticPool, hide_parameters=True)
        self._reading = ThreadPoolExecutor(1, "database-visitor")

    def _connect(self) -> sqlite3.Connection:
        address = f"file:{quote(str(self._file))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def insert(self, table: Table) -> sqlite.Insert:
        return sqlite.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        return await self._in_thread(partial(self._run, transaction))

    def _run(self, transaction: Transaction[Result]) -> Result:
        with self._engine.connect() as connection:
            return transaction(connection)

    async def write(self, transaction: Transaction[Result]) -> NoReturn:  # noqa: ARG002 - the base's
        raise PermissionError("a visitor changes nothing")

    async def migrate(self, transaction: Transaction[Result]) -> NoReturn:  # noqa: ARG002 - the base's
        raise PermissionError("a visitor changes nothing")

    async def flaws(self, within: float) -> list[str] | None:
        """What SQLite finds wrong with the file, in its words; None where it was not done within so many seconds."""
        until = monotonic() + within

        def look(connection: Connection) -> list[str] | None:
            own: Any = connection.connection.driver_connection
            own.set_progress_handler(lambda: monotonic() > until, STEPS)
            try:
                return _flaws(connection)
            except DatabaseError as error:
                if "interrupted" in str(error.orig):
                    return None
                return [str(error.orig)]
            finally:
                own.set_progress_handler(None, STEPS)

        return await self.read(look)

    async def close(self) -> None:
        await self._in_thread(self._engine.dispose)
        self._reading.shutdown()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._reading, work)


def _flaws(connection: Connection) -> list[str]:
    """Rows and indexes that are damaged, and rows that refer to nothing."""
    found = [line for (line,) in connection.exec_driver_sql("PRAGMA quick_check(20)") if line != "ok"]
    lost = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    return [*found, *(f"rows of {table} refer to nothing" for table in sorted(lost))]
