"""A process that delivers until it is killed, and what had arrived by then.

It sends the id of each chat whose message has arrived, as the platform would see it: before anything is put down.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import TypeAlias

from sqlalchemy import Connection, insert, select

from bot.chat.cards import Card
from bot.chat.replies import Bulletin, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform, Post, User
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import IDLE, DeliveryWorker
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
from tests.support.forked import forkserver

TOPIC = "recaps"
NOW = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)
DONE = "done"
PATIENCE = 120.0
"""Seconds after which a process from which nothing comes is given up."""

SENDING = 0.02
"""Seconds that a message takes; without any, there would be no midst of it to be killed in."""


class Doorstep:
    """A platform on which a message has arrived once that was told."""

    platform = Platform.TELEGRAM
    deliveries_a_second: float | None = None
    delivery_chat_gap = 0.0

    def __init__(self, arrived: Callable[[str], object], takes: float = SENDING) -> None:
        self._arrived = arrived
        self._takes = takes

    async def run(self) -> None:
        """Nobody asks anything here."""

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002
        """Carry a message to a chat."""
        await asyncio.sleep(self._takes)
        self._arrived(chat.id)
        return Post(chat, once)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Nothing is edited here."""

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:  # noqa: ARG002
        """Nobody is told here."""
        return False


class RaceEvening(SystemClock):
    """It is always the same moment; the worker that rests until something is due learns when nothing is left for it."""

    def __init__(self, database: Database, moment: dt.datetime, tell: Callable[[str], object]) -> None:
        self.worker: DeliveryWorker | None = None
        self._database = database
        self._moment = moment
        self._tell = tell

    def now(self) -> dt.datetime:
        """The moment."""
        return self._moment

    async def sleep(self, seconds: float) -> None:
        """Rest for a short while; the worker for ever once nothing is due or in its hand."""
        rests = seconds == IDLE and self.worker is not None and not self.worker._taken
        with suppress(Exception):  # where the database is away, it looks again
            if rests and not await self._database.read(self.anything_left):
                self._tell(DONE)
                await asyncio.Event().wait()
        await asyncio.sleep(SENDING)

    def anything_left(self, connection: Connection) -> bool:
        """Whether anything is due."""
        its, now = tables.delivery.c, int(self._moment.timestamp())
        due = select(its.chat_id).where(its.state == State.PENDING, its.due_at <= now)
        return connection.execute(due).first() is not None


async def announce(url: str, chats: int) -> None:
    """Have something told to so many chats."""
    database = open_database(url)
    await database.upgrade()
    known = await Chats.open(database, HandledUpdates(database))
    groups = [Chat(Platform.TELEGRAM, str(-1000 - number)) for number in range(chats)]

    def subscribe(connection: Connection) -> None:
        """All at once: one by one they would take longer than all that is delivered to them."""
        ids = known.rows.ids_in(connection, groups)
        connection.execute(insert(tables.subscription), [{"chat_id": each, "topic": TOPIC} for each in ids.values()])

    await database.write(subscribe)
    announcements = Announcements(database)
    announcement = await announcements.announce(Announcement("recap", TOPIC, Kind.RECAP, {}, NOW))
    assert announcement is not None
    while await announcements.spread(announcement, lambda _: NOW):
        pass
    await database.close()


async def deliver(
    database: Database, clock: RaceEvening, tell: Callable[[str], object], takes: float = SENDING
) -> None:
    """Deliver until nothing is left, each message in so many seconds."""
    outbox, handled = Outbox(database), HandledUpdates(database)

    async def write(announcement_id: int, _settings: ChatSettings) -> Bulletin:
        return Bulletin(Reply(Card(f"news {announcement_id}")))

    chats = await Chats.open(database, handled)
    tools = Tools(
        outbox,
        Subscriptions(database, chats, handled),
        UnseenChats(database),
        RenderedBulletins(write, clock),
        ChatMoves(database, chats).move,
        lambda problem: Reply(Card(problem)),
        clock,
    )
    worker = clock.worker = DeliveryWorker(Doorstep(tell, takes), tools, Spacing(clock))
    await asyncio.gather(outbox.run(), worker.run())


def deliver_until_killed(url: str, moment: dt.datetime, tell: Callable[[str], object]) -> None:
    """What the process does."""
    database = open_database(url)
    asyncio.run(deliver(database, RaceEvening(database, moment, tell), tell))


Does: TypeAlias = Callable[[str, dt.datetime, Callable[[str], object]], None]


class Deliverer:
    """A delivering process, and what has arrived from it."""

    def __init__(self, url: str, moment: dt.datetime = NOW, does: Does = deliver_until_killed) -> None:
        """`does` is what the process does, at a moment on a database, telling what arrives."""
        context = forkserver()
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=does, args=(url, moment, sender.send), daemon=True)
        self._process.start()
        sender.close()
        self._said: list[str] = []

    @property
    def arrived(self) -> list[str]:
        """The chats whose message has arrived, in their order."""
        return [chat for chat in self._said if chat != DONE]

    @property
    def is_done(self) -> bool:
        """Whether nothing was left for it."""
        return DONE in self._said

    def wait(self, after: float = inf) -> None:
        """Wait until so many have arrived, or nothing is left."""
        while len(self._said) < after and not self.is_done:
            assert self._receiver.poll(PATIENCE), "nothing arrives any more: it does not recover"
            self._said.append(self._receiver.recv())

    def kill(self) -> None:
        """Kill it, and hear what it said before."""
        self._process.kill()
        try:
            while True:
                self._said.append(self._receiver.recv())
        except EOFError:
            self._process.join()
            self._process.close()
            self._receiver.close()


def kill_amid_deliveries(url: str, after: int) -> tuple[list[str], bool]:
    """Start a delivering process and kill it after so many arrivals; what arrived, and whether all had been sent."""
    deliverer = Deliverer(url)
    deliverer.wait(after)
    deliverer.kill()
    return deliverer.arrived, deliverer.is_done
