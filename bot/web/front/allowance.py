"""How much one address may ask for in a short while."""

from ipaddress import IPv6Address, ip_address

from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.pacing.window import Allowance, RateWindow

MOST_ADDRESSES = 3_000
"""Upper bound of addresses whose pace is known; whichever was heard of first is forgotten first."""


class Visitors:
    """The pace of each address, in memory."""

    def __init__(self, clock: Clock, *allowances: Allowance) -> None:
        """Without `allowances` nobody has a limit."""
        self._clock = clock
        self._allowances = allowances
        self._windows: Remembered[str, RateWindow] = Remembered(MOST_ADDRESSES)

    async def wait(self, address: str) -> float:
        """Seconds that an address has to wait for its next request; none where it is taken, which counts."""
        if not self._allowances:
            return 0.0
        who = network(address)
        window = self._windows.get(who)
        if window is None:
            window = self._windows[who] = RateWindow(self._clock, *self._allowances, patience=0)
        if (wait := window.wait()) > 0:
            return wait
        await window.enter()
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
