"""SQLite files that wait for no disk: tests end before the power does, and what is killed leaves what it wrote."""

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry

HURRIED = "hurried"


def hurried(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Have a connection, whose commits wait for the disk by our own rule, not do so; for the event `checkout` of pools.

    That is what `fsync = off` is to the tests' PostgreSQL server.
    """
    if isinstance(connection, sqlite3.Connection) and HURRIED not in entry.info:
        entry.info[HURRIED] = True
        with suppress(sqlite3.DatabaseError):  # a damaged file is whoever's affair that opens it
            connection.execute("PRAGMA synchronous = OFF")
