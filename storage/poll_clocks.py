"""How long a poll has been open in a chat that closes its polls in time; each function is part of a transaction."""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, func, literal, select, update
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from storage import tables
from storage.database.base import Database

CHAT_POLL, SETTINGS = tables.chat_poll, tables.chat_settings

Columns: TypeAlias = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
"""A row's values: of the one that is there, or of the one that was to be put in its place."""

OPEN = CHAT_POLL.c.closed_at.is_(None)
"""The condition that a poll of a chat is open there."""


def start_clock(database: Database, connection: Connection, chat_id: int, poll_id: int, now: int) -> None:
    """Let a poll's time run that is shown in a chat, where the chat has a closing time and it does not run already.

    So polls that were shown before a chat had a closing time are not all closed once it has one.
    """
    closes = SETTINGS.c.closing_hours.is_not(None)
    begun = select(literal(chat_id), literal(poll_id), literal(now)).where(SETTINGS.c.chat_id == chat_id, closes)
    row = database.insert(CHAT_POLL).from_select(["chat_id", "poll_id", "opened_at"], begun)
    stands_still = OPEN & CHAT_POLL.c.opened_at.is_(None)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["chat_id", "poll_id"], set_={"opened_at": row.excluded.opened_at}, where=stands_still
        )
    )


def closed_in_either(excluded: Columns) -> dict[str, ColumnElement[Any]]:
    """What becomes of a poll in a chat that has another's state added to its own: closed where either was.

    Where it is open, the other's clock counts, which ran first.
    """
    theirs = CHAT_POLL.c
    return {
        "opened_at": func.coalesce(excluded.opened_at, theirs.opened_at),
        "closed_at": func.coalesce(theirs.closed_at, excluded.closed_at),
        "closings": theirs.closings + excluded.closings,
    }


def stop_clocks(connection: Connection, chat_id: int) -> None:
    """Let no open poll of a chat close by the clock any more."""
    running = update(CHAT_POLL).where(CHAT_POLL.c.chat_id == chat_id, OPEN)
    connection.execute(running.values(opened_at=None))
