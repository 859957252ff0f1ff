"""The whole bot in a process of its own, over its real clients, until it is killed."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import structlog

from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.app.compose import open_core
from bot.app.lifecycle import spare_the_collector
from bot.app.logs import configure
from bot.app.race_control import source
from bot.app.settings import Settings
from bot.app.supervisor import supervise
from bot.pacing.clock import SystemClock
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from bot.search.catalogue import Incidents
from tests.adapters.discord.api import Way
from tests.adapters.telegram.bot_api import TOKEN


class Errand(NamedTuple):
    """Where the bot finds its files, its platforms and race control."""

    settings: Settings
    telegram: str
    discord: Way
    token: str
    a_second: int
    """Messages to Telegram at most."""

    deliveries_a_second: float
    """Those of them that are of the bot's own accord."""

    log: Path | None = None
    """Where it logs; None where nobody reads it."""


@contextmanager
def racing(errand: Errand) -> Iterator[BaseProcess]:
    """A bot that is starting; it is killed where the block is left."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_race, args=(errand,), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def _race(errand: Errand) -> None:
    if errand.log is not None:
        with errand.log.open("a", buffering=1) as log:
            configure("INFO", "json", (), log)
            asyncio.run(_run(errand))
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable()
    asyncio.run(_run(errand))


async def _run(errand: Errand) -> None:
    clock = SystemClock()
    listened_to = source(errand.settings, clock)
    async with open_core(errand.settings, Incidents.load(), None, listened_to, clock=clock) as core:
        telegram = TelegramAdapter(
            *(TOKEN, core.dispatcher, core.posted, core.menus, core.groups, core.answers),
            addresses=Addresses(errand.telegram),
            pace=OwnPace(clock, Allowance(errand.a_second, seconds=1)),
        )
        telegram.deliveries_a_second = errand.deliveries_a_second
        core.join(telegram)
        core.join(
            DiscordAdapter(
                *(errand.token, core.dispatcher, core.posted, core.menus, core.stored.forum_posts),
                connector=errand.discord.connector,
            )
        )
        async with asyncio.TaskGroup() as group:
            for adapter in core.adapters.values():
                group.create_task(supervise(adapter, clock))
            group.create_task(core.deliverer.run(core.adapters))
            spare_the_collector()
