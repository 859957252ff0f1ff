"""A copy of an SQLite file, made beside the bot that has it, whole and looked through before it is there."""

import asyncio
import math
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from storage.database.base import MALFORMED, CannotOpenError, in_words
from storage.database.read_only import SQLiteVisitor
from storage.database.remedies import what_to_do
from storage.database.upgrades import ForeignError, TooNewError, UnfinishedError, known_revision, revision


class BackupError(Exception):
    """There is no backup; the text says why, and what to do."""


def back_up(database: Path, copy: Path) -> None:
    """Copy our database, as `copy_whole` does. Raises BackupError, also where there is nothing of ours to copy."""
    if not os.path.lexists(copy):
        asyncio.run(_check_ours(database))
    copy_whole(database, copy)


def copy_whole(database: Path, copy: Path) -> None:
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


async def _check_ours(database: Path) -> None:
    """Look whether there is anything to copy; what a newer version of the program has is ours as well."""
    async with _visited(database) as original:
        try:
            found = await original.read(known_revision)
        except TooNewError:
            return
        except (ForeignError, UnfinishedError) as error:
            raise BackupError(str(error)) from error
    if found is None:
        raise BackupError("The database is empty: there is nothing to copy. DATA_DIR or DATABASE_URL names it.")


async def _copy(database: Path, draft: Path) -> None:
    """Copy what is committed into an empty file, and look through that. Raises BackupError."""
    async with _visited(database) as original:
        await original.read(revision)  # where the list of tables is damaged, this says so, and VACUUM something else
        await original.copy_into(draft)
    copied = SQLiteVisitor(draft)
    try:
        flaws = await copied.flaws(math.inf)
    finally:
        await copied.close()
    if flaws:
        raise BackupError(f"The database is damaged: {'; '.join(flaws[:3])}. racing-incident doctor says what to do.")


@asynccontextmanager
async def _visited(database: Path) -> AsyncIterator[SQLiteVisitor]:
    """A database to be read while this lasts. Raises BackupError for what SQLite says of it meanwhile."""
    try:
        original = SQLiteVisitor(database)
    except CannotOpenError as error:
        raise BackupError(f"The database cannot be read: {error}. DATA_DIR or DATABASE_URL names it.") from error
    try:
        yield original
    except (SQLAlchemyError, OSError, UnicodeError) as error:
        said = MALFORMED if isinstance(error, UnicodeError) else in_words(error)
        raise BackupError(f"The database cannot be copied: {said}. {what_to_do(said) or ''}".rstrip()) from error
    finally:
        await original.close()
