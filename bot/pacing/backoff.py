"""How long to leave something alone that failed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import random

MOST_DOUBLINGS = 60
"""Beyond these a wait is far above any bound, and a float would overflow before long."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` to `longest` seconds, each shortened at random by up to `jitter` of itself.

    Without jitter, all that failed in one moment would come back in one moment.
    """

    first: float
    longest: float
    jitter: float = 0.25
    """A share, 0 to 1."""

    random: Callable[[], float] = random
    """A number from 0 to 1, 1 excluded."""

    def after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row; none after no failure."""
        if failures < 1:
            return 0.0
        whole = min(self.first * 2.0 ** min(failures - 1, MOST_DOUBLINGS), self.longest)
        return whole * (1 - self.jitter * self.random())
