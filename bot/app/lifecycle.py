"""Running the bot on its platforms, or its pages alone, from the start to an orderly end."""

import asyncio
import gc
import os
from contextlib import AsyncExitStack

import structlog

from bot.app.compose import open_core
from bot.app.control_socket import listening
from bot.app.ending import FAREWELL, LAST_MESSAGES, ended, stop_signal, stopped
from bot.app.monitoring.systemd import running_under_systemd
from bot.app.monitoring.watch import Watch
from bot.app.pages import Serving, open_site, pages_beside, serving_pages
from bot.app.platforms import adapters
from bot.app.race_control import source
from bot.app.roles import ALL, ANSWERING, Role, Roles, check, spoken
from bot.app.season_feeds import open_feed, open_second
from bot.app.settings import Settings
from bot.app.shared_core import Core, Process
from bot.app.supervisor import supervise
from bot.app.terminal import converse
from bot.pacing.clock import Clock, SystemClock
from bot.search.catalogue import Incidents
from storage.database_clock import DatabaseClock

log = structlog.get_logger(__name__)


def spare_the_collector() -> None:
    """Take what is there to stay out of the garbage collector's rounds, and have it come by more rarely.

    A vote leaves no cycles behind; looking for them among all that is alive costs a sixth of its way.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def serve(settings: Settings, roles: Roles = ALL) -> None:
    """Run what a process has the roles for until SIGTERM or SIGINT; with all and no token, a chat in the terminal.

    Platforms are run whose tokens are set; where pages have an address, they are served beside.
    Raises CannotSplitError, NoPagesError, and SetUpWronglyError where none of the platforms will have the bot as it is
    set up.
    """
    check(roles, settings)
    if roles == {Role.WEB}:
        await serve_pages(settings)
        return
    if roles == ALL and settings.telegram_bot_token is None and settings.discord_token is None:
        await converse(settings)
        return
    stop, clock = stop_signal(), DatabaseClock(SystemClock())
    watch = Watch(settings, clock, stop.is_set, roles)
    async with AsyncExitStack() as stack:
        core, pages = await _open(settings, roles, watch, clock, stack)
        running = [asyncio.create_task(supervise(adapter, clock)) for adapter in core.adapters.values()]
        delivering = [asyncio.create_task(core.deliverer.run(core.adapters))] if Role.DELIVER in roles else []
        try:
            spare_the_collector()
            log.info(
                "bot.started",
                platforms=list(core.adapters),
                commands=len(core.dispatcher.commands),
                roles=spoken(roles),
            )
            async with running_under_systemd(os.environ, clock):
                await stopped(stop, [*delivering, *pages.tasks], running)
        finally:  # whatever ends it, as what a job of the core did not expect
            # Announcements first, while the platforms are still there to take them.
            await ended(delivering, LAST_MESSAGES)
            await ended([*running, *pages.tasks], FAREWELL)
        log.info("bot.stopped")
    if not stop.is_set():
        running[0].result()


async def _open(
    settings: Settings, roles: Roles, watch: Watch, clock: Clock, stack: AsyncExitStack
) -> tuple[Core, Serving]:
    """Open what a process has the roles for; `stack` closes it in the right order."""
    await stack.enter_async_context(watch.open())
    feed = second = heard = None
    if roles & {Role.SEASON, *ANSWERING}:  # who answers looks up what is wished for
        feed = await stack.enter_async_context(open_feed(settings, clock))
    if Role.SEASON in roles:
        second = await stack.enter_async_context(open_second(settings))
    if Role.RACE_CONTROL in roles:
        heard = source(settings, clock)
    opening = open_core(
        settings,
        Incidents.load(clock),
        feed,
        heard,
        second=second,
        clock=clock,
        process=Process(roles, watch.measures),
    )
    core = await stack.enter_async_context(opening)
    if Role.SEASON in roles:  # of all that share a machine one is told what operators want
        await stack.enter_async_context(listening(settings.control_socket, core.orders))
    pages = Serving(())
    if Role.WEB in roles:
        pages = await stack.enter_async_context(pages_beside(settings, core, must=roles != ALL))
    for adapter in adapters(settings, core, roles):
        core.join(watch.over(adapter))
    watch.reads(core.stored.database)
    return core, pages


async def serve_pages(settings: Settings) -> None:
    """Serve the pages alone until SIGTERM or SIGINT, beside bots that share the database. Raises NoPagesError."""
    stop, clock = stop_signal(), DatabaseClock(SystemClock())
    watch = Watch(settings, clock, stop.is_set, frozenset({Role.WEB}))
    async with (
        watch.open(),
        open_site(settings, Incidents.load(clock), clock) as site,
        serving_pages(settings, site) as pages,
    ):
        watch.reads(site.reader)
        log.info("bot.started", platforms=[], commands=0, roles=Role.WEB)
        async with running_under_systemd(os.environ, clock):
            await stopped(stop, pages.tasks)
        await ended(pages.tasks, FAREWELL)
        log.info("bot.stopped")
