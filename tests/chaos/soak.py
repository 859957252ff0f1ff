"""`python -m tests.chaos.soak`: hours of a bot's life in minutes, and what it has in hand after each tenth of them.

The whole bot runs over its real clients on a clock that races: people type, press and ask on both platforms, pages are
read, feeds are asked, a race is run and told, lines are cut. The platforms are in the same process, and forget.

Before the first tenth there are some in which all happens that memory is taken for once: every sort of page and picture
is painted, as many as are remembered, every fan comes, a race is told with all its incidents and its recap, and that is
corrected. What grows after that grows for ever, or is a bug.
"""

import argparse
import asyncio
import datetime as dt
import json
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import structlog
from aiohttp import ClientSession
from rich.console import Console
from rich.table import Table

from benchmarks.race_weekend import begin, chats, incidents, subscribe
from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.app.compose import open_core
from bot.app.pages import pages_beside
from bot.app.race_control import source
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.app.supervisor import supervise
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from bot.search.catalogue import Incidents
from tests.adapters.discord.api import AL, PRESS, Discord
from tests.adapters.telegram import bot_api
from tests.adapters.telegram.bot_api import CUT, TOKEN, BotApi
from tests.chaos.in_hand import InHand, afterwards, flaws
from tests.support.conversation import patience
from tests.support.invented_season import IMOLA, InventedSeason
from tests.support.jolpica_server import JolpicaServer
from tests.support.live_timing_server import LiveTimingServer

BEGINS = dt.datetime(2021, 4, 18, 12, 50, tzinfo=dt.UTC)
"""Ten minutes before a race."""

BEFOREHAND = 4
"""Tenths before the first: an hour passes in them, after which a recap is told whatever is missing for it."""

TENTHS = 10
A_TENTH = 60
"""How often in a tenth somebody types, presses and reads, on each platform."""

FANS = A_TENTH
"""People on each platform: all have come before the first tenth, and come again and again."""

TYPED = ("/crash imola", "/blame imola", "/standings", "/next", "/quote", "/browse 2021", "/help", "/mydata")
PAGES = ("", "imola-2021", "de/imola-2021", "feed.atom", "data", "stewards", "imola-2021.png", "sitemap.xml")
PAINTED = "imola-2021.png"
"""A page that is painted anew after each vote: beforehand it is read so often that no more pictures are remembered."""

CHOICES = ("all-russell", "mostly-russell", "equal")
PLACES = ("hamilton", "max_verstappen", "norris", "perez", "bottas", "russell")

QUIET = 0.5
"""Seconds without any call of the bot's after which it has nothing under way."""

PATIENCE = 10.0
"""Seconds after which it is not waited for any longer."""


class RacingTime:
    """A clock that runs so many times as fast as the world's."""

    def __init__(self, times: float) -> None:
        self._times = times
        self._began = time.monotonic()

    def now(self) -> dt.datetime:
        """The time of day."""
        return BEGINS + dt.timedelta(seconds=(time.monotonic() - self._began) * self._times)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() * self._times

    async def sleep(self, seconds: float) -> None:
        """Sleep a part of it."""
        await asyncio.sleep(seconds / self._times)


class World(NamedTuple):
    """All that the bot talks to."""

    telegram: BotApi
    discord: Discord
    season: InventedSeason
    archive: JolpicaServer
    track: LiveTimingServer
    pages: str
    clock: RacingTime

    async def quiet(self) -> None:
        """Wait until the bot has nothing under way: what it has in hand for that is not what it keeps."""
        until, calls = time.monotonic() + PATIENCE, -1
        while calls != (calls := len(self.telegram.calls) + self.discord.calls + len(self.discord.edits)):
            await asyncio.sleep(QUIET)
            if time.monotonic() > until:
                break

    def forget(self) -> None:
        """Let the doubles forget what they noted, which is not the bot's."""
        for noted in (
            *(self.telegram.calls, self.telegram.polls, self.telegram.shown, self.telegram._answered),
            *(self.telegram.ephemeral.presses, self.discord.responses, self.discord.messages, self.discord.edits),
            *(self.discord.shown, self.discord.follow_ups, self.discord.originals, self.archive.asked),
            self.track.subscriptions,
        ):
            noted.clear()
        while not self.discord.answers.empty():
            self.discord.answers.get_nowait()


@asynccontextmanager
async def _world(hours: float, seconds: float) -> AsyncIterator[World]:
    """The bot, over both platforms and with pages, until this is left."""
    clock = RacingTime(hours * 3600 / seconds)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        telegram, discord = await stack.enter_async_context(BotApi()), await stack.enter_async_context(Discord(None))
        archive = await stack.enter_async_context(JolpicaServer())
        season = InventedSeason(archive)
        track = await stack.enter_async_context(LiveTimingServer())
        settings = Settings(
            data_dir=Path(folder),
            jolpica_url=archive.url,
            f1db_url=None,
            race_control="live-timing",
            live_timing_url=track.url,
            web_url="http://127.0.0.1",
            web_port=0,
        )
        await subscribe(settings.database, chats(40, 40), "incidents", "rulings", "recaps", "results")
        feed = await stack.enter_async_context(open_feed(settings, clock))
        opened = open_core(settings, Incidents.load(), feed, source(settings, clock), limits=patience(), clock=clock)
        core = await stack.enter_async_context(opened)
        served = await stack.enter_async_context(pages_beside(settings, core))
        await stack.enter_async_context(_platforms(core, telegram, discord, clock))
        yield World(telegram, discord, season, archive, track, f"http://127.0.0.1:{served.port}/", clock)


