"""The rows of chats: what tells one from all others, its short id, and how it is held within a transaction."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, select

from bot.domain.places import Chat
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, TEXT, as_json, json_rows

Key = tuple[str, str]
"""What tells a chat from all others: its platform, and its id there."""

Ids = dict[Key, int]


def key(chat: Chat) -> Key:
    """A chat's key."""
    return chat.platform, chat.id


def is_chat(chat: Chat) -> ColumnElement[bool]:
    """The condition that a row of the table is a chat's."""
    return (tables.chat.c.platform == chat.platform) & (tables.chat.c.external == chat.id)


NOW = func.coalesce(tables.chat.c.moved_to, tables.chat.c.id)
"""The short id of what a chat goes on as."""


def id_of(chat: Chat) -> ScalarSelect[int]:
    """The short id of what a chat goes on as, as a subquery for a statement; null where the chat has no row."""
    return select(NOW).where(is_chat(chat)).scalar_subquery()


def lock_chat(connection: Connection, chat: Chat) -> int | None:
    """The short id of what a chat goes on as, or None where it is not known; locked until the transaction ends.

    Whoever changes what a chat wants locks its row first, so that two who do so at once take turns on PostgreSQL too.
    Votes are not kept waiting: they refer to the row, and that needs no more than its id.
    """
    ids = select(tables.chat.c.id, tables.chat.c.moved_to)
    row = connection.execute(ids.where(is_chat(chat)).with_for_update(key_share=True)).first()
    if row is None or row.moved_to is None:
        return None if row is None else int(row.id)
    now: int | None = connection.scalar(ids.where(tables.chat.c.id == row.moved_to).with_for_update(key_share=True))
    return now


class ChatRows:
    """Finds and records chats within a transaction; nothing is kept in memory."""

    def __init__(self, database: Database) -> None:
        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        self._insert = database.insert(tables.chat).on_conflict_do_nothing()
        # Looked up one by one: where PostgreSQL has no statistics yet, it would read all chats for a join.
        same = (tables.chat.c.platform == given.c.platform) & (tables.chat.c.external == given.c.external)
        self._find = select(given.c.platform, given.c.external, select(NOW).where(same).scalar_subquery())

    def id_in(self, connection: Connection, chat: Chat) -> int:
        """A chat's short id, its row locked until the transaction ends; an unknown chat is recorded first."""
        while (chat_id := lock_chat(connection, chat)) is None:  # again, where it is forgotten at this very moment
            self.record(connection, [chat])
        return chat_id

    def ids_in(self, connection: Connection, chats: Collection[Chat]) -> Ids:
        """The short ids of groups, their rows locked until the transaction ends; unknown ones are recorded first."""
        missing, found = list(chats), Ids()
        while missing:  # again, where one goes on as another at this very moment
            known = self.record(connection, missing)
            ids = select(json_rows(connection.dialect.name, {"id": BIGINT}))
            locked = select(tables.chat.c.id).where(tables.chat.c.id.in_(ids)).order_by(tables.chat.c.id)
            connection.execute(locked.with_for_update(key_share=True), {"rows": as_json(known.values())})
            found |= self.known_in(connection, missing)
            missing = [chat for chat in missing if found.get(key(chat)) != known.get(key(chat))]
        return found

    def known_in(self, connection: Connection, chats: Collection[Chat]) -> Ids:
        """The short ids of those chats that have a row."""
        if not chats:
            return {}
        found = connection.execute(self._find, {"rows": as_json(map(key, chats))})
        return {(platform, external): chat_id for platform, external, chat_id in found if chat_id is not None}

    def record(self, connection: Connection, chats: Sequence[Chat]) -> Ids:
        """Insert the chats that are missing, in one order whoever does so, and give the ids of all of them.

        They are looked for first: on PostgreSQL an insert uses up an id, also where there is such a chat.
        """
        known = self.known_in(connection, chats)
        if new := sorted((chat for chat in chats if key(chat) not in known), key=key):
            rows = [{"platform": chat.platform, "external": chat.id, "kind": chat.kind} for chat in new]
            connection.execute(self._insert, rows)
            known |= self.known_in(connection, new)
        return known
