"""What race control said of incidents, kept under the numbers by which it is known ever since it was first heard.

Sources number messages differently and leave some out, and a process that starts anew has heard nothing. So whoever
records a session has to know all that is kept of it, under the same numbers: their cases are then the same.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.types import TypeEngine

from bot.domain.race_control import Message
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows
from storage.tables import noticed_message as table

COLUMNS: dict[str, TypeEngine[Any]] = {
    "session": TEXT,
    "number": INTEGER,
    "said_at": BIGINT,
    "text": TEXT,
    "lap": INTEGER,
}


class HeardOtherwiseError(Exception):
    """Others of a session's messages are kept than are given, or under other numbers; `kept` are all of them."""

    def __init__(self, kept: Sequence[Message]) -> None:
        super().__init__(f"{len(kept)} messages are kept")
        self.kept = kept


def keep(database: Database, connection: Connection, session: str, messages: Sequence[Message]) -> None:
    """Keep the messages of a session that are not kept yet, in the transaction that records what they come to.

    Raises HeardOtherwiseError where something is kept that is not among them, or becomes so at the same time.
    """
    kept, given = _kept(connection, session), {message.index: message for message in messages}
    if any(number not in given or _said(given[number]) != _said(message) for number, message in kept.items()):
        raise HeardOtherwiseError(tuple(kept.values()))
    rows = [
        (session, number, int(given[number].at.timestamp()), given[number].text, given[number].lap)
        for number in sorted(given.keys() - kept.keys())
    ]
    if not rows:
        return
    new = json_rows(database.dialect, COLUMNS)
    # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
    insert = database.insert(table).from_select([*COLUMNS], select(new).where(new.c.session.is_not(None)))
    inserted = connection.scalars(insert.on_conflict_do_nothing().returning(table.c.number), {"rows": as_json(rows)})
    if len(inserted.all()) < len(rows):  # another process was faster
        raise HeardOtherwiseError(tuple(_kept(connection, session).values()))


def _kept(connection: Connection, session: str) -> dict[int, Message]:
    rows = select(table.c.number, table.c.said_at, table.c.text, table.c.lap).where(table.c.session == session)
    return {
        number: Message(number, dt.datetime.fromtimestamp(said_at, dt.UTC), text, lap)
        for number, said_at, text, lap in connection.execute(rows.order_by(table.c.number))
    }


def _said(message: Message) -> tuple[int, str]:
    return int(message.at.timestamp()), message.text
