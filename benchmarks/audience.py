"""An audience for what is announced: chats that subscribed, something to tell them, and a platform to send it by."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.adapters.telegram import TelegramAdapter
from bot.chat.cards import Card
from bot.chat.replies import Bulletin, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import SystemClock
from storage import tables
from storage.announcements import Announcements
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates

TOPIC = "recaps"
NOW = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)
NEWS = Bulletin(Reply(Card("Verstappen wins")))


def groups(number: int) -> list[Chat]:
    """So many groups on Telegram."""
    return [Chat(Platform.TELEGRAM, str(-each)) for each in range(1, number + 1)]


class RaceEvening(SystemClock):
    """It is always the moment at which all of it is told; sleep takes its time."""

    def now(self) -> dt.datetime:
        """The moment."""
        return NOW


async def write(_announcement: int, _settings: ChatSettings) -> Bulletin:
    """The news, for everybody alike."""
    return NEWS


async def subscribe(database: Database, chats: Iterable[Chat]) -> None:
    """Have chats want the news."""
    ids = await (await Chats.open(database, HandledUpdates(database))).ids(chats)
    rows = [{"topic": TOPIC, "chat_id": chat_id} for chat_id in ids.values()]
    await database.write(lambda connection: connection.execute(tables.subscription.insert(), rows))


async def announce(
    announcements: Announcements, key: str = "recap", subject: Mapping[str, str] | None = None
) -> Announcement:
    """Something to tell, without any deliveries yet."""
    announcement = await announcements.announce(Announcement(key, TOPIC, Kind.RECAP, subject or {}, NOW))
    assert announcement is not None
    return announcement


async def spread(announcements: Announcements, announcement: Announcement) -> None:
    """Have the deliveries made, chunk by chunk."""
    while await announcements.spread(announcement, lambda _: NOW):
        pass


class Sender:
    """A platform that sends, by itself, and says when it has sent as much as was expected."""

    platform = Platform.TELEGRAM
    deliveries_a_second = TelegramAdapter.deliveries_a_second
    delivery_chat_gap = TelegramAdapter.delivery_chat_gap

    def __init__(self, sending: Callable[[], Awaitable[object]], expected: int = 0) -> None:
        self._sending = sending
        self._expected = expected
        self.sent = 0
        self.done = asyncio.Event()

    async def run(self) -> None:
        """Nobody asks anything here."""

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002
        """Take as long as sending takes."""
        await self._sending()
        self.sent += 1
        if self.sent == self._expected:
            self.done.set()
        return Post(chat, str(self.sent))

    async def edit(self, post: Post, reply: Reply) -> None:
        """Nothing is edited here."""

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:  # noqa: ARG002
        """Nobody is told here."""
        return False
