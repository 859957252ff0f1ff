"""From race control's message to the poll in a hundred chats, and from a ruling to its edit, over both real clients.

The bot is a process of its own; live timing, Telegram and Discord are in this one, behind real sockets. Telegram takes
30 messages a second in all, of which the bot uses 28: so many of the hundred chats are there, the others on Discord.
Of fifty groups on Telegram 22 hear of anything a second later than the rest, however fast the bot is. That is measured
for comparison, as it is and with a Telegram that takes any number.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple, TypeAlias

from benchmarks.figure import Figure
from benchmarks.race_weekend import SESSIONS, begin, begin_on_openf1, chats, incidents, subscribe
from benchmarks.racing import Errand, racing
from benchmarks.watched import Arrival, Stand, WatchedDiscord, WatchedTelegram
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram.api.rate_limit import A_SECOND
from bot.app.settings import Settings
from bot.domain.places import Platform
from bot.feeds.race_control.openf1_watch import LIVE_PAUSE
from bot.forms.secret import Secret
from tests.adapters.telegram.bot_api import pressed
from tests.support.live_timing_server import LiveTimingServer
from tests.support.openf1_server import PASSWORD, USERNAME, OpenF1Server

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD

SPLIT = {TELEGRAM: A_SECOND, DISCORD: 100 - A_SECOND}
"""A hundred chats, of which as many on Telegram as it takes messages a second."""

HALVES = {TELEGRAM: 50, DISCORD: 50}
"""A hundred chats, half of them on each platform."""

UNLIMITED = 100_000
"""Messages a second to Telegram."""

BREATH = 1.1
"""Seconds between two incidents, after which Telegram's second is over."""

ASKED = 5
"""Incidents on OpenF1."""


Seconds: TypeAlias = dict[Platform, list[float]]
"""From a message of race control's to each chat, by platform."""


class Heard(NamedTuple):
    """How soon each chat had the polls, and the rulings in them."""

    polls: Seconds
    edits: Seconds
    edits_amid_votes: Seconds


class World(NamedTuple):
    """Both platforms, with somebody who watches them, and how many chats there are in all."""

    chats: int
    stand: Stand
    telegram: WatchedTelegram
    discord: WatchedDiscord


def figures() -> list[Figure]:
    """How soon chats are told; where half of them are on Telegram also at its pace, and without it."""
    paced = asyncio.run(_race_day(SPLIT, A_SECOND, TelegramAdapter.deliveries_a_second))
    crowded = asyncio.run(_race_day(HALVES, A_SECOND, TelegramAdapter.deliveries_a_second))
    free = asyncio.run(_race_day(HALVES, UNLIMITED, UNLIMITED))
    asked = asyncio.run(_openf1())
    return [
        *_figures("poll", paced.polls, crowded.polls, free.polls),
        *_figures("ruling → edit", paced.edits, crowded.edits, free.edits),
        Figure.compared(
            "  … amid votes, whose edits use Telegram's second up", _p99(_all(paced.edits_amid_votes)), "s"
        ),
        Figure.at_most("  … without Telegram's pace", _p99(_all(free.edits_amid_votes)), "s", 1),
        Figure.at_most(f"poll by OpenF1, asked every {LIVE_PAUSE:.0f} s, p99", _p99(_all(asked)), "s", 5),
        Figure.compared("  … p50", median(_all(asked)), "s"),
    ]


def _figures(name: str, paced: Seconds, crowded: Seconds, free: Seconds) -> Iterable[Figure]:
    yield Figure.at_most(f"{name} in 100 chats on both, p99", _p99(_all(paced)), "s", 1)
    yield Figure.compared("  … p50", median(_all(paced)), "s")
    yield Figure.compared(f"{name} in 50 groups on Telegram, p99", _p99(crowded[TELEGRAM]), "s")
    yield Figure.at_most("  … without Telegram's pace", _p99(free[TELEGRAM]), "s", 1)


def _all(heard: Seconds) -> list[float]:
    """All chats' seconds, whichever platform they are on."""
    return [seconds for each in heard.values() for seconds in each]


def _p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100, method="inclusive")[-1]


@asynccontextmanager
async def _world(chats: Mapping[Platform, int]) -> AsyncIterator[World]:
    stand = Stand()
    async with WatchedTelegram(stand) as telegram, WatchedDiscord(stand) as discord:
        yield World(sum(chats.values()), stand, telegram, discord)


