"""How much one address may ask for in a short while."""

from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

MOST_ADDRESSES = 10_000
"""Upper bound of addresses whose pace is known; whichever was heard of first is forgotten first."""


class Pace(NamedTuple):
    """So many requests at once, which come back at so many a second."""

    at_once: int
    a_second: float


class Visitors:
    """The pace of each address, in memory: a number each."""

    def __init__(self, clock: Clock, pace: Pace | None) -> None:
        """Without a `pace` nobody has a limit."""
        self._clock = clock
        self._pace = pace
        self._rested: Remembered[str, float] = Remembered(MOST_ADDRESSES)
        """By the stopwatch, when an address has all of its requests again."""

    def wait(self, address: str) -> float:
        """Seconds that an address has to wait for its next request; none where it is taken, which counts."""
        if self._pace is None:
            return 0.0
        who, now = network(address), self._clock.monotonic()
        rested = max(self._rested.get(who, now), now)
        longest = (self._pace.at_once - 1) / self._pace.a_second
        if (wait := rested - now - longest) > 0:
            return wait
        self._rested[who] = rested + 1 / self._pace.a_second
        return 0.0


def network(address: str) -> str:
    """Who an address stands for: itself, or of IPv6 the 64 bits that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]
