"""What people notice while a recap goes out to 100,000 chats: how soon `/crash` is answered, and a vote counted.

Commands are measured while a worker delivers, at Telegram's pace and as fast as it can, and votes while the deliveries
are made; each against the same without any, in the same round.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks import audience
from benchmarks.audience import Sender
from benchmarks.figure import Figure
from bot.app.compose import open_core
from bot.app.lifecycle import spare_the_collector
from bot.app.repositories import open_repositories
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.dispatcher import Dispatcher
from bot.chat.requests import Request
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.events import Events
from bot.pacing.clock import SystemClock
from bot.pacing.spacing import Spacing
from bot.search.catalogue import Incidents
from handlers.incidents.blame import Blame
from handlers.incidents.choosing import LastTold
from storage.announcements import Announcements
from storage.ballot_box import BallotBox
from storage.database.open import open_database
from storage.seasons import Seasons
from tests.support.season import CALENDAR, FETCHED, RESULT

CHATS = 100_000
ROUNDS = 7
ASKED = 600
"""Commands in a round, each time."""

GAP = 0.003
"""Seconds between two of them."""

SENDING = 0.005
"""Seconds that a message takes."""

SPREADS = 3
TICK = 0.001
"""Seconds after which the event loop is to come by again."""

Ask = Callable[[], Awaitable[object]]


class Latency(NamedTuple):
    """Seconds: in the middle, and of the slowest hundredth."""

    median: float
    p99: float


class Round(NamedTuple):
    """How soon commands were answered: by themselves, and beside deliveries."""

    alone: Latency
    paced: Latency
    unlimited: Latency


class Spreading(NamedTuple):
    """How soon votes were counted without anything beside them, and beside the making of deliveries."""

    alone: Latency
    beside: Latency
    stall: float
    """Seconds by which the event loop came late, at most."""

    seconds: float


def figures() -> list[Figure]:
    """Latencies of commands and votes, as ratios within a round."""
    incidents = Incidents.load()
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), jolpica_url=None)
        asyncio.run(_prepare(settings))
        spare_the_collector()
        rounds = asyncio.run(_commands(settings, incidents))
        spreads = asyncio.run(_spreads(settings, incidents))

    def commands(value: Callable[[Round], float]) -> list[float]:
        return [*map(value, rounds)]

    def votes(value: Callable[[Spreading], float]) -> list[float]:
        return [*map(value, spreads)]

    return [
        Figure.compared("/crash without deliveries", commands(lambda it: 1e3 * it.alone.median), "ms"),
        Figure.at_most("/crash at Telegram's pace", commands(lambda it: it.paced.median / it.alone.median), "×", 1.2),
        Figure.at_most("  … its slowest hundredth", commands(lambda it: it.paced.p99 / it.alone.p99), "×", 1.5),
        Figure.at_most("/crash beside an unlimited sender", commands(lambda it: 1e3 * it.unlimited.median), "ms", 20),
        Figure.at_most("  … its slowest hundredth", commands(lambda it: 1e3 * it.unlimited.p99), "ms", 50),
        Figure.compared("making 100,000 deliveries", votes(lambda it: it.seconds), "s"),
        Figure.at_most("the event loop's longest stall meanwhile", votes(lambda it: 1e3 * it.stall), "ms", 50),
        Figure.compared("a vote by itself", votes(lambda it: 1e3 * it.alone.median), "ms"),
        Figure.at_most("a vote meanwhile", votes(lambda it: 1e3 * it.beside.median), "ms", 50),
        Figure.at_most("  … the slowest hundredth", votes(lambda it: 1e3 * it.beside.p99), "ms", 100),
    ]


async def _prepare(settings: Settings) -> None:
    """A database in which a race is known, and a recap of it waits for all chats."""
    database = open_database(settings.database)
    await database.upgrade()
    seasons, announcements = Seasons(database), Announcements(database)
    await seasons.store_schedule(2021, CALENDAR, FETCHED)
    await seasons.store_classification(RESULT, FETCHED)
    await audience.subscribe(database, audience.groups(CHATS))
    subject = {"race": RESULT.race.key, "session": RESULT.kind.value}
    await audience.spread(announcements, await audience.announce(announcements, subject=subject))
    await database.close()


async def _commands(settings: Settings, incidents: Incidents) -> list[Round]:
    async with open_core(settings, incidents) as core:
        numbers = count(1)

        async def ask() -> None:
            alone = Chat(Platform.TELEGRAM, str(next(numbers)), ChatKind.PRIVATE)
            await core.dispatcher.dispatch(Request("crash", "imola", User(Platform.TELEGRAM, alone.id), alone))

        await _asked(ask, ASKED)
        return [
            Round(
                await _asked(ask, ASKED),
                await _beside(core, None, ask),
                await _beside(core, Spacing(SystemClock()), ask),
            )
            for _ in range(ROUNDS)
        ]


async def _beside(core: Core, spacing: Spacing | None, ask: Ask) -> Latency:
    """How soon commands are answered beside a worker, which keeps to Telegram's pace unless it is given another."""
    sender = Sender(lambda: asyncio.sleep(SENDING))
    delivering = asyncio.create_task(core.deliverer.worker(sender, spacing).run())
    latency = await _asked(ask, ASKED)
    delivering.cancel()
    with suppress(asyncio.CancelledError):
        await delivering
    assert sender.sent, "nothing went out"
    return latency


