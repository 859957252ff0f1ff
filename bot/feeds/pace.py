"""How often a feed may be asked."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.feeds import FeedError

PATIENCE = 90.0
"""Seconds that a question waits for its turn; rather than longer, it fails."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many requests in any so many seconds."""

    requests: int
    seconds: float


class Pace:
    """Gives out turns, one caller after the other, never more than every allowance has."""

    def __init__(
        self,
        *allowances: Allowance,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._allowances = allowances
        self._clock = clock
        self._sleep = sleep
        self._turns: deque[float] = deque(maxlen=max(allowance.requests for allowance in allowances))
        self._paused_until = clock()
        self._order = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more request may be made. Raises FeedError where that would take longer than `PATIENCE`."""
        async with self._order:
            while (wait := self._next() - self._clock()) > 0:
                if wait > PATIENCE:
                    raise FeedError(f"no more questions for {wait:.0f} s")
                await self._sleep(wait)
            self._turns.append(self._clock())

    def pause(self, seconds: float) -> None:
        """Give out no turn for a while."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _next(self) -> float:
        """When the next turn is, on the clock."""
        used_up = [each for each in self._allowances if len(self._turns) >= each.requests]
        return max([self._paused_until, *(self._turns[-each.requests] + each.seconds for each in used_up)])
