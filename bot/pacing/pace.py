"""How fast a platform takes what we send, and until when it wants nothing: one pace for all that share a token."""

from typing import Protocol

from bot.pacing.clock import Clock
from bot.pacing.window import Allowance, RateWindow


class Pace(Protocol):
    """Turns in an allowance, and the silence that the platform asks for."""

    async def turn(self) -> None:
        """Wait until one more call may be made, in the order in which they come; silence or not."""

    def wait(self) -> float:
        """Seconds, about, until somebody who came now would have a turn."""

    async def sent(self, chat: str, allowance: Allowance, messages: int) -> float:
        """Take note of messages to a chat that has an allowance of its own.

        Returns the seconds for which no more should go there, by what other processes sent as well.
        """

    def fall_silent(self, seconds: float) -> None:
        """Take note that the platform wants nothing for so many seconds from now."""

    def silence(self) -> float:
        """Seconds for which the platform still wants nothing; 0 where it takes what comes."""


class OwnPace:
    """A pace in the memory of one process, which has the allowance to itself."""

    def __init__(self, clock: Clock, allowance: Allowance) -> None:
        self._clock = clock
        self._window = RateWindow(clock, allowance)
        self._silent_until = clock.monotonic()

    async def turn(self) -> None:
        """Wait for a turn."""
        await self._window.enter()

    def wait(self) -> float:
        """Seconds until there is a turn, as if nobody was waiting already."""
        return self._window.wait()

    async def sent(self, chat: str, allowance: Allowance, messages: int) -> float:  # noqa: ARG002 - the protocol's
        """Nobody else sends anything there."""
        return 0.0

    def fall_silent(self, seconds: float) -> None:
        """Remember until when the platform wants nothing."""
        self._silent_until = max(self._silent_until, self._clock.monotonic() + seconds)

    def silence(self) -> float:
        """Seconds for which that is so still."""
        return max(0.0, self._silent_until - self._clock.monotonic())
