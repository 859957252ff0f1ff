"""Going back to a copy of an SQLite file: looked through first, put in its place at once, and the former one kept."""

import datetime as dt
import os
import secrets
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from storage.database.backup import BackupError, copy_whole
from storage.database.file_lock import FileLockedError, lock_file
from storage.database.upgrades import ForeignError, TooNewError, UnfinishedError, known_revision


class RestoreError(Exception):
    """Nothing was restored; the text says why, and what to do."""


def restore(copy: Path, database: Path, now: dt.datetime) -> Path | None:
    """Put a copy in a database's place; where the former one is kept, None where there was none.

    A copy of an older version of the program is brought up to date at the next start. The copy itself stays. Whatever
    happens, either file is whole at the database's place. Not for where an event loop is running. Raises RestoreError,
    also while a bot has the database.
    """
    if not copy.is_file():
        raise RestoreError(f"There is no file {copy}.")
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if database.exists() and copy.samefile(database):
            raise RestoreError(f"{copy} is the database itself. Name a copy of it.")
        with lock_file(database):
            return _replace(copy, database, now)
    except FileLockedError as error:
        raise RestoreError(str(error)) from error
    except OSError as error:
        raise RestoreError(f"{database} cannot be replaced: {error.strerror}.") from error


def _replace(copy: Path, database: Path, now: dt.datetime) -> Path | None:
    draft = database.with_name(f"{database.name}.{secrets.token_hex(8)}")
    try:
        try:
            copy_whole(copy, draft)
        except BackupError as error:
            raise RestoreError(f"{copy} is no copy to go back to: {error}") from error
        _check(copy, draft)
        aside = _set_aside(database, now)
        draft.replace(database)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return aside


def _check(copy: Path, draft: Path) -> None:
    """Look whether a database is ours, and one that this version of the program knows. Raises RestoreError."""
    engine = create_engine(f"sqlite:///{draft}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if known_revision(connection) is None:
                raise RestoreError(f"{copy} is no database of Racing Incident's: it is empty.")
    except (TooNewError, ForeignError, UnfinishedError) as error:
        raise RestoreError(f"{copy} cannot be used. {error}") from error


def _set_aside(database: Path, now: dt.datetime) -> Path | None:
    """Give a database a second name, with all that was committed to it; None where there is none.

    Nothing is left beside it that belongs to it: SQLite would take a WAL for the next file's.
    """
    aside = named = database.with_name(f"{database.name}.{now:%Y-%m-%d-%H%M%S}")
    there = database.exists()
    if there:
        # What a killed bot left in the WAL goes into the file; where it is too damaged for that, the WAL goes along.
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in count(2):
            try:
                os.link(database, aside)
                break
            except FileExistsError:  # another one was kept in this second
                aside = named.with_name(f"{named.name}-{number}")
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).rename(aside.with_name(aside.name + ending))
    return aside if there else None
