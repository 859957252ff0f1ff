"""A recap for twenty thousand chats: what goes out against what the sender and the platform's limits allow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

from benchmarks import audience
from benchmarks.audience import Sender
from benchmarks.figure import Figure
from bot.app.lifecycle import spare_the_collector
from bot.domain.places import Platform
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import MOST_IN_FLIGHT, DeliveryWorker
from bot.pacing.clock import SystemClock
from bot.pacing.spacing import Spacing
from storage.announcements import Announcements
from storage.chat_moves import ChatMoves
from storage.chats import Chats
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats
from tests.support.clock import FakeClock

CHATS = 20_000
FEW, MANY = 1_000, 100_000
ROUNDS = 3

SENDING = 0.005
"""Seconds that a message takes."""

TELEGRAM_ALLOWS = 28.0
"""Messages a second, of all kinds."""

LIMITED = 1_000
"""Messages that are sent by the fake clock."""

PATIENCE = 120.0
"""Seconds after which a worker that does not get on is given up."""

TAKEN = 100
"""Times that deliveries are taken, in a round."""


class Sent(NamedTuple):
    """How messages went out: how many a second, and the CPU seconds of each."""

    rate: float
    cpu: float


def figures() -> list[Figure]:
    """The fan-out's speed, its cost in CPU, and what taking costs among few and many that wait."""
    spare_the_collector()
    rounds = [(asyncio.run(_fan_out()), asyncio.run(_sending_alone())) for _ in range(ROUNDS)]
    rate = [ours.rate for ours, _alone in rounds]
    share = [ours.rate / alone.rate for ours, alone in rounds]
    cpu = [1e6 * (ours.cpu - alone.cpu) for ours, alone in rounds]
    limited = asyncio.run(_within_limits())
    few, many = asyncio.run(_claims(FEW, MANY))
    return [
        Figure.compared("deliveries a second, a sender of 5 ms", rate, "messages/s"),
        Figure.at_least("of what the sender allows", share, "×", 0.8),
        Figure.at_least("of what Telegram's limits allow, by a fake clock", limited / TELEGRAM_ALLOWS, "×", 0.8),
        Figure.at_most("CPU a message beyond the sending", cpu, "µs", 100),
        Figure.at_most("taking deliveries with 100,000 pending against 1,000", many / few, "×", 1.5),
    ]


async def _fan_out() -> Sent:
    """Messages as a worker sends them, until it is on disk that they arrived."""
    async with _waiting(CHATS) as (tools, outbox):
        sender = Sender(lambda: asyncio.sleep(SENDING), CHATS)
        started, cpu = perf_counter(), process_time()
        await _deliver(DeliveryWorker(sender, tools, Spacing(SystemClock())), sender)
        await outbox.close()
        return Sent(CHATS / (perf_counter() - started), (process_time() - cpu) / CHATS)


async def _sending_alone() -> Sent:
    """Messages by themselves, as many at once as in a worker."""
    left = CHATS

    async def send() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await asyncio.sleep(SENDING)

    started, cpu = perf_counter(), process_time()
    await asyncio.gather(*(send() for _ in range(MOST_IN_FLIGHT)))
    return Sent(CHATS / (perf_counter() - started), (process_time() - cpu) / CHATS)


async def _within_limits() -> float:
    """Messages a second by a clock that only the platform's limits move."""
    clock = FakeClock()
    async with _waiting(LIMITED) as (tools, outbox):
        sender = Sender(lambda: asyncio.sleep(0), LIMITED)
        spacing = Spacing(clock, sender.deliveries_a_second, sender.delivery_chat_gap)
        await _deliver(DeliveryWorker(sender, tools, spacing), sender)
        await outbox.close()
    return LIMITED / clock.seconds


async def _claims(few: int, many: int) -> tuple[float, float]:
    """Seconds that it takes to read the next deliveries where few wait, and where many do, in turn."""
    async with _waiting(few) as (_, among_few), _waiting(many) as (_, among_many):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS * TAKEN):
            for outbox, taken in zip((among_few, among_many), times, strict=True):
                started = perf_counter()
                await outbox.due(Platform.TELEGRAM, audience.NOW, MOST_IN_FLIGHT)
                taken.append(perf_counter() - started)
        await asyncio.gather(among_few.close(), among_many.close())
    return median(times[0]), median(times[1])


async def _deliver(worker: DeliveryWorker, sender: Sender) -> None:
    delivering = asyncio.create_task(worker.run())
    async with asyncio.timeout(PATIENCE):
        await sender.done.wait()
    delivering.cancel()
    with suppress(asyncio.CancelledError):
        await delivering


@asynccontextmanager
async def _waiting(chats: int) -> AsyncIterator[tuple[Tools, Outbox]]:
    """An outbox in which so many chats wait for the same announcement."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'racing-incident.db'}")
        await database.upgrade()
        await audience.subscribe(database, audience.groups(chats))
        announcements = Announcements(database)
        await audience.spread(announcements, await audience.announce(announcements))
        outbox, handled = Outbox(database), HandledUpdates(database)
        known = await Chats.open(database, handled)
        subscriptions = Subscriptions(database, known, handled)
        rendered = RenderedBulletins(audience.write, audience.RaceEvening())
        writing = asyncio.create_task(outbox.run())
        yield (
            Tools(
                *(outbox, subscriptions, UnseenChats(database), rendered, ChatMoves(database, known).move),
                *(lambda _problem: audience.NEWS.reply, audience.RaceEvening()),
            ),
            outbox,
        )
        await writing
        await database.close()
