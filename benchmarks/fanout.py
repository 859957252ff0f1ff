"""A recap for twenty thousand chats: what goes out against what the sender and the platform's limits allow."""

import asyncio
import datetime as dt
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.figure import Figure
from bot.jobs.deliverer import TELEGRAM_A_SECOND, TELEGRAM_CHAT_GAP
from bot.jobs.flow import Flow
from bot.jobs.lane import AT_ONCE, Desk, Lane
from bot.jobs.wording import Wording
from bot.messages import Bulletin, Card, Chat, Platform, Post, Reply
from storage import models
from storage.announcements import Announcement, Announcements, Kind
from storage.chat_settings import ChatSettings
from storage.chats import Chats
from storage.database import Database
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions

CHATS = 20_000
FEW, MANY = 1_000, 100_000
SENDING = 0.005
"""Seconds that a message takes."""

TELEGRAM_ALLOWS = 28.0
"""Messages a second, of all kinds."""

LIMITED = 1_000
"""Messages that are sent by the fake clock."""

TOPIC = "recaps"
NOW = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)
NEWS = Bulletin(Reply(Card("Verstappen wins")))


def figures() -> list[Figure]:
    """The fan-out's speed, its cost in CPU, and what taking costs among few and many that wait."""
    rate, cpu = asyncio.run(_fan_out())
    limited = asyncio.run(_within_limits())
    few, many = asyncio.run(_claims(FEW)), asyncio.run(_claims(MANY))
    return [
        Figure("deliveries a second, a sender of 5 ms", rate, "messages/s", "for comparison", met=True),
        Figure.at_least("of what the sender allows", rate * SENDING / AT_ONCE, "×", 0.8),
        Figure.at_least("of what Telegram's limits allow, by a fake clock", limited / TELEGRAM_ALLOWS, "×", 0.8),
        Figure.at_most("CPU a message beyond the sending", 1e6 * cpu, "µs", 100),
        Figure.at_most("taking deliveries with 100,000 pending against 1,000", many / few, "×", 1.5),
    ]


class Sender:
    """A platform on which every message takes as long."""

    platform = Platform.TELEGRAM

    def __init__(self, expected: int, sending: Callable[[], Awaitable[object]]) -> None:
        self._expected = expected
        self._sending = sending
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

    async def tell_admin(self, chat: Chat, reply: Reply) -> bool:  # noqa: ARG002
        """Nobody is told here."""
        return False


async def _fan_out() -> tuple[float, float]:
    """Messages a second, and CPU seconds a message beyond those that sending alone takes."""
    alone = await _sending_alone()
    async with _waiting(CHATS) as (desk, outbox):
        sender = Sender(CHATS, lambda: asyncio.sleep(SENDING))
        gc.freeze()
        started, cpu = perf_counter(), process_time()
        await _deliver(Lane(sender, desk, Flow()), sender)
        await outbox.close()
        return CHATS / (perf_counter() - started), (process_time() - cpu) / CHATS - alone


async def _sending_alone() -> float:
    """CPU seconds of a sending by itself, as many at once as in a lane."""
    sent = 0

    async def send() -> None:
        nonlocal sent
        while sent < CHATS:
            sent += 1
            await asyncio.sleep(SENDING)

    started = process_time()
    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    return (process_time() - started) / CHATS


async def _within_limits() -> float:
    """Messages a second by a clock that only the platform's limits move."""
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    async with _waiting(LIMITED) as (desk, outbox):
        sender = Sender(LIMITED, lambda: asyncio.sleep(0))
        await _deliver(Lane(sender, desk, Flow(TELEGRAM_A_SECOND, TELEGRAM_CHAT_GAP, lambda: now, sleep)), sender)
        await outbox.close()
    return LIMITED / now


async def _claims(pending: int) -> float:
    """Seconds that it takes to read the next deliveries."""
    async with _waiting(pending) as (_, outbox):
        seconds = []
        for _ in range(200):
            started = perf_counter()
            await outbox.due(Platform.TELEGRAM, NOW, AT_ONCE)
            seconds.append(perf_counter() - started)
        await outbox.close()
        return median(seconds)


async def _deliver(lane: Lane, sender: Sender) -> None:
    delivering = asyncio.create_task(lane.run())
    await sender.done.wait()
    delivering.cancel()
    with suppress(asyncio.CancelledError):
        await delivering


@asynccontextmanager
async def _waiting(chats: int) -> AsyncIterator[tuple[Desk, Outbox]]:
    """An outbox in which so many chats wait for the same announcement."""
    with TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'racing-incident.db'}")
        await database.upgrade()
        known = await Chats.open(database)
        subscriptions = Subscriptions(database, known)
        groups = [Chat(Platform.TELEGRAM, str(-1 - number)) for number in range(chats)]
        ids = await known.ids(groups)
        rows = [{"topic": TOPIC, "chat_id": chat_id} for chat_id in ids.values()]
        await database.write(lambda connection: connection.execute(models.subscription.insert(), rows))
        announcements = Announcements(database)
        announcement = await announcements.announce(Announcement("recap", TOPIC, Kind.RECAP, {}, NOW))
        assert announcement is not None
        while await announcements.spread(announcement, lambda _: NOW):
            pass
        outbox = Outbox(database)
        writing = asyncio.create_task(outbox.run())

        async def write(_announcement: int, _settings: ChatSettings) -> Bulletin:
            return NEWS

        yield Desk(outbox, subscriptions, Wording(write, _now), lambda _: NEWS.reply, _now, asyncio.sleep), outbox
        await writing
        await database.close()


def _now() -> dt.datetime:
    return NOW
