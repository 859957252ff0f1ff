"""Moving a community: all rows of one database into another, page by page, and held against each other at the end.

While it lasts the target's revision is one that no version of the program knows, so that no bot begins on half a
community; it is given its own in the last transaction, together with all else that makes it whole. Whoever is stopped
at any point goes on by the same means: what is there already is found by its key, and left alone where it is the same;
what is another by now is set right, and what has gone from the source goes.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from enum import Enum, auto
from functools import partial
from hashlib import blake2b
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, exists, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.ddl import sort_tables

from storage import tables
from storage.database.base import Database, in_words
from storage.database.faults import is_the_databases
from storage.database.notifications import somebody_listens
from storage.database.row_pages import Key, Page, RowPages
from storage.database.upgrades import LATEST, UNFINISHED, VERSION, revision, upgrade

Result = TypeVar("Result")

EVERYTHING = [*tables.metadata.tables.values()]

WRITING = sort_tables(EVERYTHING, extra_dependencies=tables.COUNTED)
"""Whatever is referred to comes first; tallies after the votes, whose triggers write them."""

DELETING = [*reversed(sort_tables(EVERYTHING, extra_dependencies=[(tally, votes) for votes, tally in tables.COUNTED]))]
"""Whatever refers to another comes first; tallies after the votes here too."""

REVISION_LENGTH = 32
"""Characters that a revision may have."""


class CopyError(Exception):
    """Nothing was copied, or not all; the text says why, and what to do."""


class Target(Enum):
    """How a target is found."""

    EMPTY = auto()
    BEGUN = auto()
    FILLED = auto()


class Copy:
    """One database on its way into another; `told` hears of each table that is done, and how many rows it has."""

    def __init__(self, source: Database, target: Database, told: Callable[[str, int], object]) -> None:
        self._source = source
        self._target = target
        self._told = told
        self._pages = {table: (RowPages(source, table), RowPages(target, table)) for table in WRITING}
        self._mark = ""

    async def run(self, now: int) -> int:
        """Copy what is missing, and hold each row against its original; how many rows there are.

        A target that has all rows already stays as it is. Nobody may write to the source meanwhile; `now`, in seconds
        since 1970, tells whether somebody does where several may. Raises CopyError, and whatever the databases raise.
        """
        self._mark = await self._source.read(_mark_of)
        if self._source.notifications is not None:
            await self._source.read(partial(_at_rest, now=now))
        target = await self._target.migrate(partial(_begin, mark=self._mark))
        if target is Target.FILLED:
            return await self._compare(OTHER_ROWS)
        try:
            if target is Target.BEGUN:
                for table in DELETING:
                    await self._prune(table)
            for table in WRITING:
                await self._fill(table)
        except DBAPIError as error:
            if is_the_databases(error):
                raise
            raise CopyError(UNFIT.format(said=in_words(error))) from error
        rows = await self._compare(DIFFERENCE)
        await self._write(partial(_finish, target=self._target))
        return rows

    async def _prune(self, table: Table) -> None:
        """Delete the target's rows that the source does not have any more."""
        ours, theirs = self._pages[table]
        async for page in _through(self._target, theirs):
            kept = await self._source.read(partial(ours.found, keys=[*page]))
            gone = [key for key in page if key not in kept]
            if gone:
                await self._write(partial(theirs.delete, keys=gone))

    async def _fill(self, table: Table) -> None:
        """Write the source's rows that the target does not have, or has otherwise."""
        ours, theirs = self._pages[table]
        count = 0
        async for page in _through(self._source, ours):
            there = await self._target.read(partial(theirs.found, keys=[*page]))
            missing = [row for key, row in page.items() if there.get(key) != row]
            if missing:
                await self._write(partial(theirs.write, rows=missing))
            count += len(page)
        self._told(table.name, count)

    async def _compare(self, difference: str) -> int:
        """How many rows there are. Raises CopyError at the first that is not on both sides, and the same on both."""
        rows = 0
        for table, (ours, theirs) in self._pages.items():
            count = 0
            async for page in _through(self._source, ours):
                if await self._target.read(partial(theirs.found, keys=[*page])) != page:
                    raise CopyError(difference.format(table=table.name))
                count += len(page)
            if await self._target.read(theirs.count) != count:
                raise CopyError(difference.format(table=table.name))
            rows += count
        return rows

    async def _write(self, transaction: Callable[[Connection], Result]) -> Result:
        """Write to the target as long as it is this copy, and not finished, by another process either."""

        def marked(connection: Connection) -> Result:
            if connection.scalar(select(VERSION.c.version_num).with_for_update()) != self._mark:
                raise CopyError("Somebody else finished this copy meanwhile. Run it again, to have it compared.")
            return transaction(connection)

        return await self._target.write(marked)


