"""Which quotations a chat has been served, so that none comes again before the others.

Incidents that are picked at random are dealt out like them, each by a key of its own.
"""

from collections.abc import Sequence
from random import Random

from sqlalchemy import Connection, select

from bot.domain.places import Chat
from storage import tables
from storage.chats import Chats, key
from storage.database.base import Database
from storage.handled_updates import HandledUpdates


class ServedQuotations:
    """Deals quotations to chats."""

    def __init__(self, database: Database, chats: Chats, handled: HandledUpdates, random: Random) -> None:
        self._database = database
        self._chats = chats
        self._random = random
        self._handled = handled

    async def next_for(self, chat: Chat, candidates: Sequence[int], update: str = "") -> int:
        """One of the candidates: any that the chat was never served, else the one served longest ago.

        An update that was handled before is answered with the one served last.
        """
        chat_id = (await self._chats.ids([chat]))[key(chat)]

        def deal(connection: Connection) -> int:
            again = not self._handled.first_time(connection, chat.platform, update)
            return self._deal(connection, chat_id, candidates, again=again)

        return await self._database.write(deal)

    def _deal(self, connection: Connection, chat_id: int, candidates: Sequence[int], *, again: bool) -> int:
        connection.execute(select(tables.chat.c.id).where(tables.chat.c.id == chat_id).with_for_update())
        served = tables.served_quotation
        dealt_before = select(served.c.quotation, served.c.turn).where(served.c.chat_id == chat_id)
        turns = dict(connection.execute(dealt_before).all())
        if again:
            return max(candidates, key=lambda candidate: turns.get(candidate, 0))
        new = [candidate for candidate in candidates if candidate not in turns]
        dealt = self._random.choice(new) if new else min(candidates, key=turns.__getitem__)
        row = self._database.insert(served).values(
            chat_id=chat_id, quotation=dealt, turn=max(turns.values(), default=0) + 1
        )
        connection.execute(
            row.on_conflict_do_update(index_elements=["chat_id", "quotation"], set_={"turn": row.excluded.turn})
        )
        return dealt
