"""How many templates of the stewards' messages were not known when they were heard, session by session."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select

from storage.database.base import Database
from storage.tables import unknown_templates as table


class Unknown(NamedTuple):
    """So many templates, in so many sessions; one that several sessions have counts in each."""

    templates: int
    sessions: int


def count_unknown(database: Database, connection: Connection, session: str, templates: int) -> None:
    """Keep how many there are in a session, in the transaction that keeps its messages; less once more are known."""
    if not templates:
        connection.execute(delete(table).where(table.c.session == session))
        return
    row = database.insert(table).values(session=session, templates=templates)
    connection.execute(row.on_conflict_do_update(index_elements=["session"], set_=dict(row.excluded)))


def all_unknown(connection: Connection) -> Unknown:
    """Those of all sessions."""
    counted = select(func.coalesce(func.sum(table.c.templates), 0), func.count())
    templates, sessions = connection.execute(counted).one()
    return Unknown(int(templates), sessions)
