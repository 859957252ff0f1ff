"""The database: transactions in, one after the other; reads beside them; its tables brought up to date on start.

A transaction is a plain function of a `Connection`, in which nothing else can be awaited: on SQLite it runs in the
writer's thread, on PostgreSQL on asyncpg.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

import structlog
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from storage.database.faults import is_the_databases, sqlstate
from storage.database.remedies import BY_WORDS, LOOK, what_to_do
from storage.database.upgrades import (
    LATEST,
    ForeignError,
    TooNewError,
    TooOldError,
    UnfinishedError,
    Upgrade,
    look,
    upgrade,
)

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    from storage.database.notifications import Notifications

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
Transaction = Callable[[Connection], Result]


class CannotOpenError(Exception):
    """The database cannot be opened; the text says why, and what to do."""


class InUseElsewhereError(CannotOpenError):
    """Another process has the file."""


class Reader(ABC):
    """What is stored, to be looked at and not to be changed."""

    dialect: ClassVar[Literal["sqlite", "postgresql"]]
    """For statements that the two do not write alike."""

    @abstractmethod
    async def read(self, transaction: Transaction[Result]) -> Result:
        """Run a function that only reads, on what was committed last; each of its statements by itself.

        Raises ClosedError, as all else does, once it is being closed.
        """

    @abstractmethod
    async def close(self) -> None:
        """Take nothing more, finish what is running, and let go of the connections."""


class Database(Reader):
    """Where everything is kept: SQLite in a file, or PostgreSQL."""

    notifications: "Notifications | None" = None
    """What several processes tell each other; None where there is never more than one."""

    @abstractmethod
    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An INSERT that knows ON CONFLICT."""

    @abstractmethod
    async def write(self, transaction: Transaction[Result]) -> Result:
        """Run a function in a transaction; what it returns comes back once that is committed, durably.

        Whatever it raises is raised here, and nothing of it is kept.
        """

    async def write_each(self, statements: Transaction[Result]) -> Result:
        """Run a function whose statements need not be one transaction: on a server each is one, on SQLite they all are.

        Whatever it raises is raised here, and nothing is kept of the statement that did.
        """
        return await self.write(statements)

    @abstractmethod
    async def migrate(self, transaction: Transaction[Result]) -> Result:
        """Run a function that may change the tables, all or nothing."""

    def settle(self, connection: Connection) -> None:
        """Have ids count on after rows that came with theirs, and the planner know of them, in a transaction."""

    async def scrub(self) -> None:
        """Leave no copy of what was deleted in files that are ours; a server's are its own affair."""

    async def upgrade(self) -> Upgrade:
        """Bring the tables up to date; which revision they had, and have.

        Tables of a newer version stay as they are, where it noted that this one works on them. Raises CannotOpenError
        where it did not, or where they are of another program, damaged, or a copy that is not whole yet.
        """
        try:
            with opening():
                done = await self.migrate(upgrade)
        except (TooNewError, ForeignError, UnfinishedError) as error:
            raise CannotOpenError(str(error)) from error
        if done.before != done.after:
            log.info("database.upgraded", before=done.before, after=done.after)
        elif done.after != LATEST:
            log.info("database.newer", revision=done.after, ours=LATEST)
        return done

    async def look(self) -> None:
        """Look whether the tables are those of this version, for who only reads them. Raises CannotOpenError."""
        try:
            with opening():
                await self.read(look)
        except (TooNewError, TooOldError, ForeignError, UnfinishedError) as error:
            raise CannotOpenError(str(error)) from error


MALFORMED = "database disk image is malformed"
"""What SQLite says of a file that is damaged."""


SQLITE_PRIMARY = 0xFF
"""The bits of SQLite's codes that say what an error is; the others say more of it."""

SQLITE_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""What befalls a database, whatever it is asked."""


@contextmanager
def opening() -> Iterator[None]:
    """Say in a sentence why a database cannot be opened, where somebody can do something about it.

    Raises CannotOpenError; what is a mistake of the program's own stays as it is.
    """
    try:
        yield
    except UnicodeError as error:  # what SQLite reads from a page of noise may be no text at all
        raise CannotOpenError(f"The database cannot be opened. {BY_WORDS['malformed']}") from error
    except Exception as error:  # the driver's own, the system's, or SQLAlchemy's
        known = what_to_do_about(error)
        if known is None:
            raise
        raise CannotOpenError(f"The database cannot be opened: {in_words(error)}. {known}") from error


def unopened(file: str, error: Exception) -> CannotOpenError:
    """That a file cannot be opened, why, and what to do where that is known."""
    said = in_words(error)
    return CannotOpenError(" ".join(filter(None, (f"{file} cannot be opened: {said}.", what_to_do(said)))))


def what_to_do_about(error: Exception) -> str | None:
    """What to do about an error; None where it is a mistake of the program's own, or none of the database's."""
    its_own, said_by = is_the_databases(error), error.orig if isinstance(error, DBAPIError) else error
    if not (its_own or isinstance(error, DBAPIError | sqlite3.Error)):
        return None
    known = what_to_do(in_words(error), sqlstate(error))
    if known is None and its_own and not isinstance(said_by, sqlite3.Error):  # which are wrong statements as well
        return LOOK
    return known


def remedy(error: CannotOpenError) -> str | None:
    """What to do about a database that cannot be read, by what is said of it or by what is behind that."""
    behind = error.__cause__
    return what_to_do(str(error)) or (what_to_do_about(behind) if isinstance(behind, Exception) else None)


def in_words(error: Exception) -> str:
    """What a driver says, without the statement that it was said of; of several that failed together, the first."""
    if isinstance(error, ExceptionGroup):
        return in_words(error.exceptions[0])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, TimeoutError):
        return "no answer in time"
    said = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()
    return said[0] if said else type(error).__name__


def outage(error: BaseException) -> str | None:
    """What the database says of itself where it cannot be used just now: full, locked, read-only, damaged, away.

    It is None where the error is another one's: a wrong statement, a value that does not fit, a mistake of the program.
    """
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:  # as a group of tasks ends with
        return outage(error.exceptions[0])
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        code = getattr(said, "sqlite_errorcode", sqlite3.SQLITE_OK)
        return in_words(said) if code & SQLITE_PRIMARY in SQLITE_OUTAGES else None
    return in_words(error) if isinstance(error, Exception) and is_the_databases(error) else None


def reason(error: Exception) -> str:
    """Why something failed, for a line of the log: what the database says of itself, or else the error by its name."""
    return outage(error) or repr(error)
