"""Whose fault it is that something was not written: the database's, what was to be written, or nobody's."""

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

THE_SERVERS = ("08", "25006", "28", "3D000", "40", "42501", "53", "55P03", "57", "58")
"""How SQLSTATE begins where it is the server.

It is away, read-only, lets us in no more, has no such database, does something else first, denies a right, is full,
locked, stopped, broken.
"""

ANOTHERS_TURN = ("40P01", "40001")
"""The SQLSTATE of a transaction that was undone, as it and another waited for each other; it may be run again."""


class ClosedError(Exception):
    """Nothing is taken any more, as the bot is shutting down; that is nobody's fault, and no log tells it."""


def sqlstate(error: BaseException) -> str | None:
    """What a server calls an error, by five letters and digits; None where it is no server's."""
    said = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(said, "sqlstate", None)
    return state if isinstance(state, str) else None


def is_the_databases(error: BaseException) -> bool:
    """Whether the database is at fault (full, locked, gone), so that nothing else would fare better either."""
    state = sqlstate(error)
    if state is not None:
        return state.startswith(THE_SERVERS)
    if isinstance(error, DBAPIError) and isinstance(error.orig and error.orig.__cause__, ValueError):
        return False  # asyncpg counts a value that does not fit among the errors of its interface
    # The driver counts as internal what it finds on a connection that was cut in the midst of a statement.
    its_own = OperationalError | InterfaceError | InternalError | NoConnectionError | OSError
    return isinstance(error, its_own) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def is_anothers_turn(error: BaseException) -> bool:
    """Whether a transaction was undone in favour of another one, and may be run again."""
    return sqlstate(error) in ANOTHERS_TURN
