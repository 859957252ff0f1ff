"""An orderly end: the signal that asks for it, and the tasks that are waited for."""

import asyncio
import signal
from collections.abc import Collection

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


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
