"""An orderly end: the signal that asks for it, and the tasks that are waited for."""

import asyncio
import signal
from collections.abc import Collection
from typing import Any

LAST_MESSAGES = 1.8
"""Seconds that announcements on their way have when the bot is stopped."""

FAREWELL = 2.8
"""Seconds that adapters have after that for what else is in flight."""


async def ended(tasks: Collection["asyncio.Task[None]"], timeout: float) -> None:  # noqa: ASYNC109 - waits, does not fail
    """Cancel tasks, and wait for them to end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=timeout)


async def stopped(
    stop: asyncio.Event, working: Collection["asyncio.Task[None]"], platforms: Collection["asyncio.Task[None]"] = ()
) -> None:
    """Wait until the bot is to stop, or none of the platforms is run any more, if there are any.

    What is `working` beside them ends only by a mistake of the program's, which is raised: rather no bot than one that
    delivers nothing from then on, or has no pages, and says nothing of it.
    """
    waiting: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
    if platforms:
        waiting.append(asyncio.create_task(_over(platforms)))
    try:
        await asyncio.wait({*waiting, *working}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
    for each in working:
        if each.done():
            each.result()


async def _over(tasks: Collection["asyncio.Task[None]"]) -> None:
    await asyncio.wait(tasks)


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
