"""Chats that cannot be seen: for how long that has been so, and when it is believed that they are gone."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, literal, select, update

from storage import tables
from storage.database.base import Database
from storage.private_chats import NOT_FORGOTTEN

CHAT, UNSEEN = tables.chat, tables.unseen_chat
COLUMNS = (UNSEEN.c.since, UNSEEN.c.tries, UNSEEN.c.told)

PATIENCE = dt.timedelta(days=1)
"""For how long a chat is tried that cannot be seen."""

FEWEST_TRIES = 6
"""How often it is, at least: a chat that is seldom told anything may have been back in between."""

APART = dt.timedelta(minutes=5)
"""What lies between two tries, at least; several messages of one moment are one, whoever sends them."""

WORTH_TELLING = dt.timedelta(hours=1)
"""After how long an admin is told: by then it is no hiccup."""


class Unseen(NamedTuple):
    """How long a chat has not been seen, how often it was tried, and whether an admin was told."""

    since: dt.datetime
    tries: int
    told: bool
    is_another: bool = False
    """Whether what was tried last is a try of its own. One alone is, of what all processes try at a moment."""

    def is_to_be_told(self, now: dt.datetime) -> bool:
        """Whether whoever tried last is to tell an admin, who was not told yet.

        Where that fails, or whoever does it dies, the next try is to.
        """
        return self.is_another and not self.told and now - self.since >= WORTH_TELLING

    def is_over(self, now: dt.datetime) -> bool:
        """Whether the chat has been tried for long enough, and often enough."""
        return now - self.since >= PATIENCE and self.tries >= FEWEST_TRIES


class UnseenChats:
    """What is known of chats that cannot be seen, by their short ids; a message that arrives ends it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tried(self, chat_id: int, now: dt.datetime) -> Unseen:
        """Take note that a chat was tried in vain; how it stands with that.

        Of one that is forgotten nothing is noted.
        """
        return await self._database.write(lambda connection: self._tried(connection, chat_id, int(now.timestamp())))

    def _tried(self, connection: Connection, chat_id: int, moment: int) -> Unseen:
        known = select(CHAT.c.id, literal(moment), literal(moment), literal(1)).where(
            CHAT.c.id == chat_id, NOT_FORGOTTEN
        )
        row = self._database.insert(UNSEEN).from_select(["chat_id", "since", "tried_at", "tries"], known)
        begun = connection.execute(row.on_conflict_do_nothing().returning(*COLUMNS)).first()
        if begun is not None:
            return _read(*begun, is_another=True)
        its, apart = UNSEEN.c.chat_id == chat_id, int(APART.total_seconds())
        # Whoever tries it at the same moment waits for the row, and then reads when it was tried.
        another = update(UNSEEN).where(its, UNSEEN.c.tried_at <= moment - apart)
        counted = another.values(tries=UNSEEN.c.tries + 1, tried_at=moment).returning(*COLUMNS)
        if (tried := connection.execute(counted).first()) is not None:
            return _read(*tried, is_another=True)
        # Where there is no row by now, the chat was seen, or forgotten, at this very moment.
        return unseen(connection, chat_id) or _read(moment, 1, told=False)

    async def told(self, chat_id: int) -> None:
        """Take note that an admin was told."""
        note = update(UNSEEN).where(UNSEEN.c.chat_id == chat_id).values(told=True)
        await self._database.write(lambda connection: connection.execute(note))


def seen(connection: Connection, chat_ids: Collection[int]) -> None:
    """Take note that these chats are there, as something arrived in them or somebody asked for something."""
    connection.execute(delete(UNSEEN).where(UNSEEN.c.chat_id.in_(chat_ids)))


def unseen(connection: Connection, chat_id: int) -> Unseen | None:
    """For how long a chat has not been seen; None where it has."""
    row = connection.execute(select(*COLUMNS).where(UNSEEN.c.chat_id == chat_id)).first()
    return None if row is None else _read(*row)


def _read(since: int, tries: int, told: bool, *, is_another: bool = False) -> Unseen:
    return Unseen(dt.datetime.fromtimestamp(since, dt.UTC), tries, told, is_another)