@asynccontextmanager
async def _platforms(core: Core, telegram: BotApi, discord: Discord, clock: RacingTime) -> AsyncIterator[None]:
    pace = OwnPace(clock, Allowance(10_000, seconds=1))
    taken = (core.dispatcher, core.posted, core.menus)
    core.join(
        TelegramAdapter(
            *(TOKEN, *taken, core.groups, core.answers),
            addresses=Addresses(telegram.url),
            clock=clock,
            pace=pace,
        )
    )
    forums = core.stored.forum_posts
    core.join(DiscordAdapter(discord.token, *taken, forums, connector=discord.connector, clock=clock))
    running = [asyncio.create_task(supervise(each, clock)) for each in core.adapters.values()]
    running.append(asyncio.create_task(core.deliverer.run(core.adapters)))
    try:
        await discord.listened_to()
        await telegram.polled()
        yield
    finally:
        for task in reversed(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _live(world: World, tenth: int, seconds: float, often: int) -> None:
    """A tenth of the time: what people do in it, evenly, and what happens in it once."""
    await _happens(world, tenth)
    async with ClientSession() as reader:
        for turn in range(often):
            await world.track.ping()
            number = tenth * often + turn
            await _on_telegram(world, number)
            await _on_discord(world, number)
            for path in (PAGES[number % len(PAGES)], *(PAINTED,) * (tenth < BEFOREHAND)):
                async with reader.get(world.pages + path) as page:
                    await page.read()
            await asyncio.sleep(seconds / often / 2)
    await world.quiet()


async def _happens(world: World, tenth: int) -> None:
    """Lines are cut, and a result is corrected; at first a whole race is told."""
    world.telegram.fail("getUpdates", CUT)
    again = world.discord.listeners + 1
    await world.discord.send_frame(json.dumps({"op": 9, "d": False}))
    await world.discord.listened_to_by(again)
    if tenth == 0:
        await world.track.listened_to()
        await begin(world.track, "Race", 9001, world.clock.now())
        for lap, incident in enumerate(incidents(), 3):
            for said in (incident.noted, incident.ruling):
                await world.track.say(said, lap=lap, at=world.clock.now())
    winner = tenth % len(PLACES)
    world.season.ended(IMOLA, *PLACES[winner:], *PLACES[:winner])


async def _on_telegram(world: World, number: int) -> None:
    fan = {"id": 1_000 + number % FANS, "is_bot": False, "first_name": "Al"}
    group = {**bot_api.GROUP, "id": -1001 - number % 40}
    vote = f"vote imola-2021 {CHOICES[number // FANS % len(CHOICES)]}"
    await world.telegram.deliver(
        bot_api.typed(TYPED[number % len(TYPED)], group, fan),
        bot_api.pressed(vote, group, fan, f"q{number}"),
        bot_api.inline_query("imola"),
    )


async def _on_discord(world: World, number: int) -> None:
    interaction, fan = f"{900_000 + number}", {**AL, "id": f"{1_000 + number % FANS}"}
    press = {
        **PRESS,
        "id": interaction,
        "user": fan,
        "data": {"custom_id": "vote imola-2021 all-russell", "component_type": 2},
    }
    await world.discord.tell("INTERACTION_CREATE", press)
    async with asyncio.timeout(30):
        await world.discord.response(interaction)


async def soak(hours: float, seconds: float, often: int = A_TENTH) -> list[InHand]:
    """What the process has before, after each tenth of so many hours that take so many seconds, and afterwards.

    That beforehand, in which everything happens once, is told as one. `often` is how many times in a tenth people do
    what they do.
    """
    had = [InHand.now()]
    async with _world(hours, seconds) as world:
        for tenth in range(BEFOREHAND + TENTHS):
            await _live(world, tenth, seconds / TENTHS, often)
            world.forget()
            if tenth >= BEFOREHAND - 1:
                had.append(InHand.now())
    had.append(await afterwards(had[0]))
    return had


def main() -> int:
    """Live so long, and say what there was; 1 where something grew or was left behind."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak")
    parser.add_argument("--hours", type=float, default=4.0, help="of the bot's life")
    parser.add_argument("--seconds", type=float, default=240.0, help="of the world's, at least")
    parser.add_argument("--often", type=int, default=A_TENTH, help="how many times in a tenth people do what they do")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable()
    had = asyncio.run(soak(asked.hours, asked.seconds, asked.often))
    table = Table("", "MB", *InHand._fields[1:])
    for number, each in enumerate(had):
        names = {0: "before", 1: "everything once", len(had) - 1: "afterwards"}
        name = names.get(number, f"tenth {number - 1}")
        table.add_row(name, f"{each.megabytes:.1f}", *map(str, each[1:]))
    console = Console()
    console.print(table)
    steps = [abs(one.megabytes - other.megabytes) for one, other in pairwise(had[2:-1])]
    console.print(f"noise, from tenth to tenth: {max(steps):.1f} MB at most")
    found = flaws(had)
    console.print("\n".join(found) or "flat, and nothing left behind")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