async def _asked(ask: Ask, times: int) -> Latency:
    return _latency([await _timed(ask) for _ in range(times)])


async def _timed(ask: Ask) -> float:
    await asyncio.sleep(GAP)
    started = perf_counter()
    await ask()
    return perf_counter() - started


async def _spreads(settings: Settings, incidents: Incidents) -> list[Spreading]:
    async with AsyncExitStack() as stack:
        repositories = await open_repositories(settings, incidents, stack, SystemClock())
        box = BallotBox(repositories.database, repositories.chats, repositories.handled)
        blame = Blame(
            incidents,
            repositories.polls,
            box,
            repositories.voters,
            repositories.chats,
            repositories.hidden,
            LastTold(),
            Events(),
        )
        dispatcher, numbers = Dispatcher(blame.commands(), Throttle()), count(1)
        poll = next(iter(repositories.polls))
        place = Chat(Platform.TELEGRAM, "-1")

        async def vote() -> None:
            user = User(Platform.TELEGRAM, str(next(numbers)))
            data = f"{poll.incident_id} {poll.choices[0].key}"
            await dispatcher.dispatch(Request("vote", data, user, place, pressed=Post(place, "1")))

        counting = asyncio.create_task(box.run())
        measured = [await _spreading(repositories.announcements, str(number), vote) for number in range(SPREADS)]
        await box.close()
        await counting
        return measured


async def _spreading(announcements: Announcements, key: str, vote: Ask) -> Spreading:
    """How soon votes are counted while an announcement's deliveries are made."""
    alone = await _asked(vote, ASKED)
    announcement = await audience.announce(announcements, key)
    started = perf_counter()
    spreading = asyncio.create_task(audience.spread(announcements, announcement))
    async with _stalls() as late:
        votes = []
        while not spreading.done():
            votes.append(await _timed(vote))
        await spreading
    return Spreading(alone, _latency(votes), max(late), perf_counter() - started)


@asynccontextmanager
async def _stalls() -> AsyncIterator[list[float]]:
    """By how many seconds the event loop came late, each time."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            due = perf_counter() + TICK
            await asyncio.sleep(TICK)
            late.append(perf_counter() - due)

    ticking = asyncio.create_task(tick())
    yield late
    ticking.cancel()


def _latency(seconds: list[float]) -> Latency:
    return Latency(median(seconds), quantiles(seconds, n=100)[-1])
