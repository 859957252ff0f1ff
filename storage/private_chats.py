"""Private chats: their numbers are people's, so with one that is forgotten goes all that is kept of it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, select, true, update

from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.chat_rows import is_chat
from storage.database.base import Database
from storage.tables import metadata

CHAT = tables.chat

COUNTED = (tables.vote, tables.chat_tally)
"""What is kept of chats together, the private ones of a platform as one: see `bot.domain.places.polling_place`."""

OF_ONE_CHAT: Sequence[Table] = [
    table for table in metadata.sorted_tables if "chat_id" in table.c and table not in COUNTED
]
"""All that is kept of a chat by itself; a table that is added later is among them."""

FORGOTTEN = "forgotten"
"""How the id of a chat begins that was forgotten."""

NOT_FORGOTTEN = CHAT.c.external.not_like(f"{FORGOTTEN} %")
"""The condition that a chat was not; it may be while a message, or what came of one, is on the way."""


def stand_in(platform: Platform, pseudonym: int) -> Chat:
    """A chat in a person's private chat's place, for what they are dealt there; it does not tell whose it is."""
    return Chat(platform, f"private {pseudonym}", ChatKind.PRIVATE)


def forget_chat(connection: Connection, chat_id: int) -> None:
    """Keep nothing of a private chat but a row without its number; part of a transaction.

    The row stays, as votes would be searched for it if it were deleted.
    """
    for table in OF_ONE_CHAT:
        connection.execute(delete(table).where(table.c.chat_id == chat_id))
    nobodys = {"external": f"{FORGOTTEN} {chat_id}", "polls": true(), "moved_to": None}
    connection.execute(update(CHAT).where(CHAT.c.id == chat_id).values(nobodys))


class KeptAlone(NamedTuple):
    """What is kept of a private chat beside its topics, settings and what it was told."""

    messages: Sequence[tuple[str, str]]
    """The messages that follow a poll, each after the incident that it is about, oldest first."""

    unseen_since: int | None
    """Since when it could not be reached, in seconds since 1970; None where it could."""


class PrivateChats:
    """What is kept of private chats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, chat: Chat) -> KeptAlone | None:
        """What is kept of a private chat; None where nothing is, not even its number."""
        return await self._database.read(lambda connection: _kept_of(connection, chat))


def _kept_of(connection: Connection, chat: Chat) -> KeptAlone | None:
    chat_id = connection.scalar(select(CHAT.c.id).where(is_chat(chat)))
    if chat_id is None:
        return None
    post, poll, unseen = tables.post, tables.poll, tables.unseen_chat
    shown = select(poll.c.incident, post.c.message).join_from(post, poll).where(post.c.chat_id == chat_id)
    messages = [(incident, message) for incident, message in connection.execute(shown.order_by(post.c.id))]
    return KeptAlone(messages, connection.scalar(select(unseen.c.since).where(unseen.c.chat_id == chat_id)))
