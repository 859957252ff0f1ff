"""SQLite for whoever only looks: beside the bot that has the file, and without any chance to change it."""

import os
import sqlite3
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DatabaseError

from storage.database.base import CannotOpenError
from storage.database.open import is_there
from storage.database.sqlite_reader import SQLiteReader

STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""

PATIENCE = 5.0
"""Seconds to wait for a file that is locked for a moment."""


class SQLiteVisitor(SQLiteReader):
    """Reads a file on one connection, which neither writes nor moves the WAL. Raises CannotOpenError."""

    def __init__(self, file: Path) -> None:
        if not is_there(file):
            raise CannotOpenError(f"there is no file {file}")
        engine = create_engine(
            "sqlite://",
            creator=partial(_connect, file),
            poolclass=NullPool,
            pool_reset_on_return=None,
            hide_parameters=True,
        )
        super().__init__(engine, connections=1)

    async def copy_into(self, file: Path) -> None:
        """Write what was committed last into a file that is empty, as one that needs no other beside it."""

        def copy(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA query_only = OFF")  # the file is open for reading only; the copy is not
            try:
                connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
            finally:
                connection.exec_driver_sql("PRAGMA query_only = ON")

        await self.read(copy)

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


def _connect(file: Path) -> sqlite3.Connection:
    """Open a file to be read; on a disk that nobody can write to as it lies there, as no file can be made beside it."""
    address = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if _lies_still(file) else ''}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _lies_still(file: Path) -> bool:
    """Whether a file is on a disk that is mounted read-only, and has no WAL with what is newer than it."""
    wal = file.with_name(f"{file.name}-wal")
    return bool(os.statvfs(file).f_flag & os.ST_RDONLY) and not (wal.exists() and wal.stat().st_size)


def _flaws(connection: Connection) -> list[str]:
    """Rows and indexes that are damaged, and rows that refer to nothing."""
    found = [line for (line,) in connection.exec_driver_sql("PRAGMA quick_check(20)") if line != "ok"]
    lost = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    return [*found, *(f"rows of {table} refer to nothing" for table in sorted(lost))]
