"""Which chat wants to be told of what."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, literal, select, true, update

from bot.domain.deliveries import State, Told
from bot.domain.places import Chat, ChatKind
from storage import tables
from storage.chats import Chats, forget, id_of, is_chat, key
from storage.database.base import Database
from storage.outbox import PENDING

ANNOUNCEMENT, SUBSCRIPTION, DELIVERY = tables.announcement, tables.subscription, tables.delivery


class Subscriptions:
    """The topics of each chat, by their keys in `bot.domain.topics`."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats

    async def of(self, chat: Chat) -> Mapping[str, str | None]:
        """The topics that a chat wants, each with the id of the role that is pinged with it, or None."""
        mine = select(SUBSCRIPTION.c.topic, SUBSCRIPTION.c.role).join(tables.chat).where(is_chat(chat))
        return dict(await self._database.read(lambda connection: connection.execute(mine).all()))

    async def begin(self, chat: Chat, topics: Collection[str]) -> None:
        """Tell a chat of topics from now on; a warning that we may not post there is forgotten."""
        if topics:
            await self._database.write(lambda connection: self._begin(connection, chat, topics))

    def _begin(self, connection: Connection, chat: Chat, topics: Collection[str]) -> None:
        chat_id = self._chats.id_in(connection, chat)
        row = self._database.insert(SUBSCRIPTION)
        again = row.on_conflict_do_update(index_elements=["topic", "chat_id"], set_={"warned": False})
        connection.execute(again, [{"topic": topic, "chat_id": chat_id} for topic in topics])

    async def end(self, chat: Chat, topics: Collection[str]) -> None:
        """Tell a chat of topics no longer, nor of what is on its way.

        Nothing more is kept of a private chat then that wants none, nor its number.
        """
        await self._end(chat, topics)

    async def end_all(self, chat: Chat) -> None:
        """Tell a chat of nothing any more, whether it wants that or is closed to us."""
        await self._end(chat, None)

    async def _end(self, chat: Chat, topics: Collection[str] | None) -> None:
        if await self._database.write(lambda connection: end_topics(connection, chat, topics)):
            self._chats.let_go(chat)

    async def told(self, chat: Chat) -> list[Told]:
        """What a chat was told, or is to be, the latest first."""
        mine = (
            select(ANNOUNCEMENT.c.key, DELIVERY.c.state, DELIVERY.c.message)
            .select_from(DELIVERY)
            .join(ANNOUNCEMENT)
            .join(tables.chat)
            .where(is_chat(chat))
            .order_by(ANNOUNCEMENT.c.id.desc())
        )
        rows = await self._database.read(lambda connection: connection.execute(mine).all())
        return [Told(row.key, State(row.state), row.message) for row in rows]

    async def move(self, old: Chat, new: Chat) -> None:
        """A chat goes on under another id: what it wants to be told, and what is on its way, goes there."""
        if await self._chats.rename(old, new):
            return
        polls_off, language = self._chats.polls_off(old), self._chats.languages.get(key(old))
        settings_moved = await self._database.write(lambda connection: self._merge(connection, old, new))
        if polls_off:
            await self._chats.set_polls(new, on=False)
        if settings_moved and language is not None:
            self._chats.languages[key(new)] = language
        self._chats.languages.pop(key(old), None)

    def _merge(self, connection: Connection, old: Chat, new: Chat) -> bool:
        """Give a chat what another one has and it lacks, and end that one; whether the settings were lacking."""
        ids = [connection.scalar(select(id_of(chat))) for chat in (old, new)]
        moved = {}
        for table in (SUBSCRIPTION, tables.chat_settings, DELIVERY):
            columns = [literal(ids[1]) if column.name == "chat_id" else column for column in table.c]
            theirs = select(*columns).where(table.c.chat_id == ids[0])
            row = self._database.insert(table).from_select([column.name for column in table.c], theirs)
            moved[table] = connection.execute(row.on_conflict_do_nothing()).rowcount
        for table in (SUBSCRIPTION, tables.chat_settings):
            connection.execute(delete(table).where(table.c.chat_id == ids[0]))
        connection.execute(update(DELIVERY).where(DELIVERY.c.chat_id == ids[0], PENDING).values(state=State.DROPPED))
        return moved[tables.chat_settings] > 0

    async def ping(self, chat: Chat, topic: str, role: str | None) -> bool:
        """Ping a role with a topic, or none any more; False where the chat does not want the topic."""
        mine = (SUBSCRIPTION.c.topic == topic) & (SUBSCRIPTION.c.chat_id == id_of(chat))
        change = update(SUBSCRIPTION).where(mine).values(role=role)
        return await self._database.write(lambda connection: connection.execute(change).rowcount > 0)

    async def warn(self, chat: Chat) -> bool:
        """Note that an admin is told that we may not post in a chat; False where one was told already."""
        unwarned = (SUBSCRIPTION.c.chat_id == id_of(chat)) & ~SUBSCRIPTION.c.warned
        change = update(SUBSCRIPTION).where(unwarned).values(warned=True)
        return await self._database.write(lambda connection: connection.execute(change).rowcount > 0)


def end_topics(connection: Connection, chat: Chat, topics: Collection[str] | None) -> bool:
    """End subscriptions, all where `topics` is None, and drop what is on its way; whether the chat is forgotten.

    A private chat is, settings and all, once it wants nothing.
    """
    chat_id = connection.scalar(select(id_of(chat)))
    if chat_id is None:
        return False
    mine = SUBSCRIPTION.c.chat_id == chat_id
    connection.execute(delete(SUBSCRIPTION).where(mine, true() if topics is None else SUBSCRIPTION.c.topic.in_(topics)))
    drop = update(DELIVERY).where(DELIVERY.c.chat_id == chat_id, PENDING).values(state=State.DROPPED)
    if topics is not None:
        topic = select(ANNOUNCEMENT.c.topic).where(ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id).scalar_subquery()
        drop = drop.where(topic.in_(topics))
    connection.execute(drop)
    if chat.kind is not ChatKind.PRIVATE or connection.scalar(select(SUBSCRIPTION.c.topic).where(mine).limit(1)):
        return False
    # Its id is a person's: with the last topic goes all that was kept for the sake of telling them.
    for table in (DELIVERY, tables.chat_settings):
        connection.execute(delete(table).where(table.c.chat_id == chat_id))
    forget(connection, chat_id)
    return True