async def _through(database: Database, pages: RowPages) -> AsyncIterator[Page]:
    """All pages of a table, one after the other."""
    key: Key | None = None
    while True:
        page = await database.read(partial(pages.after, key=key))
        if page:
            yield page
        if len(page) < pages.size:
            return
        key = [*page][-1]


UNFIT = (
    "A row of the source does not fit into the target: {said}. Where the source has changed since the copy was begun,"
    " empty the target and begin anew."
)

OTHER_ROWS = (
    "The target has rows that are not this copy's, or has gone on since: the first that differ are in {table}."
    " Nothing was changed. Name a database that is empty."
)

DIFFERENCE = (
    "The copy is not the same as its source: rows of {table} differ, as somebody wrote to one of the two meanwhile."
    " Stop whoever that is, and run the same command again: it sets them right."
)


def _mark_of(connection: Connection) -> str:
    """What a copy of this database has as its revision until it is whole: by it a second one is told from it.

    Raises CopyError.
    """
    found = revision(connection)
    if found is not None and found.startswith(UNFINISHED):
        raise CopyError("The source is itself a copy that is not whole yet. Finish that one first.")
    if found != LATEST:
        raise CopyError(
            f"The source is at revision {found or 'none'}, and this version of Racing Incident copies {LATEST}."
            " Start the version that you have on it once, which brings it up to date, and stop it again."
        )
    fingerprint = connection.scalar(select(tables.secret_fingerprint.c.fingerprint)) or b""
    digest = blake2b(fingerprint, digest_size=(REVISION_LENGTH - len(UNFINISHED)) // 2).hexdigest()
    return UNFINISHED + digest


def _at_rest(connection: Connection, now: int) -> None:
    """Look whether a bot runs on the source: listens there, or has a role that only one has. Raises CopyError."""
    if somebody_listens(connection) or connection.scalar(select(exists().where(tables.lease.c.expires_at > now))):
        raise CopyError("A bot runs on the source, or did a minute ago. Stop it, and try again in a minute.")


def _begin(connection: Connection, mark: str) -> Target:
    """Make the tables where there are none, and mark a database without rows as this copy. Raises CopyError."""
    found = revision(connection)
    if found == mark:
        return Target.BEGUN
    if found is not None and found.startswith(UNFINISHED):
        raise CopyError("Another community is being copied into the target. Finish that, or name an empty database.")
    if found is None:
        upgrade(connection)
    elif found != LATEST:
        raise CopyError(f"The target is a database at revision {found}, not {LATEST}. Name one that is empty.")
    if connection.scalar(select(_any_rows(EVERYTHING))):
        return Target.FILLED
    connection.execute(update(VERSION).values(version_num=mark))
    return Target.EMPTY


def _any_rows(among: Sequence[Table]) -> ColumnElement[bool]:
    return or_(*(exists(select(1).select_from(table)) for table in among))


def _finish(connection: Connection, target: Database) -> None:
    target.settle(connection)
    connection.execute(update(VERSION).values(version_num=LATEST))
