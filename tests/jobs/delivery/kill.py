"""A process that delivers until it is killed, and what had arrived by then.

It sends the id of each chat whose message has arrived, as the platform would see it: before anything is put down.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Connection, select

from bot.chat.cards import Card
from bot.chat.replies import Bulletin, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform, Post, User
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import DeliveryWorker
from bot.pacing.clock import SystemClock
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

TOPIC = "recaps"
NOW = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)
DONE = "done"
SENDING = 0.02
"""Seconds that a message takes; without any, there would be no midst of it to be killed in."""


class Doorstep:
    """A platform on which a message has arrived once that was told."""

    platform = Platform.TELEGRAM
    deliveries_a_second: float | None = None
    delivery_chat_gap = 0.0

    def __init__(self, arrived: Callable[[str], object]) -> None:
        self._arrived = arrived

    async def run(self) -> None:
        """Nobody asks anything here."""

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002
        """Carry a message to a chat."""
        await asyncio.sleep(SENDING)
        self._arrived(chat.id)
        return Post(chat, once)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Nothing is edited here."""

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:  # noqa: ARG002
        """Nobody is told here."""
        return False


class RaceEvening(SystemClock):
    """It is always the same moment; whoever rests until something is due learns when nothing is left."""

    def __init__(self, database: Database, tell: Callable[[str], object]) -> None:
        self._database = database
        self._tell = tell

    def now(self) -> dt.datetime:
        """The moment."""
        return NOW

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - the clock's
        """Rest for a short while, or for ever once nothing is left."""
        if not await self._database.read(_anything_pending):
            self._tell(DONE)
            await asyncio.Event().wait()
        await asyncio.sleep(SENDING)


async def announce(file: Path, chats: int) -> None:
    """Have something told to so many chats."""
    database = open_database(f"sqlite:///{file}")
    await database.upgrade()
    handled = HandledUpdates(database)
    subscriptions = Subscriptions(database, await Chats.open(database, handled), handled)
    for number in range(chats):
        await subscriptions.begin(Chat(Platform.TELEGRAM, str(-1000 - number)), [TOPIC])
    announcements = Announcements(database)
    announcement = await announcements.announce(Announcement("recap", TOPIC, Kind.RECAP, {}, NOW))
    assert announcement is not None
    while await announcements.spread(announcement, lambda _: NOW):
        pass
    await database.close()


async def deliver(file: Path, tell: Callable[[str], object]) -> None:
    """Deliver until nothing is left."""
    database = open_database(f"sqlite:///{file}")
    outbox, handled = Outbox(database), HandledUpdates(database)

    async def write(announcement_id: int, _settings: ChatSettings) -> Bulletin:
        return Bulletin(Reply(Card(f"news {announcement_id}")))

    clock, chats = RaceEvening(database, tell), await Chats.open(database, handled)
    tools = Tools(
        outbox,
        Subscriptions(database, chats, handled),
        UnseenChats(database),
        RenderedBulletins(write, clock),
        ChatMoves(database, chats).move,
        lambda problem: Reply(Card(problem)),
        clock,
    )
    await asyncio.gather(outbox.run(), DeliveryWorker(Doorstep(tell), tools, Spacing(clock)).run())


def _anything_pending(connection: Connection) -> bool:
    pending = select(tables.delivery.c.chat_id).where(tables.delivery.c.state == State.PENDING)
    return connection.execute(pending).first() is not None


def deliver_until_killed(file: Path, tell: Callable[[str], object]) -> None:
    """What the process does."""
    asyncio.run(deliver(file, tell))


def kill_amid_deliveries(file: Path, after: int) -> tuple[list[str], bool]:
    """Start a delivering process and kill it after so many arrivals; what arrived, and whether all had been sent."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=deliver_until_killed, args=(file, sender.send), daemon=True)
    process.start()
    sender.close()
    arrived: list[str] = []
    while len(arrived) < after and DONE not in arrived:
        arrived.append(receiver.recv())
    process.kill()
    try:
        while True:
            arrived.append(receiver.recv())
    except EOFError:
        process.join()
        process.close()
        receiver.close()
    return [chat for chat in arrived if chat != DONE], DONE in arrived
