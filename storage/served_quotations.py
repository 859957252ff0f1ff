"""Which quotations a chat has been served, so that none comes again before the others.

Incidents that are picked at random are dealt out like them, each by a key of its own.
"""

from collections.abc import Sequence
from hashlib import blake2b
from random import Random

from sqlalchemy import Connection, ScalarSelect, select

from bot.domain.places import Chat
from storage import tables
from storage.chat_rows import id_of
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates

SERVED = tables.served_quotation


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

        def deal(connection: Connection) -> int:
            if not self._handled.first_time(connection, chat.platform, update):
                # Where the person was forgotten since, nothing of them comes back.
                turns = _turns(connection, id_of(chat))
                return max(candidates, key=lambda candidate: turns.get(candidate, 0))
            return self._deal(connection, self._chats.rows.id_in(connection, chat), candidates)

        return await self._database.write(deal)

    async def dealt_to(self, chat: Chat) -> Sequence[int]:
        """What a chat was dealt, by its keys, the latest first."""
        turns = await self._database.read(lambda connection: _turns(connection, id_of(chat)))
        return sorted(turns, key=turns.__getitem__, reverse=True)

    def _deal(self, connection: Connection, chat_id: int, candidates: Sequence[int]) -> int:
        turns = _turns(connection, chat_id)
        new = [candidate for candidate in candidates if candidate not in turns]
        dealt = self._random.choice(new) if new else min(candidates, key=turns.__getitem__)
        row = self._database.insert(SERVED).values(
            chat_id=chat_id, quotation=dealt, turn=max(turns.values(), default=0) + 1
        )
        connection.execute(
            row.on_conflict_do_update(index_elements=["chat_id", "quotation"], set_={"turn": row.excluded.turn})
        )
        return dealt


def key_of(incident_id: str) -> int:
    """A number for an incident among all that a chat was served (48 bits)."""
    return int.from_bytes(blake2b(f"incident {incident_id}".encode(), digest_size=6).digest(), "big")


def _turns(connection: Connection, chat_id: int | ScalarSelect[int]) -> dict[int, int]:
    """All that a chat was served, each with its turn."""
    served = select(SERVED.c.quotation, SERVED.c.turn).where(SERVED.c.chat_id == chat_id)
    return dict(connection.execute(served).all())
