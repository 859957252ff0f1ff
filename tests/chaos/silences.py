"""A night in which both platforms fall silent amid a race: they take connections and requests, and answer nothing."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from aiohttp import web

from benchmarks.race_weekend import Said, begin, chats, race, subscribe
from benchmarks.racing import Errand, racing
from benchmarks.watched import Stand, WatchedDiscord, WatchedTelegram
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram.api.rate_limit import A_SECOND
from bot.app.settings import Settings
from bot.forms.secret import Secret
from tests.chaos.fleet import SECRET, Crowd
from tests.chaos.nights import Night
from tests.chaos.telling import told, with_recaps
from tests.support.live_timing_server import LiveTimingServer

GROUPS, CHANNELS = 5, 5

SHORTEST = 25.0
"""Seconds of silence, at least: longer than the bot waits for either platform."""

CARRIED_OUT = 1 / 4
"""How many of the messages that are sent into the silence arrive, although nobody says so."""

FEW = 20
"""Votes before the silence, and after it."""

SLOWEST = 0.2
"""Seconds from a message's arrival to the answer, at most."""


class Silence:
    """Whether the platforms are silent, and what was sent meanwhile."""

    def __init__(self, random: Random) -> None:
        self.is_over = asyncio.Event()
        self.is_over.set()
        self.arrived = 0
        """Messages on Telegram of which the bot cannot know that they arrived; Discord knows one that comes again."""

        self._random = random

    async def last(self, seconds: float) -> None:
        """Fall silent for so long."""
        self.is_over.clear()
        await asyncio.sleep(seconds)
        self.is_over.set()

    def carries_out(self) -> bool:
        """Whether a message arrives that nobody answers."""
        return self._random.random() < CARRIED_OUT

    async def hang(self, request: web.Request) -> web.Response:
        """Answer nothing, and hang up in the end on whoever is still there."""
        await self.is_over.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


class SilentTelegram(WatchedTelegram):
    """A Telegram that may fall silent."""

    def __init__(self, silence: Silence) -> None:
        super().__init__(Stand(), SLOWEST)
        self._silence = silence

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self._silence.is_over.is_set():
            return await super()._handle(request)
        if request.match_info["method"].lower() == "sendmessage" and self._silence.carries_out():
            self._silence.arrived += 1
            await super()._handle(request)
        return await self._silence.hang(request)


class SilentDiscord(WatchedDiscord):
    """A Discord whose channels may fall silent."""

    def __init__(self, silence: Silence) -> None:
        super().__init__(Stand(), SLOWEST)
        self._silence = silence

    async def _message(self, request: web.Request) -> web.Response:
        if self._silence.is_over.is_set():
            return await super()._message(request)
        if self._silence.carries_out():
            await super()._message(request)
        return await self._silence.hang(request)

    async def _edit(self, request: web.Request) -> web.Response:
        if self._silence.is_over.is_set():
            return await super()._edit(request)
        return await self._silence.hang(request)


def silent(random: Random, hard: float) -> Night:
    """Nobody is answered for a while, and once that is over all is told, and whoever presses is answered."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_silent(Path(folder), random, SHORTEST + random.uniform(0, hard)))


async def _silent(folder: Path, random: Random, seconds: float) -> Night:
    silence, log, groups = Silence(random), folder / "log", chats(GROUPS, CHANNELS)
    settings = Settings(data_dir=folder, jolpica_url=None, f1db_url=None, voter_secret=Secret(SECRET))
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(SilentTelegram(silence))
        discord = await stack.enter_async_context(SilentDiscord(silence))
        track = await stack.enter_async_context(LiveTimingServer())
        await subscribe(settings.database, groups, "incidents", "rulings")
        starts_at = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=1)
        await begin(track, "Race", 9001, starts_at)
        listens = replace(settings, race_control="live-timing", live_timing_url=track.url)
        a_second = TelegramAdapter.deliveries_a_second
        stack.enter_context(racing(Errand(listens, telegram.url, discord.way, discord.token, A_SECOND, a_second, log)))
        crowd = Crowd(telegram, groups[:GROUPS], random)
        voting = asyncio.create_task(crowd.vote())
        stack.callback(voting.cancel)
        await track.listened_to()
        await crowd.more(FEW)
        script = race(starts_at)
        falls = random.randrange(1, len(script) // 2)
        await _say(track, script[:falls], random)
        said = asyncio.create_task(_say(track, script[falls:], random))
        await silence.last(seconds)
        await said
        await told(groups, telegram, discord)
        await crowd.more(FEW)
    crowd.listen()
    night = with_recaps(await crowd.count(settings.database), groups, telegram, discord)
    return replace(night, in_flight=silence.arrived, lines=log.read_text().count("\n"))


async def _say(track: LiveTimingServer, script: Sequence[Said], random: Random) -> None:
    for said in script:
        await track.say(said.text, lap=said.lap, at=said.at, category=said.category, **said.more)
        await asyncio.sleep(random.random())


FALLING_SILENT = {"platforms silent amid a race": silent}
