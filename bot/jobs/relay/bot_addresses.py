"""Where the bots are, from those that run to processes that serve pages and have no token, through the database."""

from collections.abc import Callable, Sequence

import structlog

from bot.chat.platform import Way
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.bot_addresses import BotAddresses
from storage.database.base import reason

log = structlog.get_logger(__name__)

ROUND = 15.0
"""Seconds between two looks: a platform says who we are once it is connected, and nobody waits for it."""


class NotedAddresses:
    """Notes where the bots of this process are; again only where that is something else by then."""

    def __init__(self, addresses: BotAddresses, ways: Callable[[], Sequence[Way]], clock: Clock) -> None:
        """`ways` are how people come to the bots that run here, as far as they are connected."""
        self._addresses = addresses
        self._ways = ways
        self._clock = clock
        self._noted: set[Way] = set()
        self._outages = Outages[str]()

    async def run(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            await self._look()
            await self._clock.sleep(ROUND)

    async def _look(self) -> None:
        ways = [way for way in self._ways() if way not in self._noted]
        try:
            await self._addresses.note(ways)
        except Exception as error:
            if self._outages.begins("note"):
                log.warning("bot_addresses.not_noted", reason=reason(error))
            return
        self._outages.ends("note")
        self._noted = {*self._ways()}


class KnownAddresses:
    """Where the bots of the database are, as was noted last: for who serves pages beside them."""

    def __init__(self, addresses: BotAddresses, clock: Clock) -> None:
        self._addresses = addresses
        self._clock = clock
        self._known: Sequence[Way] = ()
        self._outages = Outages[str]()

    def __call__(self) -> Sequence[Way]:
        """How people come to them."""
        return self._known

    async def run(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            try:
                self._known = await self._addresses.all()
                self._outages.ends("read")
            except Exception as error:
                if self._outages.begins("read"):
                    log.warning("bot_addresses.not_read", reason=reason(error))
            await self._clock.sleep(ROUND)
