"""systemd is told that the bot has started, that it is alive, and that it is on its way out.

What is said, and where: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.pacing.clock import Clock
from bot.pacing.outages import Outages

log = structlog.get_logger(__name__)

STARTED: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
ENDING: Final = "STOPPING=1"


class Systemd:
    """The datagram socket that NOTIFY_SOCKET names; nobody is told anything where there is none, as at a shell."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        named = environment.get("NOTIFY_SOCKET", "")
        # The name of a socket without a file begins with a zero byte, which is written @.
        self._address = f"\0{named[1:]}" if named.startswith("@") else named
        self._outages = Outages[str]()

    def tell(self, state: str) -> None:
        """Say something without waiting for anybody to read it; one line of the log an outage where it is not heard."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
                ours.setblocking(False)
                ours.sendto(state.encode(), self._address)
        except (OSError, ValueError) as error:
            if self._outages.begins(self._address):
                log.warning("systemd.not_told", reason=repr(error))
        else:
            self._outages.ends(self._address)


def told_every(environment: Mapping[str, str]) -> float | None:
    """Seconds between two signs of life: half of what systemd waits for one; None where it waits for none of ours."""
    ours = str(os.getpid())
    waits = environment.get("WATCHDOG_USEC", "")
    if not (waits.isascii() and waits.isdigit()) or environment.get("WATCHDOG_PID", ours) != ours:
        return None
    return int(waits) / 2_000_000 or None


@asynccontextmanager
async def running_under_systemd(environment: Mapping[str, str], clock: Clock) -> AsyncIterator[None]:
    """Say that the bot has started, then that it is alive as long as this lasts, and that it ends where this ends.

    Signs of life come from the event loop: where it stands still there are none, and systemd starts the bot anew.
    """
    systemd, seconds = Systemd(environment), told_every(environment)
    systemd.tell(STARTED)
    living = asyncio.create_task(_live(systemd, seconds, clock)) if seconds else None
    try:
        yield
    finally:
        if living is not None:
            living.cancel()
        systemd.tell(ENDING)


async def _live(systemd: Systemd, seconds: float, clock: Clock) -> None:
    """Give a sign of life every so many seconds, until cancelled."""
    while True:
        systemd.tell(ALIVE)
        await clock.sleep(seconds)
