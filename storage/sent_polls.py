"""Polls that were pushed: that a message shows one is stored in the transaction that says it has arrived."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, select

from bot.domain.polls import Question
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows
from storage.poll_clocks import OPEN

POLL, POST, CHAT_POLL, SETTINGS = tables.poll, tables.post, tables.chat_poll, tables.chat_settings

Sent: TypeAlias = tuple[str, int, str]
"""The id of an incident, of the chat that was sent its poll, and of the message."""


class SentPolls:
    """Notes messages that show polls on blame, many at a time; where they close by the clock, their time runs then."""

    def __init__(self, database: Database) -> None:
        on_blame = POLL.c.question == Question.BLAME
        given = json_rows(database.dialect, {"incident": TEXT, "chat_id": INTEGER, "message": TEXT})
        polls = select(POLL.c.id, given.c.chat_id, given.c.message).join(
            given, (given.c.incident == POLL.c.incident) & on_blame
        )
        row = database.insert(POST).from_select(["poll_id", "chat_id", "message"], polls.where(POLL.c.id.is_not(None)))
        self._note = row.on_conflict_do_update(
            index_elements=["chat_id", "message"], set_={"poll_id": row.excluded.poll_id}
        )
        closes = SETTINGS.c.chat_id == given.c.chat_id, SETTINGS.c.closing_hours.is_not(None)
        begun = select(given.c.chat_id, POLL.c.id, bindparam("now", type_=BIGINT)).where(
            POLL.c.incident == given.c.incident, on_blame, *closes
        )
        clock = database.insert(CHAT_POLL).from_select(["chat_id", "poll_id", "opened_at"], begun)
        self._start_clock = clock.on_conflict_do_update(
            index_elements=["chat_id", "poll_id"],
            set_={"opened_at": clock.excluded.opened_at},
            where=OPEN & CHAT_POLL.c.opened_at.is_(None),
        )

    def remember(self, connection: Connection, sent: Sequence[Sent], now: int) -> None:
        """Note what was sent; `now` is in seconds since 1970. Part of a transaction."""
        rows = {"rows": as_json(sorted(sent))}
        connection.execute(self._note, rows)
        connection.execute(self._start_clock, {**rows, "now": now})
