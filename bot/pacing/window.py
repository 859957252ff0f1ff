"""A limit of so many calls in any so many seconds, as services state it."""

import asyncio
from collections import deque
from dataclasses import dataclass
from math import inf

from bot.pacing.clock import Clock


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many calls in any so many seconds."""

    calls: int
    seconds: float


class WindowFullError(Exception):
    """A call would have to wait longer than its caller is patient; `wait` is how long, in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"the next call may be made in {wait:.0f} s")
        self.wait = wait


class RateWindow:
    """Lets calls through in the order in which they come, and never more than every allowance has.

    As long as there is room they pass at once: a burst waits only where it would exceed an allowance.
    """

    def __init__(self, clock: Clock, *allowances: Allowance, patience: float = inf) -> None:
        self._clock = clock
        self._allowances = allowances
        self._patience = patience
        self._entered: deque[float] = deque(maxlen=max(allowance.calls for allowance in allowances))
        self._paused_until = clock.monotonic()
        self._order = asyncio.Lock()

    async def enter(self) -> None:
        """Wait until one more call may be made. Raises WindowFullError where that takes longer than the patience.

        The patience counts from now on, whoever has to be waited for first.
        """
        until = self._clock.monotonic() + self._patience
        async with self._order:
            while (wait := self.wait()) > 0:
                if self._clock.monotonic() + wait > until:
                    raise WindowFullError(wait)
                await self._clock.sleep(wait)
            self._entered.append(self._clock.monotonic())

    def wait(self) -> float:
        """Seconds until one more call may be made, as if nobody was waiting already."""
        return max(0.0, self._free_at() - self._clock.monotonic())

    def pause(self, seconds: float) -> None:
        """Let nothing through for so many seconds from now."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def _free_at(self) -> float:
        """When the next call may be made, by the stopwatch."""
        used_up = [each for each in self._allowances if len(self._entered) >= each.calls]
        return max([self._paused_until, *(self._entered[-each.calls] + each.seconds for each in used_up)])
