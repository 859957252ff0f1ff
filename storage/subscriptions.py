"""Which chat wants to be told of what."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, delete, select, true
from sqlalchemy import update as change_rows

from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State, Told
from bot.domain.places import Chat, ChatKind, User
from bot.domain.topics import Ended, Wanted
from bot.i18n import ENGLISH
from storage import tables
from storage.chat_rows import id_of, lock_chat
from storage.chat_settings import COLUMNS, read_settings
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.outbox import PENDING
from storage.private_chats import forget_chat
from storage.unseen_chats import seen, unseen

CHAT, SETTINGS = tables.chat, tables.chat_settings
ANNOUNCEMENT, SUBSCRIPTION, DELIVERY = tables.announcement, tables.subscription, tables.delivery
SUBSCRIBER = tables.subscriber


class Subscriptions:
    """The topics of each chat, by their keys in `bot.domain.topics`.

    An update that was handled before changes nothing.
    """

    def __init__(self, database: Database, chats: Chats, handled: HandledUpdates) -> None:
        self._database = database
        self._chats = chats
        self._handled = handled

    async def of(self, chat: Chat) -> Wanted:
        """The topics that a chat wants, each with the id of the role that is mentioned with it, or None."""
        mine = select(SUBSCRIPTION.c.topic, SUBSCRIPTION.c.role).where(SUBSCRIPTION.c.chat_id == id_of(chat))
        return dict(await self._database.read(lambda connection: connection.execute(mine).all()))

    async def begin(
        self,
        chat: Chat,
        topics: Collection[str],
        update: str = "",
        subscriber: User | None = None,
        language: str = ENGLISH,
    ) -> None:
        """Tell a chat of topics from now on; a warning that we may not post there is forgotten.

        In a group the `subscriber`, if any, is who will be told where it is closed to us. The `language` in which the
        chat was answered is that of what it is told, unless one was chosen.
        """
        if not topics:
            return

        def begin(connection: Connection) -> None:
            if self._handled.first_time(connection, chat.platform, update):
                self._begin(connection, chat, topics, subscriber)
                if language != ENGLISH:
                    self._speak(connection, chat, language)

        await self._chats.write(begin, chat)

    def _speak(self, connection: Connection, chat: Chat, language: str) -> None:
        row = self._database.insert(SETTINGS).values(
            chat_id=self._chats.rows.id_in(connection, chat), language=language
        )
        unless_chosen = row.on_conflict_do_update(
            index_elements=["chat_id"], set_={"language": language}, where=SETTINGS.c.language.is_(None)
        )
        connection.execute(unless_chosen)

    def _begin(self, connection: Connection, chat: Chat, topics: Collection[str], subscriber: User | None) -> None:
        chat_id = self._chats.rows.id_in(connection, chat)
        row = self._database.insert(SUBSCRIPTION)
        again = row.on_conflict_do_update(index_elements=["topic", "chat_id"], set_={"warned": False})
        connection.execute(again, [{"topic": topic, "chat_id": chat_id} for topic in topics])
        seen(connection, [chat_id])
        if subscriber is not None and not subscriber.is_chat and chat.kind is ChatKind.GROUP:
            whose = self._database.insert(SUBSCRIBER).values(chat_id=chat_id, person=subscriber.id)
            connection.execute(
                whose.on_conflict_do_update(index_elements=["chat_id"], set_={"person": whose.excluded.person})
            )

    async def subscriber(self, chat: Chat) -> User | None:
        """Who turned topics on in a group last, where they let that be known."""
        whose = select(SUBSCRIBER.c.person).where(SUBSCRIBER.c.chat_id == id_of(chat))
        person = await self._database.read(lambda connection: connection.scalar(whose))
        return None if person is None else User(chat.platform, person)

    async def subscribed_by(self, person: User) -> list[Chat]:
        """The groups in which somebody was the last to turn topics on."""
        theirs = select(CHAT.c.external).join(SUBSCRIBER).where(_is_by(person)).order_by(CHAT.c.id)
        found = await self._database.read(lambda connection: connection.scalars(theirs).all())
        return [Chat(person.platform, external) for external in found]

    async def end(self, chat: Chat, topics: Collection[str] | None = None, update: str = "") -> Ended:
        """Tell a chat of topics no longer, of none where None are named, nor of what is on its way; which were on.

        With the last topic of a private chat goes all that is kept of it. Where none of the topics was on, all stays.
        """
        ended = await self._chats.write(lambda connection: self._end(connection, chat, topics, update), chat)
        await self._scrub_after(chat)
        return ended

    async def _scrub_after(self, chat: Chat) -> None:
        """Leave no copy of a private chat's number in files, as it may just have been forgotten."""
        if chat.kind is ChatKind.PRIVATE:
            await self._database.scrub()

    def _end(self, connection: Connection, chat: Chat, topics: Collection[str] | None, update: str) -> Ended:
        if not self._handled.first_time(connection, chat.platform, update):
            return Ended({})
        return _end(connection, chat, topics)

    async def end_all(self, chat: Chat) -> None:
        """Tell a chat of nothing any more, as it is closed to us or wants to be forgotten; a private one is."""
        await self._chats.write(lambda connection: end_all_topics(connection, chat), chat)
        await self._scrub_after(chat)

    async def end_unseen(self, chat: Chat, now: dt.datetime) -> bool:
        """Tell a chat of nothing any more if it has been out of sight for long enough; False where it has not."""
        over = await self._chats.write(lambda connection: _end_unseen(connection, chat, now), chat)
        await self._scrub_after(chat)
        return over

    async def told(self, chat: Chat) -> list[Told]:
        """What a chat was told, or is to be, the latest first."""
        mine = (
            select(ANNOUNCEMENT.c.key, DELIVERY.c.state, DELIVERY.c.message)
            .select_from(DELIVERY)
            .join(ANNOUNCEMENT)
            .where(DELIVERY.c.chat_id == id_of(chat))
            .order_by(ANNOUNCEMENT.c.id.desc())
        )
        rows = await self._database.read(lambda connection: connection.execute(mine).all())
        return [Told(row.key, State(row.state), row.message) for row in rows]

    async def ping(self, chat: Chat, topics: Collection[str], role: str | None, update: str = "") -> bool:
        """Mention a role with topics, or none any more; False where the chat wants none of the topics."""
        return await self._database.write(lambda connection: self._ping(connection, chat, topics, role, update))

    def _ping(self, connection: Connection, chat: Chat, topics: Collection[str], role: str | None, update: str) -> bool:
        mine = SUBSCRIPTION.c.topic.in_(topics) & (SUBSCRIPTION.c.chat_id == id_of(chat))
        if not self._handled.first_time(connection, chat.platform, update):
            return connection.scalar(select(SUBSCRIPTION.c.topic).where(mine).limit(1)) is not None
        return connection.execute(change_rows(SUBSCRIPTION).where(mine).values(role=role)).rowcount > 0

    async def unwarned(self, chat: Chat) -> bool:
        """Whether a chat is told of something, and no admin was told that we may not post there."""
        row = select(SUBSCRIPTION.c.topic).where(_unwarned(chat)).limit(1)
        return await self._database.read(lambda connection: connection.scalar(row)) is not None

    async def warn(self, chat: Chat) -> None:
        """Note that an admin was told that we may not post in a chat."""
        change = change_rows(SUBSCRIPTION).where(_unwarned(chat)).values(warned=True)
        await self._database.write(lambda connection: connection.execute(change))


