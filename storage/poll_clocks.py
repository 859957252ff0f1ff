"""How long a poll has been open in a chat that closes its polls in time; each function is part of a transaction."""

from sqlalchemy import Connection, literal, select, update

from storage import tables
from storage.database.base import Database

CHAT_POLL, SETTINGS = tables.chat_poll, tables.chat_settings

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


def stop_clocks(connection: Connection, chat_id: int) -> None:
    """Let no open poll of a chat close by the clock any more."""
    running = update(CHAT_POLL).where(CHAT_POLL.c.chat_id == chat_id, OPEN)
    connection.execute(running.values(opened_at=None))
