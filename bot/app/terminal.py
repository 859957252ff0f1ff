"""The bot as a chat in the terminal, where no platform has a token."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bot.app.compose import open_core
from bot.app.ending import FAREWELL, ended, stop_signal, stopped
from bot.app.monitoring.systemd import running_under_systemd
from bot.app.pages import pages_beside
from bot.app.race_control import source
from bot.app.season_feeds import open_feed, open_second
from bot.app.settings import Settings
from bot.app.surroundings import surroundings
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.database_clock import DatabaseClock

if TYPE_CHECKING:
    from bot.adapters.console import ConsoleAdapter


class NobodyTypesError(Exception):
    """There is neither a terminal nor a script with a line in it, as where a service is started without a token."""


async def converse(settings: Settings) -> bool:
    """A chat in the terminal, until its input ends or it is stopped; False where a script did not get all it asked.

    Where pages have an address, they are served beside, and go on where nobody types.
    Raises NobodyTypesError, NoPagesError, and OSError where what is answered cannot be printed.
    """
    from bot.adapters.console import CHAT, ConsoleAdapter  # noqa: PLC0415 - only where it is used

    stop, clock = stop_signal(), DatabaseClock(SystemClock())
    alone = Throttle(person=NO_LIMIT)
    async with (
        open_feed(settings, clock) as feed,
        open_second(settings) as second,
        open_core(
            settings, Incidents.load(clock), feed, source(settings, clock), second=second, limits=alone, clock=clock
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
                unread = await _talked(console, stop)
                if pages.tasks and not (console.anybody_there or stop.is_set()):
                    await stopped(stop, pages.tasks)
            await ended(pages.tasks, FAREWELL)
    if unread is not None:
        raise unread  # only now, as all else has ended in its order
    if not (console.anybody_there or stop.is_set()):
        raise NobodyTypesError
    return console.kept_promises


async def _talked(console: "ConsoleAdapter", stop: asyncio.Event) -> OSError | None:
    """Let somebody type until the input ends, or all is to stop; why it ended early, where nobody reads any further."""
    talking, stopping = asyncio.create_task(console.run()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({talking, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        talking.cancel()
        await asyncio.gather(talking, stopping, return_exceptions=True)
    if talking.cancelled():
        return None
    failed = talking.exception()
    if failed is None or isinstance(failed, OSError):
        return failed
    raise failed