def _is_by(person: User) -> ColumnElement[bool]:
    return (CHAT.c.platform == person.platform) & (SUBSCRIBER.c.person == person.id)


def _unwarned(chat: Chat) -> ColumnElement[bool]:
    return (SUBSCRIPTION.c.chat_id == id_of(chat)) & ~SUBSCRIPTION.c.warned


def _end(connection: Connection, chat: Chat, topics: Collection[str] | None) -> Ended:
    chat_id = lock_chat(connection, chat)
    if chat_id is None:
        return Ended({})
    ended = _unsubscribe(connection, chat_id, topics)
    left = connection.scalar(select(SUBSCRIPTION.c.topic).where(SUBSCRIPTION.c.chat_id == chat_id).limit(1))
    if left is None:
        _forget_trouble(connection, chat_id)
    last = bool(ended) and left is None and chat.kind is ChatKind.PRIVATE
    return Ended(ended, settings_gone=last and _forget(connection, chat_id))


def _end_unseen(connection: Connection, chat: Chat, now: dt.datetime) -> bool:
    """Whether it is over with a chat is read in the transaction that ends it: something may have arrived meanwhile."""
    chat_id = lock_chat(connection, chat)
    trouble = None if chat_id is None else unseen(connection, chat_id)
    if trouble is None or not trouble.is_over(now):
        return False
    end_all_topics(connection, chat)
    return True


def end_all_topics(connection: Connection, chat: Chat) -> bool:
    """Tell a chat of nothing any more; whether it is a private one of which something was kept, and is no longer."""
    chat_id = lock_chat(connection, chat)
    if chat_id is None:
        return False
    _unsubscribe(connection, chat_id, None)
    _forget_trouble(connection, chat_id)
    if chat.kind is ChatKind.PRIVATE:
        _forget(connection, chat_id)
    return chat.kind is ChatKind.PRIVATE


def _unsubscribe(connection: Connection, chat_id: int, topics: Collection[str] | None) -> Wanted:
    """End subscriptions, all where `topics` is None, and drop what is on its way; those that there were."""
    named = true() if topics is None else SUBSCRIPTION.c.topic.in_(topics)
    ended = delete(SUBSCRIPTION).where(SUBSCRIPTION.c.chat_id == chat_id, named)
    drop = change_rows(DELIVERY).where(DELIVERY.c.chat_id == chat_id, PENDING).values(state=State.DROPPED)
    if topics is not None:
        topic = select(ANNOUNCEMENT.c.topic).where(ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id).scalar_subquery()
        drop = drop.where(topic.in_(topics))
    rows = connection.execute(ended.returning(SUBSCRIPTION.c.topic, SUBSCRIPTION.c.role)).all()
    connection.execute(drop)
    return {row.topic: row.role for row in rows}


def forget_subscriber(connection: Connection, person: User) -> int:
    """Keep no longer in which groups somebody turned topics on; how many these were."""
    theirs = select(CHAT.c.id).join(SUBSCRIBER).where(_is_by(person))
    return connection.execute(delete(SUBSCRIBER).where(SUBSCRIBER.c.chat_id.in_(theirs))).rowcount


def _forget_trouble(connection: Connection, chat_id: int) -> None:
    """Keep of a chat that is told nothing neither who turned topics on nor since when it was not seen."""
    connection.execute(delete(SUBSCRIBER).where(SUBSCRIBER.c.chat_id == chat_id))
    seen(connection, [chat_id])


def _forget(connection: Connection, chat_id: int) -> bool:
    """Keep nothing of a private chat, as its id is a person's; whether it had changed any setting."""
    had = connection.execute(select(*COLUMNS).where(SETTINGS.c.chat_id == chat_id)).first()
    forget_chat(connection, chat_id)
    return had is not None and read_settings(*had) != ChatSettings()
