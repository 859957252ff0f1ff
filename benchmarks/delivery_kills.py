"""A recap for 5,000 chats over the real adapters, whose process is killed thirty times in its midst.

Telegram and Discord are in this process, behind real sockets, and survive. They answer with 429, with 5xx or not at all
now and then, and some groups on Telegram have moved.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import select

from benchmarks import audience
from benchmarks.delivering import Errand, deliver
from benchmarks.figure import Figure
from benchmarks.platforms import (
    ON_DISCORD,
    ON_TELEGRAM,
    Failures,
    FickleDiscord,
    FickleTelegram,
    Traffic,
    discord_chats,
    fates_of,
    telegram_chats,
)
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform
from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from storage import tables
from storage.announcements import Announcements
from storage.database.base import Database
from storage.database.open import open_database

KILLS = 30
BETWEEN = 340
"""Messages from a start to the kill, at most."""

MOMENT = 0.05
"""Seconds, at most, by which a kill misses the arrival of a message."""

PATIENCE = 60.0
"""Seconds after which a bot that sends nothing is given up."""


class World(NamedTuple):
    """Both platforms, and a file in which deliveries wait."""

    file: Path
    traffic: Traffic
    telegram: FickleTelegram
    discord: FickleDiscord


class Kill(NamedTuple):
    """What was going on at a kill."""

    on_their_way: dict[str, int]
    """By their chats, how often messages had been sent on Telegram whose arrival the bot had not put down yet."""

    both_busy: bool


class Audience(NamedTuple):
    """Who is told on each platform, and how many messages fail there in what way."""

    on_telegram: Sequence[Chat]
    on_discord: Sequence[Chat]
    telegram_fails: Failures = ON_TELEGRAM
    discord_fails: Failures = ON_DISCORD


class Evening(NamedTuple):
    """What came of the kills; messages that came twice are counted as often as they came beyond once."""

    kills: Sequence[Kill]
    lost: int
    twice_on_telegram: int
    twice_on_discord: int
    unanswered: int
    """Messages on Telegram that were still to be answered when their process was killed."""

    @property
    def on_their_way(self) -> int:
        """Messages on Telegram that had arrived, and were not put down as sent, at one kill or several."""
        return len({sent for kill in self.kills for sent in kill.on_their_way.items()})


def figures() -> list[Figure]:
    """What was lost and what came twice."""
    who = Audience([*telegram_chats()], [*discord_chats()])
    told = asyncio.run(evening(who, Random(1994), KILLS, BETWEEN))
    chats = len(who.on_telegram) + len(who.on_discord)
    both_busy = sum(kill.both_busy for kill in told.kills)
    most = max(len(kill.on_their_way) for kill in told.kills)
    twice = "sent twice on Telegram, of those on their way at the kills"
    return [
        Figure.compared(f"kills amid {chats:,} recaps on both platforms", len(told.kills), "kills"),
        Figure.at_least("  … at which both were busy", both_busy, "kills", KILLS / 2),
        Figure.at_most("recaps lost", told.lost, "", 0),
        Figure.at_most(twice, told.twice_on_telegram, "", told.on_their_way),
        Figure.compared("  … that were still to be answered", told.unanswered, ""),
        Figure.at_most("  … on their way at a kill, at most", most, "", MOST_UNCOMMITTED),
        Figure.at_most("sent twice on Discord", told.twice_on_discord, "", 0),
    ]


async def evening(who: Audience, random: Random, kills: int, between: int) -> Evening:
    """Tell an audience something, and kill the bot so many times, at most so many messages apart."""
    async with _world(who, random) as world:
        killed = [kill async for kill in _kills(world, random, kills, between)]
        arrived = world.telegram.messages + world.discord.arrived
        unsent = await _unsent(world.file, State.PENDING, State.DEAD, State.DROPPED)
    return Evening(
        killed,
        lost=sum(not arrived[chat.id] for chat in (*who.on_telegram, *who.on_discord)) + len(unsent),
        twice_on_telegram=sum(times - 1 for times in world.telegram.messages.values()),
        twice_on_discord=sum(times - 1 for times in world.discord.arrived.values()),
        unanswered=world.telegram.unanswered,
    )


@asynccontextmanager
async def _world(who: Audience, random: Random) -> AsyncIterator[World]:
    """Platforms that are there, and a recap that waits for all chats."""
    traffic = Traffic()
    telegram_fates = fates_of(who.on_telegram, who.telegram_fails, random)
    discord_fates = fates_of(who.on_discord, who.discord_fails, random)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "racing-incident.db"
        async with _opened(file) as database:
            await database.upgrade()
            await audience.subscribe(database, (*who.on_telegram, *who.on_discord))
            announcements = Announcements(database)
            await audience.spread(announcements, await audience.announce(announcements))
        async with (
            FickleTelegram(traffic, random, telegram_fates) as telegram,
            FickleDiscord(traffic, random, discord_fates) as discord,
        ):
            yield World(file, traffic, telegram, discord)


async def _kills(world: World, random: Random, kills: int, between: int) -> AsyncIterator[Kill]:
    """Kill the bot again and again after some messages, and let it finish in the end."""
    for _ in range(kills):
        process = _started(world)
        async with asyncio.timeout(PATIENCE):
            await world.traffic.more(random.randint(1, between))
        await asyncio.sleep(random.uniform(0, MOMENT))
        process.kill()
        both_busy = all(world.traffic.under_way[platform] for platform in (Platform.TELEGRAM, Platform.DISCORD))
        await asyncio.to_thread(process.join)
        yield Kill(await _on_their_way(world), both_busy)
    process = _started(world)
    await asyncio.to_thread(process.join, 2 * PATIENCE)
    assert process.exitcode == 0, "the bot did not finish"


def _started(world: World) -> BaseProcess:
    """A bot that has begun to deliver."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.delivering"])
    errand = Errand(world.file, world.telegram.url, world.discord.way, world.discord.token)
    process = context.Process(target=deliver, args=(errand,), daemon=True)
    process.start()
    return process


async def _on_their_way(world: World) -> dict[str, int]:
    """By their chats, how often messages were sent on Telegram that the file still says are to be sent."""
    await asyncio.sleep(MOMENT)  # what a killed process sent last may have to be read yet
    pending = await _unsent(world.file, State.PENDING)
    sent = world.telegram.messages
    return {chat: sent[chat] for chat in map(world.telegram.former, pending) if sent[chat]}


async def _unsent(file: Path, *states: State) -> Sequence[str]:
    """The chats of all deliveries in these states."""
    chats = select(tables.chat.c.external).join(tables.delivery).where(tables.delivery.c.state.in_(states))
    async with _opened(file) as database:
        return await database.read(lambda connection: connection.scalars(chats).all())


@asynccontextmanager
async def _opened(file: Path) -> AsyncIterator[Database]:
    database = open_database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        await database.close()
