"""How many of the stewards' messages follow no template that was known when they were heard, session by session."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from storage.database.base import Database
from storage.tables import unknown_templates as table


class Unknown(NamedTuple):
    """So many messages, in so many sessions."""

    messages: int
    sessions: int


def count_unknown(database: Database, connection: Connection, session: str, messages: int) -> None:
    """Keep how many there are in a session, by its source's key; fewer, as an older view of it has, change nothing."""
    row = database.insert(table).values(session=session, messages=messages)
    more = row.excluded.messages > table.c.messages
    connection.execute(row.on_conflict_do_update(index_elements=["session"], set_=dict(row.excluded), where=more))


def all_unknown(connection: Connection) -> Unknown:
    """Those of all sessions."""
    counted = select(func.coalesce(func.sum(table.c.messages), 0), func.count())
    messages, sessions = connection.execute(counted).one()
    return Unknown(int(messages), sessions)
