"""Which chat wants to be told of what."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, ScalarSelect, delete, literal, select, true, update

from bot.messages import Chat, ChatKind
from storage import models
from storage.chats import Chats, forget, is_chat, key
from storage.database import Database
from storage.outbox import State

SUBSCRIPTION, DELIVERY = models.subscription, models.delivery


class Told(NamedTuple):
    """Something that a chat was told, or is to be; `message` is the one that told it."""

    what: str
    state: State
    message: str | None


class Subscriptions:
    """The topics of each chat, by their keys in `bot.topics`."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats

    async def of(self, chat: Chat) -> Mapping[str, str | None]:
        """The topics that a chat wants, each with the id of the role that is pinged with it, or None."""
        mine = select(SUBSCRIPTION.c.topic, SUBSCRIPTION.c.role).join(models.chat).where(is_chat(chat))
        return dict(await self._database.read(lambda connection: connection.execute(mine).all()))

    async def begin(self, chat: Chat, topics: Collection[str]) -> None:
        """Tell a chat of topics from now on; a warning that we may not post there is forgotten."""
        row = self._database.insert(SUBSCRIPTION)
        again = row.on_conflict_do_update(index_elements=["topic", "chat_id"], set_={"warned": False})

        def change(connection: Connection) -> None:
            chat_id = self._chats.id_in(connection, chat)
            connection.execute(again, [{"topic": topic, "chat_id": chat_id} for topic in topics])

        await self._database.write(change)

    async def end(self, chat: Chat, topics: Collection[str]) -> None:
        """Tell a chat of topics no longer, nor of what is on its way.

        Nothing more is kept of a private chat then that wants none, nor its number.
        """
        await self._end(chat, topics)

    async def end_all(self, chat: Chat) -> None:
        """Tell a chat of nothing any more, whether it wants that or is closed to us."""
        await self._end(chat, None)

    async def _end(self, chat: Chat, topics: Collection[str] | None) -> None:
        def change(connection: Connection) -> None:
            chat_id = connection.scalar(select(models.chat.c.id).where(is_chat(chat)))
            if chat_id is not None:
                _end(connection, chat_id, chat.kind, topics)

        await self._database.write(change)

    async def told(self, chat: Chat) -> list[Told]:
        """What a chat was told, or is to be, the latest first."""
        mine = (
            select(models.announcement.c.key, DELIVERY.c.state, DELIVERY.c.message)
            .select_from(DELIVERY)
            .join(models.announcement)
            .join(models.chat)
            .where(is_chat(chat))
            .order_by(models.announcement.c.id.desc())
        )
        rows = await self._database.read(lambda connection: connection.execute(mine).all())
        return [Told(row.key, State(row.state), row.message) for row in rows]

    async def move(self, old: Chat, new: Chat) -> None:
        """A chat goes on under another id: what it wants to be told, and what is on its way, goes there."""
        if await self._chats.rename(old, new):
            return
        ids = await self._chats.ids([old, new])
        await self._database.write(lambda connection: self._merge(connection, ids[key(old)], ids[key(new)]))

    def _merge(self, connection: Connection, old: int, new: int) -> None:
        """Give a chat what another one has and it lacks, and end the other."""
        for table in (SUBSCRIPTION, models.chat_settings, DELIVERY):
            columns = [literal(new) if column.name == "chat_id" else column for column in table.c]
            theirs = select(*columns).where(table.c.chat_id == old)
            if table is DELIVERY:
                theirs = theirs.where(DELIVERY.c.state == State.PENDING)
            names = [column.name for column in table.c]
            connection.execute(self._database.insert(table).from_select(names, theirs).on_conflict_do_nothing())
        _end(connection, old, ChatKind.GROUP, None)

    async def ping(self, chat: Chat, topic: str, role: str | None) -> bool:
        """Ping a role with a topic, or none any more; False where the chat does not want the topic."""
        mine = (SUBSCRIPTION.c.topic == topic) & (SUBSCRIPTION.c.chat_id == _id_of(chat))
        change = update(SUBSCRIPTION).where(mine).values(role=role)
        return await self._database.write(lambda connection: connection.execute(change).rowcount > 0)

    async def warn(self, chat: Chat) -> bool:
        """Note that an admin is told that we may not post in a chat; False where one was told already."""
        unwarned = (SUBSCRIPTION.c.chat_id == _id_of(chat)) & ~SUBSCRIPTION.c.warned
        change = update(SUBSCRIPTION).where(unwarned).values(warned=True)
        return await self._database.write(lambda connection: connection.execute(change).rowcount > 0)


def _id_of(chat: Chat) -> ScalarSelect[int]:
    return select(models.chat.c.id).where(is_chat(chat)).scalar_subquery()


def _end(connection: Connection, chat_id: int, kind: ChatKind, topics: Collection[str] | None) -> None:
    """End subscriptions, all where `topics` is None, and drop what is on its way because of them."""
    mine = SUBSCRIPTION.c.chat_id == chat_id
    connection.execute(delete(SUBSCRIPTION).where(mine, true() if topics is None else SUBSCRIPTION.c.topic.in_(topics)))
    ended = select(models.announcement.c.id)
    if topics is not None:
        ended = ended.where(models.announcement.c.topic.in_(topics))
    pending = (DELIVERY.c.chat_id == chat_id) & (DELIVERY.c.state == State.PENDING)
    connection.execute(
        update(DELIVERY).where(pending, DELIVERY.c.announcement_id.in_(ended)).values(state=State.DROPPED)
    )
    if kind is ChatKind.PRIVATE and connection.scalar(select(SUBSCRIPTION.c.topic).where(mine).limit(1)) is None:
        # Its id is a person's: with the last topic goes all that was kept for the sake of telling them.
        connection.execute(delete(DELIVERY).where(DELIVERY.c.chat_id == chat_id))
        connection.execute(delete(models.chat_settings).where(models.chat_settings.c.chat_id == chat_id))
        forget(connection, chat_id)
