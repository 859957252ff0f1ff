"""Running the bot: on its platforms or in a terminal, from the start to an orderly end."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Collection, Iterable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog

from bot.app.compose import Core, Process, open_core, open_feed, open_second
from bot.app.control_socket import listening
from bot.app.monitoring.systemd import running_under_systemd
from bot.app.monitoring.watch import Watch
from bot.app.pages import Serving, open_site, pages_beside, serving_pages
from bot.app.race_control import source
from bot.app.roles import ALL, ANSWERING, Role, Roles, check, spoken
from bot.app.settings import Settings
from bot.app.supervisor import supervise
from bot.app.surroundings import surroundings
from bot.chat.platform import Adapter
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Platform
from bot.pacing.clock import Clock, SystemClock
from bot.search.catalogue import Incidents

if TYPE_CHECKING:
    from bot.adapters.console import ConsoleAdapter

log = structlog.get_logger(__name__)

LAST_MESSAGES = 1.8
"""Seconds that announcements on their way have when the bot is stopped."""

FAREWELL = 2.8
"""Seconds that adapters have after that for what else is in flight."""


class NobodyTypesError(Exception):
    """There is neither a terminal nor a script with a line in it, as where a service is started without a token."""


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
    stop, clock = stop_signal(), SystemClock()
    watch = Watch(settings, clock, stop.is_set, roles)
    async with AsyncExitStack() as stack:
        core, pages = await _open(settings, roles, watch, clock, stack)
        running = [asyncio.create_task(supervise(adapter, clock)) for adapter in core.adapters.values()]
        delivering = [asyncio.create_task(core.deliverer.run(core.adapters))] if Role.DELIVER in roles else []
        spare_the_collector()
        log.info(
            "bot.started", platforms=list(core.adapters), commands=len(core.dispatcher.commands), roles=spoken(roles)
        )
        async with running_under_systemd(os.environ, clock):
            await _stopped(stop, running)
        # Announcements first, while the platforms are still there to take them.
        await _ended(delivering, LAST_MESSAGES)
        await _ended([*running, *pages.tasks], FAREWELL)
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
        Incidents.load(),
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


async def _stopped(stop: asyncio.Event, running: Collection["asyncio.Task[None]"]) -> None:
    """Wait until the bot is to stop, or no platform is run any more of those that were."""
    if not running:
        await stop.wait()
        return
    stopping, over = asyncio.create_task(stop.wait()), asyncio.create_task(_over(running))
    await asyncio.wait({stopping, over}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    over.cancel()


async def _over(running: Iterable["asyncio.Task[None]"]) -> None:
    await asyncio.wait(set(running))


async def serve_pages(settings: Settings) -> None:
    """Serve the pages alone until SIGTERM or SIGINT, beside bots that share the database. Raises NoPagesError."""
    stop, clock = stop_signal(), SystemClock()
    watch = Watch(settings, clock, stop.is_set, frozenset({Role.WEB}))
    async with (
        watch.open(),
        open_site(settings, Incidents.load(), clock) as site,
        serving_pages(settings, site) as pages,
    ):
        watch.reads(site.reader)
        log.info("bot.started", platforms=[], commands=0, roles=Role.WEB)
        async with running_under_systemd(os.environ, clock):
            await stop.wait()
        await _ended(pages.tasks, FAREWELL)
        log.info("bot.stopped")


async def _talked(console: "ConsoleAdapter", stop: asyncio.Event) -> None:
    """Let somebody type until the input ends, or all is to stop."""
    talking, stopping = asyncio.create_task(console.run()), asyncio.create_task(stop.wait())
    await asyncio.wait({talking, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    talking.cancel()
    await asyncio.gather(talking, stopping, return_exceptions=True)
    if talking.done() and not talking.cancelled():
        talking.result()


async def _ended(tasks: Collection["asyncio.Task[None]"], timeout: float) -> None:  # noqa: ASYNC109 - waits, does not fail
    """Cancel tasks, and wait for them to end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=timeout)


async def converse(settings: Settings) -> bool:
    """A chat in the terminal, until its input ends or it is stopped; False where a script did not get all it asked.

    Where pages have an address, they are served beside, and go on where nobody types.
    Raises NobodyTypesError, NoPagesError.
    """
    from bot.adapters.console import CHAT, ConsoleAdapter  # noqa: PLC0415 - only where it is used

    stop, clock = stop_signal(), SystemClock()
    alone = Throttle(person=NO_LIMIT)
    async with (
        open_feed(settings, clock) as feed,
        open_second(settings) as second,
        open_core(
            settings, Incidents.load(), feed, source(settings, clock), second=second, limits=alone, clock=clock
        ) as core,
    ):
        core.stored.chat_settings.assume(CHAT, surroundings(os.environ))
        console = ConsoleAdapter(
            core.dispatcher,
            core.placeholders.posted,
            history=settings.data_dir / "history",
            files=settings.data_dir / "files",
            graphics=settings.terminal_graphics,
        )
        core.placeholders.serve(console)
        async with pages_beside(settings, core) as pages:
            if pages.tasks:
                sys.stderr.write(f"Pages: {settings.web_url}\n")
            async with running_under_systemd(os.environ, clock):
                await _talked(console, stop)
                if pages.tasks and not (console.anybody_there or stop.is_set()):
                    await stop.wait()
            await _ended(pages.tasks, FAREWELL)
    if not (console.anybody_there or stop.is_set()):
        raise NobodyTypesError
    return console.kept_promises


def adapters(settings: Settings, core: Core, roles: Roles = ALL) -> Iterable[Adapter]:
    """The platforms that have a token and are in a process's roles; a platform's library is imported only here.

    A process that only delivers sends over them, and takes nothing of what people ask.
    """
    delivers = Role.DELIVER in roles
    if settings.telegram_bot_token is not None and (delivers or Role.TELEGRAM in roles):
        from bot.adapters.telegram import API, Addresses, Hook, TelegramAdapter  # noqa: PLC0415

        url = settings.telegram_webhook_url
        hook = Hook(url, settings.telegram_webhook_host, settings.telegram_webhook_port) if url else None
        addresses = Addresses(settings.telegram_api_url or API, hook, takes_updates=Role.TELEGRAM in roles)
        yield TelegramAdapter(
            settings.telegram_bot_token.get_secret_value(),
            core.dispatcher,
            core.posted,
            core.menus,
            core.groups,
            core.stored.handled,
            addresses=addresses,
            pace=core.paces.of(Platform.TELEGRAM, TelegramAdapter.calls_a_second),
        )
    if settings.discord_token is not None and (delivers or Role.DISCORD in roles):
        from bot.adapters.discord import DiscordAdapter, Part  # noqa: PLC0415

        yield DiscordAdapter(
            settings.discord_token.get_secret_value(),
            core.dispatcher,
            core.posted,
            core.menus,
            core.stored.forum_posts,
            part=Part(
                Role.DISCORD in roles,
                core.paces.of(Platform.DISCORD, DiscordAdapter.calls_a_second),
                settings.shards,
            ),
        )


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