async def _race_day(on: Mapping[Platform, int], a_second: int, deliveries_a_second: float) -> Heard:
    """A sprint, and a race amid votes."""
    heard = Heard(*({platform: list[float]() for platform in Platform} for _ in range(3)))
    with TemporaryDirectory() as folder:
        async with _world(on) as world, LiveTimingServer() as track:
            settings = Settings(
                data_dir=Path(folder), jolpica_url=None, race_control="live-timing", live_timing_url=track.url
            )
            await subscribe(settings.database, chats(on[TELEGRAM], on[DISCORD]), "incidents")
            with racing(_errand(settings, world, a_second, deliveries_a_second)):
                await track.listened_to()
                await world.telegram.polled()
                await world.discord.listened_to()
                await _replay(world, track, heard)
    return heard


async def _replay(world: World, track: LiveTimingServer, heard: Heard) -> None:
    for name, key in SESSIONS:
        await begin(track, name, key)
        for number, incident in enumerate(incidents()):
            # More votes would exceed the 20 messages a minute that a group takes, as this race is over in one.
            amid_votes = name == "Race" and number % 2 == 0
            since, started = len(world.stand.seen), perf_counter()
            await track.say(incident.noted, lap=3, at=dt.datetime.now(dt.UTC))
            await _all_told(world, since, started, heard.polls)
            await asyncio.sleep(BREATH)
            if amid_votes:
                await _vote(world)
            since, started = len(world.stand.seen), perf_counter()
            await track.say(incident.ruling, lap=5, at=dt.datetime.now(dt.UTC))
            edits = heard.edits_amid_votes if amid_votes else heard.edits
            await _all_told(world, since, started, edits, incident.shown)
            await asyncio.sleep(BREATH)


async def _all_told(world: World, since: int, started: float, heard: Seconds, ruling: str = "") -> None:
    """Wait until each chat has a poll, or where there is a ruling until each poll shows it; note how long that took."""
    told: dict[str, Arrival] = {}

    def all_told() -> bool:
        for arrival in world.stand.seen[since:]:
            if arrival.is_edit == bool(ruling) and ruling in arrival.said:
                told.setdefault(arrival.chat, arrival)
        return len(told) == world.chats

    async with asyncio.timeout(60):
        await world.stand.until(all_told)
    for arrival in told.values():
        heard[arrival.platform].append(arrival.at - started)


async def _vote(world: World) -> None:
    """Let somebody vote below the last poll, and wait until a message shows that."""
    since = len(world.stand.seen)
    last = [call.data for call in world.telegram.calls if call.method == "sendMessage"][-1]
    data = last["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    chat = {"id": int(last["chat_id"]), "type": "supergroup", "title": "Pit wall"}
    await world.telegram.push(pressed(data, chat, query=f"q{since}"))
    await world.stand.until(lambda: any(arrival.is_edit for arrival in world.stand.seen[since:]))


async def _openf1() -> dict[Platform, list[float]]:
    """A session as OpenF1 has it: something is said at any moment between two questions."""
    heard: dict[Platform, list[float]] = {platform: [] for platform in Platform}
    random = Random(63)
    with TemporaryDirectory() as folder:
        async with _world(SPLIT) as world, OpenF1Server() as track:
            settings = Settings(
                data_dir=Path(folder),
                jolpica_url=None,
                race_control="openf1",
                openf1_url=track.url,
                openf1_username=USERNAME,
                openf1_password=Secret(PASSWORD),
            )
            await subscribe(settings.database, chats(SPLIT[TELEGRAM], SPLIT[DISCORD]), "incidents")
            begin_on_openf1(track, *SESSIONS[-1])
            with racing(_errand(settings, world, A_SECOND, TelegramAdapter.deliveries_a_second)):
                await world.telegram.polled()
                await world.discord.listened_to()
                for incident in incidents()[:ASKED]:
                    await asyncio.sleep(random.uniform(1, 1 + LIVE_PAUSE))
                    since, started = len(world.stand.seen), perf_counter()
                    track.say(incident.noted, lap=3, at=dt.datetime.now(dt.UTC))
                    await _all_told(world, since, started, heard)
    return heard


def _errand(settings: Settings, world: World, a_second: int, deliveries_a_second: float) -> Errand:
    return Errand(settings, world.telegram.url, world.discord.way, world.discord.token, a_second, deliveries_a_second)
