"""Chats that subscribe, announcements to them, and an outbox that is being emptied; nobody carries anything out."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from sqlalchemy import func, insert, select

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Delivery, Outcome, State
from bot.domain.places import Chat, Platform
from storage import tables
from storage.announcements import Announcements
from storage.chat_moves import ChatMoves
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions

RACE_DAY = dt.datetime(2026, 7, 5, 16, 0, tzinfo=dt.UTC)
"""When a recap is told in these tests."""


def later(seconds: int) -> dt.datetime:
    """So many seconds after that."""
    return RACE_DAY + dt.timedelta(seconds=seconds)


def at_once(_settings: ChatSettings) -> dt.datetime:
    """A chat may be told whatever its settings are."""
    return RACE_DAY


@asynccontextmanager
async def emptied(outbox: Outbox) -> AsyncIterator[Outbox]:
    """An outbox whose writer runs."""
    writer = asyncio.create_task(outbox.run())
    yield outbox
    await outbox.close()
    await writer


class SortingOffice:
    """Tells chats of things, and looks at what is on its way to them."""

    def __init__(self, database: Database, chats: Chats, outbox: Outbox) -> None:
        self._database = database
        self.announcements = Announcements(database)
        self.subscriptions = Subscriptions(database, chats, HandledUpdates(database))
        self.moves = ChatMoves(database, chats)
        self.outbox = outbox
        self._numbers = count(1)

    async def subscribe(self, *chats: Chat, topic: str = "recaps") -> None:
        """Let chats want a topic."""
        for chat in chats:
            await self.subscriptions.begin(chat, [topic])

    async def tell(self, topic: str = "recaps", *, follows: Announcement | None = None) -> Announcement:
        """Announce something and make all its deliveries."""
        made = await self.announce(topic, follows=follows)
        while await self.announcements.spread(made, at_once):
            pass
        return made

    async def announce(self, topic: str = "recaps", *, follows: Announcement | None = None) -> Announcement:
        """Announce something; nobody has a delivery yet."""
        kind = Kind.RECAP if follows is None else Kind.CORRECTION
        new = Announcement(
            f"{topic}:{next(self._numbers)}", topic, kind, {}, RACE_DAY, follows=follows.id if follows else None
        )
        made = await self.announcements.announce(new)
        assert made is not None
        return made

    async def due(self, platform: Platform = Platform.TELEGRAM, now: dt.datetime = RACE_DAY) -> list[Delivery]:
        """All that is due on a platform."""
        return await self.outbox.due(platform, now, 1_000)

    async def next_due(self, platform: Platform) -> dt.datetime | None:
        """When the next delivery to a platform is due, as the table has it."""
        pending = (tables.delivery.c.platform == platform.value) & (tables.delivery.c.state == State.PENDING)
        first = select(func.min(tables.delivery.c.due_at)).where(pending)
        seconds = await self._database.read(lambda connection: connection.scalar(first))
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    async def message_of(self, announcement_id: int, chat_id: int) -> str | None:
        """The message by which a chat was told something, as the table has it."""
        its = (tables.delivery.c.announcement_id == announcement_id) & (tables.delivery.c.chat_id == chat_id)
        return await self._database.read(
            lambda connection: connection.scalar(select(tables.delivery.c.message).where(its))
        )

    async def deliver(self, message: str = "1", platform: Platform = Platform.TELEGRAM) -> list[Chat]:
        """Send all that is due, as if nothing went wrong; the chats that were told."""
        told = await self.due(platform)
        for delivery in told:
            await self.outbox.settle(Outcome(delivery, State.SENT, RACE_DAY, message))
        return [delivery.chat for delivery in told]


def group(number: int, platform: Platform = Platform.TELEGRAM) -> Chat:
    """One of many groups."""
    return Chat(platform, f"-100{number:06}")


async def crowd(database: Database, most: int, topic: str = "recaps") -> None:
    """As many groups that want a topic."""
    rows = [
        {"id": number, "platform": "telegram", "external": group(number).id, "kind": "group"}
        for number in range(1, most + 1)
    ]
    wanted = [{"topic": topic, "chat_id": number} for number in range(1, most + 1)]
    await database.write(lambda connection: connection.execute(insert(tables.chat), rows))
    await database.write(lambda connection: connection.execute(insert(tables.subscription), wanted))
