"""Time, handed to whoever waits or dates something: one argument, so that a test can hold all of it."""

import asyncio
import datetime as dt
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    """The time of day, a stopwatch, and sleep, which agree with one another."""

    def now(self) -> dt.datetime:
        """The time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; they never go backwards, whatever becomes of the time of day."""

    async def sleep(self, seconds: float) -> None:
        """Let at least so many seconds pass."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> dt.datetime:
        """The time of day, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds since the machine was started, about."""
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let at least so many seconds pass."""
        await asyncio.sleep(seconds)
