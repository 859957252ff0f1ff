"""The chats that the bot knows: their short ids, and whether they want polls."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, ScalarSelect, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.places import Chat
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import TEXT, as_json, json_rows

REMEMBERED = 100_000
"""Ids kept in memory; the chat that was looked up first is forgotten first."""

Key = tuple[str, str]
"""What tells a chat from all others: its platform, and its id there."""

Ids = dict[Key, int]


def key(chat: Chat) -> Key:
    """A chat's key."""
    return chat.platform, chat.id


def is_chat(chat: Chat) -> ColumnElement[bool]:
    """The condition that a row of the table is a chat's."""
    return (tables.chat.c.platform == chat.platform) & (tables.chat.c.external == chat.id)


def id_of(chat: Chat) -> ScalarSelect[int]:
    """A chat's short id, for a statement; null where it is not known."""
    return select(tables.chat.c.id).where(is_chat(chat)).scalar_subquery()


def forget(connection: Connection, chat_id: int) -> None:
    """Keep a chat's row without its number: votes are not searched for it, as deleting the row would have them be."""
    mine = tables.chat.c.id == chat_id
    connection.execute(update(tables.chat).where(mine).values(external=f"forgotten {chat_id}"))


class Chats:
    """Which chats there are; short ids are cached, as every vote needs one."""

    def __init__(self, database: Database, polls_off: Iterable[Key] = ()) -> None:
        self._database = database
        self._polls_off = set(polls_off)
        self._ids: dict[Key, int] = {}
        self.languages: dict[Key, str] = {}
        """What chats chose, once `SettingsStore` is open; here, as it goes along when a chat changes its id."""

        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        self._insert = database.insert(tables.chat).on_conflict_do_nothing()
        self._find = select(tables.chat.c.platform, tables.chat.c.external, tables.chat.c.id).join(
            given, (tables.chat.c.platform == given.c.platform) & (tables.chat.c.external == given.c.external)
        )

    @classmethod
    async def open(cls, database: Database) -> "Chats":
        """The chats of a database, with those in mind that want no polls."""
        off = select(tables.chat.c.platform, tables.chat.c.external).where(~tables.chat.c.polls)
        return cls(database, await database.read(lambda connection: connection.execute(off).all()))

    def polls_off(self, chat: Chat) -> bool:
        """Whether the chat's admins have turned polls off."""
        return key(chat) in self._polls_off

    async def set_polls(self, chat: Chat, *, on: bool) -> None:
        """Turn a chat's polls on or off."""
        row = self._database.insert(tables.chat).values(
            platform=chat.platform, external=chat.id, kind=chat.kind, polls=on
        )
        switch = row.on_conflict_do_update(index_elements=["platform", "external"], set_={"polls": row.excluded.polls})
        await self._database.write(lambda connection: connection.execute(switch))
        if on:
            self._polls_off.discard(key(chat))
        else:
            self._polls_off.add(key(chat))

    async def ids(self, chats: Iterable[Chat]) -> Ids:
        """The chats' short ids; unknown chats are recorded first."""
        wanted = {key(chat): chat for chat in chats}
        known = {name: self._ids[name] for name in wanted if name in self._ids}
        if new := [chat for name, chat in wanted.items() if name not in known]:
            recorded = await self._database.write(lambda connection: self._record(connection, new))
            self._remember(recorded)
            known |= recorded
        return known

    def id_in(self, connection: Connection, chat: Chat) -> int:
        """A chat's short id as a transaction sees it; an unknown chat is recorded first.

        Nothing is remembered of it: a private chat's may be another by the next time, see `forget`.
        """
        return self._record(connection, [chat])[key(chat)]

    async def rename(self, old: Chat, new: Chat) -> bool:
        """Know a chat by another id from now on; False, and nothing is done, where that is a chat of its own."""
        change = update(tables.chat).where(is_chat(old)).values(external=new.id, kind=new.kind)
        try:
            await self._database.write(lambda connection: connection.execute(change))
        except IntegrityError:
            return False
        polls_off, language = self.polls_off(old), self.languages.get(key(old))
        self.let_go(old)
        if polls_off:
            self._polls_off.add(key(new))
        if language is not None:
            self.languages[key(new)] = language
        return True

    def let_go(self, chat: Chat) -> None:
        """Keep nothing of a chat in memory: what there was is gone, or goes by another id."""
        self._ids.pop(key(chat), None)
        self._polls_off.discard(key(chat))
        self.languages.pop(key(chat), None)

    def _record(self, connection: Connection, chats: Sequence[Chat]) -> Ids:
        """Insert the chats that are missing, and give the ids of all of them."""
        rows = [{"platform": chat.platform, "external": chat.id, "kind": chat.kind} for chat in chats]
        connection.execute(self._insert, rows)
        found = connection.execute(self._find, {"rows": as_json(map(key, chats))})
        return {(platform, external): chat_id for platform, external, chat_id in found}

    def _remember(self, ids: Ids) -> None:
        self._ids |= ids
        while len(self._ids) > REMEMBERED:
            self._ids.pop(next(iter(self._ids)))
