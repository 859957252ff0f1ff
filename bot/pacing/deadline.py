"""A bound on how long something may take, by the clock that everybody else goes by."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.pacing.clock import Clock

Result = TypeVar("Result")


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    """What comes of some work. Raises TimeoutError, and ends the work, once it took so many seconds.

    Unlike `asyncio.timeout` it goes by the given clock, so that a test can let 45 seconds of silence pass.
    """
    task, alarm = asyncio.ensure_future(work), asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise TimeoutError
    finally:
        for each in (task, alarm):
            each.cancel()
        await asyncio.gather(task, alarm, return_exceptions=True)
