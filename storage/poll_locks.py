"""Whose turn it is with a poll: whoever changes votes locks their polls first, in the order of their ids.

Votes, and both tallies that triggers keep of them, are many rows in several statements. Each statement has its rows in
order; together they have none, and two transactions would wait for each other in a circle. On SQLite, which has one
writer, it is always one's own turn.
"""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, Select, bindparam, select

from storage import tables
from storage.database.json_rows import INTEGER, TEXT, as_json, json_rows

POLL, VOTE = tables.poll, tables.vote


def lock_polls(connection: Connection, poll_ids: Iterable[int]) -> None:
    """Lock polls until the transaction ends. Whoever only refers to them is not kept waiting."""
    if connection.dialect.name == "postgresql":
        connection.execute(_these(), {"rows": as_json(set(poll_ids))}).all()


def lock_polls_on(connection: Connection, incident_ids: Iterable[str]) -> None:
    """Lock the polls that there are on incidents until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_on_incidents(), {"rows": as_json(set(incident_ids))}).all()


def lock_polls_of(connection: Connection, voter: int) -> list[int]:
    """The ids of the polls that a voter has a vote in, locked until the transaction ends."""
    return list(connection.scalars(voted_in().with_for_update(key_share=True), {"voter": voter}))


@cache
def voted_in() -> Select[int]:
    """The ids of the polls that `voter` has a vote in, in their order.

    Looked up poll by poll: votes have no index by voter, and a join would be free to read them all.
    """
    mine = select(VOTE.c.choice_id).where(VOTE.c.poll_id == POLL.c.id, VOTE.c.voter == bindparam("voter"))
    return select(POLL.c.id).where(mine.scalar_subquery().is_not(None)).order_by(POLL.c.id)


@cache
def _these() -> Select[int]:
    ids = select(json_rows("postgresql", {"poll_id": INTEGER}))
    return _in_order(select(POLL.c.id).where(POLL.c.id.in_(ids)))


@cache
def _on_incidents() -> Select[int]:
    ids = select(json_rows("postgresql", {"incident": TEXT}))
    return _in_order(select(POLL.c.id).where(POLL.c.incident.in_(ids)))


def _in_order(polls: Select[int]) -> Select[int]:
    return polls.order_by(POLL.c.id).with_for_update(key_share=True)
