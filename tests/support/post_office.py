"""A worker at work on a real database, with a platform that notes what it is sent, and time moved by the test."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bot.chat.cards import Card
from bot.chat.replies import Bulletin, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform
from bot.i18n import _
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.retry import RetryStrategy
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import DeliveryWorker
from bot.pacing.backoff import Backoff
from bot.pacing.spacing import Spacing
from storage import tables
from storage.announcements import Announcements
from storage.chat_moves import ChatMoves
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats
from tests.support.clock import FakeClock, HeldClock
from tests.support.platform_double import PlatformDouble

TOPIC = "recaps"
SUNDAY = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)


STRATEGY = RetryStrategy(
    failure=Backoff(10, 3600, jitter=0), outage=Backoff(2, 60, jitter=0), unseen=Backoff(600, 4 * 3600, jitter=0)
)
"""The bot's own, to the second."""


class _Hurried(FakeClock):
    """The office's clock for the pace of messages: what waits for its slot lets the time pass at once."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock.start)
        self._clock = clock

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        self._clock.pass_by(seconds)
        await asyncio.sleep(0)


def group(number: int, platform: Platform = Platform.TELEGRAM) -> Chat:
    """Some group."""
    return Chat(platform, str(-1000 - number))


class PostOffice:
    """Everything that delivering takes."""

    def __init__(self, database: Database, chats: Chats, platform: Platform = Platform.TELEGRAM) -> None:
        self.database = database
        self.chats = chats
        self.clock = HeldClock(SUNDAY)
        self.announcements = Announcements(database)
        self.subscriptions = Subscriptions(database, chats, HandledUpdates(database))
        self.outbox = Outbox(database)
        self.platform = PlatformDouble(platform)
        self.bulletins: dict[int, Bulletin | None] = {}
        self.written = 0
        tools = Tools(
            self.outbox,
            self.subscriptions,
            UnseenChats(database),
            RenderedBulletins(self._write, self.clock),
            ChatMoves(database, chats).move,
            lambda problem: Reply(Card(_(problem))),
            self.clock,
            STRATEGY,
        )
        self.tools = tools
        self.worker = DeliveryWorker(self.platform, tools, Spacing(_Hurried(self.clock)))

    async def _write(self, announcement_id: int, _settings: ChatSettings) -> Bulletin | None:
        self.written += 1
        return self.bulletins.get(announcement_id, Bulletin(Reply(Card(f"news {announcement_id}"))))

    async def subscribe(self, *chats: Chat, topic: str = TOPIC) -> None:
        """Let chats be told of a topic."""
        for chat in chats:
            await self.subscriptions.begin(chat, [topic])

    async def subscribe_new(self, *chats: Chat) -> None:
        """Let chats that nobody knows yet be told of the topic, all at once: one by one that takes long."""

        def begin(connection: Connection) -> None:
            ids = self.chats.rows.ids_in(connection, chats)
            connection.execute(
                insert(tables.subscription), [{"chat_id": each, "topic": TOPIC} for each in ids.values()]
            )

        await self.database.write(begin)

    async def announce(self, key: str = "a recap", *, topic: str = TOPIC, follows: int | None = None) -> Announcement:
        """Have something told to all who subscribed, or to whoever was told what it follows."""
        draft = Announcement(key, topic, Kind.RECAP, {}, self.clock.now(), follows=follows)
        announcement = await self.announcements.announce(draft)
        assert announcement is not None
        while await self.announcements.spread(announcement, lambda _settings: self.clock.now()):
            pass
        return announcement

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the worker look again and again, while time stands still, until something is so."""
        while not condition():
            await self._looked()

    async def until_busy(self, messages: int) -> None:
        """Let the worker look until so many messages are under way."""
        busy = asyncio.ensure_future(self.platform.busy(messages))
        while not busy.done():
            looking = asyncio.ensure_future(self.clock.wake())
            await asyncio.wait({busy, looking}, return_when=asyncio.FIRST_COMPLETED)
            looking.cancel()

    async def settled(self) -> Sequence[tuple[str, State]]:
        """Let the worker look until nothing is due any more; what became of each delivery, by chat."""
        while self.platform.under_way or await self.database.read(self._due):
            await self._looked()
        return await self.database.read(self._states)

    async def _looked(self) -> None:
        await self.clock.wake()

    def _due(self, connection: Connection) -> bool:
        pending = select(tables.delivery.c.chat_id).where(
            tables.delivery.c.state == State.PENDING, tables.delivery.c.due_at <= int(self.clock.now().timestamp())
        )
        return connection.execute(pending).first() is not None

    @staticmethod
    def _states(connection: Connection) -> list[tuple[str, State]]:
        rows = select(tables.chat.c.external, tables.delivery.c.state).join_from(tables.chat, tables.delivery)
        return [(external, State(state)) for external, state in connection.execute(rows.order_by(tables.chat.c.id))]


@asynccontextmanager
async def post_office(folder: Path, platform: Platform = Platform.TELEGRAM) -> AsyncIterator[PostOffice]:
    """A post office in a folder, its worker and its writer at work."""
    database = open_database(f"sqlite:///{folder / 'racing-incident.db'}")
    await database.upgrade()
    async with running(database, platform) as office:
        yield office


@asynccontextmanager
async def running(database: Database, platform: Platform = Platform.TELEGRAM) -> AsyncIterator[PostOffice]:
    """A post office on a database, which is closed in the end, its worker and its writer at work."""
    office = PostOffice(database, await Chats.open(database, HandledUpdates(database)), platform)
    writing = asyncio.create_task(office.outbox.run())
    delivering = asyncio.create_task(office.worker.run())
    try:
        yield office
    finally:
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        await office.outbox.close()
        await writing
        await database.close()
