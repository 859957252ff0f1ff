"""How often something may be done: so many times in any so many seconds."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many turns in any so many seconds."""

    turns: int
    seconds: float


class WindowFullError(Exception):
    """A turn would take longer to come than somebody will wait."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"the next turn is in {wait:.0f} s")
        self.wait = wait


class RateWindow:
    """Gives out turns, one caller after the other, never more than every allowance has."""

    def __init__(
        self,
        *allowances: Allowance,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        patience: float = inf,
    ) -> None:
        self._allowances = allowances
        self._clock = clock
        self._sleep = sleep
        self._patience = patience
        self._taken: deque[float] = deque(maxlen=max(allowance.turns for allowance in allowances))
        self._paused_until = clock()
        self._order = asyncio.Lock()

    async def enter(self) -> None:
        """Wait for a turn. Raises WindowFullError where whoever is next would have to wait longer than is patient."""
        async with self._order:
            while (wait := self._next() - self._clock()) > 0:
                if wait > self._patience:
                    raise WindowFullError(wait)
                await self._sleep(wait)
            self._taken.append(self._clock())

    def wait(self) -> float:
        """Seconds until the next turn, as if nobody was waiting for it yet."""
        return max(0.0, self._next() - self._clock())

    def pause(self, seconds: float) -> None:
        """Give out no turn for a while."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _next(self) -> float:
        """When the next turn is, on the clock."""
        used_up = [each for each in self._allowances if len(self._taken) >= each.turns]
        return max([self._paused_until, *(self._taken[-each.turns] + each.seconds for each in used_up)])
