"""A copy of an SQLite file, made beside the bot that has it, whole and looked through before it is there."""

import asyncio
import math
import os
import secrets
from pathlib import Path

from storage.database.base import CannotOpenError, in_words
from storage.database.read_only import SQLiteVisitor


class BackupError(Exception):
    """There is no backup; the text says why, and what to do."""


def back_up(database: Path, copy: Path) -> None:
    """Copy a database as it was committed last; the copy is there whole or not at all, for its owner alone to read.

    Not for where an event loop is running. Raises BackupError, also where there is such a file already, and where what
    was copied turns out to be damaged.
    """
    if os.path.lexists(copy):
        raise _is_there(copy)
    draft = copy.with_name(f"{copy.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            asyncio.run(_copy(database, draft))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.link(draft, copy)
    except FileExistsError:
        raise _is_there(copy) from None
    except OSError as error:
        raise BackupError(f"{copy} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _is_there(copy: Path) -> BackupError:
    return BackupError(f"{copy} is there already, and stays as it is. Name another file.")


async def _copy(database: Path, draft: Path) -> None:
    """Copy what is committed into an empty file, and look through that. Raises BackupError."""
    try:
        original = SQLiteVisitor(database)
    except CannotOpenError as error:
        raise BackupError(f"The database cannot be read: {error}. DATA_DIR or DATABASE_URL names it.") from error
    try:
        await original.copy_into(draft)
    except Exception as error:  # SQLite's, or the system's
        raise BackupError(f"The database cannot be copied: {in_words(error)}.") from error
    finally:
        await original.close()
    copied = SQLiteVisitor(draft)
    try:
        flaws = await copied.flaws(math.inf)
    finally:
        await copied.close()
    if flaws:
        raise BackupError(f"The database is damaged: {'; '.join(flaws[:3])}. racing-incident doctor says what to do.")
