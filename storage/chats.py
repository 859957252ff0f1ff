"""The chats that the bot knows: what is stored of them, and in memory, kept the same."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from sqlalchemy import Connection
from sqlalchemy import update as change_rows

from bot.domain.places import Chat, Platform
from bot.events import ChatChanged, Events
from bot.pacing.remembered import Remembered
from storage import tables
from storage.chat_preferences import ChatPreferences, Known, read, read_all, read_page
from storage.chat_rows import ChatRows, Ids, Key, key
from storage.database.base import Database, Result, Transaction
from storage.handled_updates import HandledUpdates

REMEMBERED = 100_000
"""Upper bound of short ids in memory, one a chat."""

MANY = 100
"""Chats beyond which all are read again rather than each by its name."""


class Chats(ChatPreferences):
    """Which chats there are, and what they want.

    In memory are their preferences, and the short ids of those that were met last, as every vote needs one. That they
    changed is published as ChatChanged; what another process changed is known once it is read again.
    """

    def __init__(self, database: Database, handled: HandledUpdates, known: Known, events: Events) -> None:
        super().__init__(known)
        self.rows = ChatRows(database)  # for who has a transaction of their own
        self._database = database
        self._events = events
        self._handled = handled
        self._ids: Remembered[Key, int] = Remembered(REMEMBERED)
        self._remembering = asyncio.Lock()

    @classmethod
    async def open(cls, database: Database, handled: HandledUpdates, events: Events | None = None) -> "Chats":
        """The chats of a database; the preferences of all that have any are in memory from the start."""
        return cls(database, handled, await database.read(read_all), events or Events())

    async def set_polls(self, chat: Chat, update: str = "", *, on: bool) -> None:
        """Turn a chat's polls on or off, unless the update was handled before."""

        def set_polls(connection: Connection) -> None:
            if self._handled.first_time(connection, chat.platform, update):
                mine = tables.chat.c.id == self.rows.id_in(connection, chat)
                connection.execute(change_rows(tables.chat).where(mine).values(polls=on))

        await self.write(set_polls, chat)

    async def write(self, transaction: Transaction[Result], *chats: Chat) -> Result:
        """Run a transaction that may change what these chats want or how they are called, and remember what it left.

        It is not cancelled halfway: what is committed is remembered, even where nobody waits for it any more.
        """
        return await asyncio.shield(self._write(transaction, chats))

    async def _write(self, transaction: Transaction[Result], chats: Sequence[Chat]) -> Result:
        async with self._remembering:  # so that what is remembered last was committed last
            names = {*chats, *map(self.goes_on_as, chats)}
            result, known = await self._database.write(
                lambda connection: (transaction(connection), read(connection, names))
            )
            for chat in self._remember(names, known):
                self._events.publish(ChatChanged(chat))
        return result

    async def read_again(self, chats: Collection[Chat] | None = None) -> None:
        """Remember what another process may have changed of these chats, or of all."""
        if chats is None or len(chats) > MANY:
            await self._read_all_again()
            return
        async with self._remembering:
            self._remember(chats, await self._database.read(lambda connection: read(connection, chats)))

    async def _read_all_again(self) -> None:
        """Read all chats again, page by page, so that others have their turns; then those that have no wishes left."""
        before = {*self._preferences}
        last: int | None = 0
        while last is not None:
            page: Transaction[tuple[Known, int | None]] = partial(read_page, after=last)
            async with self._remembering:
                known, last = await self._database.read(page)
                self._know_some(known)
            before.difference_update(known[0])
        left = [Chat(Platform(platform), external) for platform, external in before]
        for start in range(0, len(left), MANY):
            await self.read_again(left[start : start + MANY])
        self._ids.clear()  # a group may have become another one

    def _remember(self, chats: Collection[Chat], known: Known) -> list[Chat]:
        """Keep in memory what was read of chats; those of which that is news."""
        preferences, moved = known
        for name in map(key, chats):
            if name not in preferences or name in moved:
                self._ids.pop(name, None)
        return self._know(chats, known)

    async def ids(self, chats: Iterable[Chat]) -> Ids:
        """The short ids of groups and polling places; unknown ones are recorded first.

        Not for private chats: theirs is another one after they were forgotten, see `ChatRows.id_in`.
        """
        wanted = {key(chat): chat for chat in chats}
        known = {name: self._ids[name] for name in wanted if name in self._ids}
        if new := [chat for name, chat in wanted.items() if name not in known]:
            async with self._remembering:
                recorded = await self._database.write(lambda connection: self.rows.record(connection, new))
                self._ids.update(recorded)
            known |= recorded
        return known
