"""Connections to an SQLite file, each set up for what it is for."""

from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event

WAL_PAGES = 4_000
"""Pages in the WAL, 16 MB, from which on a commit moves them to the file: one that many votes change is moved once."""

WAL_KEPT = 32 * 2**20
"""Bytes of the WAL that stay on disk once all of it is in the file, after an import or a long read had it grow."""


def everyday_writer(url: URL) -> Engine:
    """The connection that votes are written on, and all else that people and platforms bring.

    What one of its statements would undo is kept in memory: for a thousand votes it is a megabyte, which SQLite would
    otherwise write to a file each time.
    """
    return writer(
        url,
        "foreign_keys = ON",
        f"wal_autocheckpoint = {WAL_PAGES}",
        f"journal_size_limit = {WAL_KEPT}",
        "temp_store = MEMORY",
    )


def writer(url: URL, *pragmas: str) -> Engine:
    """One connection, whose transactions begin where SQLAlchemy says so and not where the driver guesses.

    It is rolled back when it comes back: a COMMIT that fails, as on a full disk, leaves its transaction open, in which
    the next one could not begin.
    """
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_reset_on_return="rollback", hide_parameters=True)
    _prepare(engine, "secure_delete = ON", *pragmas)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def readers(url: URL) -> Engine:
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


def _prepare(engine: Engine, *pragmas: str) -> None:
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", connected)
