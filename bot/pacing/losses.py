"""What is lost while something else fails: a line of the log when that begins, and one with their number afterwards."""

from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

QUIET = 60.0
"""Seconds after the last loss to a cause for which nothing else is lost to it, until that counts as over.

A success says too little: where every other answer is lost, one is taken each moment.
"""

REMEMBERED = 1_000
"""Upper bound of causes that are known at a time; the oldest is forgotten first, and what follows is told anew."""

Cause = TypeVar("Cause", bound=Hashable)


class Loss(NamedTuple, Generic[Cause]):
    """What was lost to one cause: how many, and within how many seconds from the first to the last."""

    cause: Cause
    number: int
    seconds: float


class Losses(Generic[Cause]):
    """Counts what is lost, cause by cause, until nothing is lost any more for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lost: Remembered[Cause, tuple[int, float, float]] = Remembered(REMEMBERED)
        """How many, and when the first and the last of them were lost."""

    def begins(self, cause: Cause) -> bool:
        """Take note of one more that was lost; whether it is the first, so that it is to be told.

        Ask for those that are `over` before, or it is one more of an outage that ended yesterday.
        """
        now = self._clock.monotonic()
        number, since, _last = self._lost.get(cause, (0, now, now))
        self._lost[cause] = number + 1, since, now
        return number == 0

    def over(self) -> list[Loss[Cause]]:
        """Those that ended by themselves, each once; one of which nothing followed the first was told already."""
        before = self._clock.monotonic() - QUIET
        ended = [cause for cause, (_number, _since, last) in self._lost.items() if last <= before]
        lost = [(cause, *self._lost.pop(cause)) for cause in ended]
        return [Loss(cause, number, last - since) for cause, number, since, last in lost if number > 1]
