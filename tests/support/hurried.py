"""SQLite files that wait for no disk: tests end before the power does, and what is killed leaves what it wrote."""

import sqlite3
from contextlib import suppress

from sqlalchemy import Connection

HURRIED = "hurried"


def hurried(connection: Connection) -> None:
    """Have a connection, whose commits wait for the disk by our own rule, not do so; for the event `engine_connect`.

    That is what `fsync = off` is to the tests' PostgreSQL server.
    """
    if connection.dialect.name == "sqlite" and HURRIED not in connection.info:
        connection.info[HURRIED] = True
        cursor = connection.connection.cursor()
        with suppress(sqlite3.DatabaseError):  # a damaged file is whoever's affair that opens it
            cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
