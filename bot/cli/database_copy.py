"""`racing-incident db copy --from … --to …`: a community moves to another database, as from a file to a server."""

import asyncio
import sys
from contextlib import AsyncExitStack
from time import time

from bot.app.settings import Settings
from storage.database.base import CannotOpenError, Database, InUseElsewhereError, in_words, what_to_do_about
from storage.database.copying import Copy, CopyError
from storage.database.faults import is_the_databases
from storage.database.limits import Limits
from storage.database.open import database_file, database_name, database_place, is_there, open_database

WRONG = 2
"""The exit code for what the person who typed the command can mend."""

PATIENT = Limits(connections=2, statement_timeout=0.0)
"""A server may take its time to count the rows of a large table."""

NO_ADDRESS = "That is no database's address. Say it like sqlite:///FILE or postgresql://user@host/name."

IN_USE = (
    "{name} is in use: a bot, or another copy, has it. Stop that first, and start it on the target when all is there;"
    " the platforms keep what is said meanwhile."
)

AGAIN = "Not all is copied: {why}.{known} Once that is mended, run the same command again: it goes on where it was."

DONE = (
    "{rows:,} rows are in {target}, each compared with its original. Set DATABASE_URL to it and start the bot; what"
    " pseudonyms are made with ({secret}) stays the same, and goes along to another machine."
)


def copy_database(settings: Settings, source: str | None, target: str) -> int:
    """Copy all of a database, the bot's own where no source is named; what becomes of it is printed.

    The exit code is 1 where not all is copied, and 2 where the addresses are wrong.
    """
    source = source or settings.database
    try:
        same = database_place(source) == database_place(target)
    except CannotOpenError:
        print(NO_ADDRESS, file=sys.stderr)
        return WRONG
    if same:
        print("The source and the target are one and the same database.", file=sys.stderr)
        return WRONG
    try:
        rows = asyncio.run(_copy(source, target))
    except (CannotOpenError, CopyError) as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:  # the driver's own, the system's, or SQLAlchemy's
        known = what_to_do_about(error)
        if known is None and not is_the_databases(error):
            raise
        known = f" {known}" if known else ""
        print(AGAIN.format(why=in_words(error), known=known), file=sys.stderr)
        return 1
    secret = "VOTER_SECRET" if settings.voter_secret else settings.data_dir / "voter-secret"
    print(DONE.format(rows=rows, target=database_name(target), secret=secret), file=sys.stderr)
    return 0


async def _copy(source: str, target: str) -> int:
    """How many rows there are, once all are there. Raises CannotOpenError, CopyError, and what the databases raise."""
    file = database_file(source)
    if file is not None and not is_there(file):
        raise CannotOpenError(f"There is no file {file}.")
    async with AsyncExitStack() as opened:
        copy = Copy(await _open(opened, source), await _open(opened, target), _tell)
        return await copy.run(int(time()))


async def _open(opened: AsyncExitStack, url: str) -> Database:
    try:
        database = open_database(url, PATIENT)
    except InUseElsewhereError as error:
        raise CannotOpenError(IN_USE.format(name=database_name(url))) from error
    except CannotOpenError as error:
        raise CannotOpenError(str(error).replace("DATABASE_URL", database_name(url))) from error
    opened.push_async_callback(database.close)
    return database


def _tell(table: str, rows: int) -> None:
    """Tell whoever waits that a table is copied."""
    if rows:
        print(f"{table}: {rows:,}", file=sys.stderr)
