"""Polls that change hands: where a told incident takes over a noted one, the votes go along."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, ScalarSelect, Text, bindparam, delete, exists, select, update

from bot.domain.polls import Question
from storage import tables
from storage.database.base import Database
from storage.poll_clocks import closed_in_either

OLD = bindparam("old", type_=Text())
NEW = bindparam("new", type_=Text())
ASKED = bindparam("question", type_=Text())


def rename_polls(connection: Connection, taken_over: Mapping[str, str]) -> None:
    """Let polls be on other incidents from now on, by the old ids and the new, but those that have one already."""
    if not taken_over:
        return
    other = tables.poll.alias()
    has_one = exists().where(other.c.incident == NEW, other.c.question == tables.poll.c.question)
    change = update(tables.poll).where(tables.poll.c.incident == OLD, ~has_one).values(incident=NEW)
    connection.execute(change, _pairs(taken_over))


def move_votes(database: Database, connection: Connection, taken_over: Mapping[str, str]) -> None:
    """Move votes, and the messages that show them, to the polls that an incident has had beside the one it takes over.

    Each goes to the poll that asks the same. Who voted in both has said the newer thing to the told one. Votes for
    what that poll does not offer stay behind. Where a chat has closed either, it has closed the told one.
    """
    if not taken_over:
        return
    pairs = [{**pair, "question": question} for pair in _pairs(taken_over) for question in Question]
    vote = tables.vote
    old, new, was, becomes = (table.alias() for table in (tables.poll, tables.poll, tables.choice, tables.choice))
    source = (
        vote.join(old, old.c.id == vote.c.poll_id)
        .join(was, was.c.id == vote.c.choice_id)
        .join(new, (new.c.incident == NEW) & (new.c.question == old.c.question))
        .join(becomes, (becomes.c.poll_id == new.c.id) & (becomes.c.key == was.c.key))
    )
    columns = [vote.c.chat_id, vote.c.cast_at, vote.c.after_ruling]
    rows = (
        select(new.c.id, vote.c.voter, becomes.c.id, *columns)
        .select_from(source)
        .where(old.c.incident == OLD, old.c.question == ASKED)
    )
    names = ["poll_id", "voter", "choice_id", *(column.name for column in columns)]
    connection.execute(database.insert(vote).from_select(names, rows).on_conflict_do_nothing(), pairs)
    asked = select(tables.poll.c.id).where(tables.poll.c.question == ASKED)
    old_id = asked.where(tables.poll.c.incident == OLD).scalar_subquery()
    new_id = asked.where(tables.poll.c.incident == NEW).scalar_subquery()
    offered = select(tables.choice.c.key).where(tables.choice.c.poll_id == new_id)
    moved = select(tables.choice.c.id).where(tables.choice.c.poll_id == old_id, tables.choice.c.key.in_(offered))
    connection.execute(delete(vote).where(vote.c.poll_id == old_id, vote.c.choice_id.in_(moved)), pairs)
    shows_it = tables.post.c.poll_id == old_id
    connection.execute(update(tables.post).where(shows_it, new_id.is_not(None)).values(poll_id=new_id), pairs)
    _move_closings(database, connection, pairs, old_id, new_id)


def _move_closings(
    database: Database,
    connection: Connection,
    pairs: Sequence[Mapping[str, str]],
    old_id: ScalarSelect[int],
    new_id: ScalarSelect[int],
) -> None:
    """Move what chats know of polls, that they closed them or when they will."""
    known = tables.chat_poll
    columns = [known.c.chat_id, known.c.opened_at, known.c.closed_at, known.c.closings]
    theirs = select(new_id, *columns).where(known.c.poll_id == old_id, new_id.is_not(None))
    row = database.insert(known).from_select(["poll_id", *(column.name for column in columns)], theirs)
    keys = [column.name for column in known.primary_key]
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_=closed_in_either(row.excluded)), pairs)
    connection.execute(delete(known).where(known.c.poll_id == old_id, new_id.is_not(None)), pairs)


def _pairs(taken_over: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"old": old, "new": new} for old, new in taken_over.items()]
