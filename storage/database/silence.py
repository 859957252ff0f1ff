"""A server that has fallen silent, as where a router has forgotten the connection: nobody says so, so we end it.

A server ends what takes too long, and an operating system what nobody acknowledges, after a quarter of an hour, unless
something on the way acknowledges it in the server's place. Whoever waits for an answer would do so for as long.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

WATCH = "watch"
"""Where a connection has its watch, while it is used."""


class Watch:
    """Ends a connection once nothing was said on it for so many seconds; who waits on it fails, as where it is cut."""

    def __init__(self, driver: Any, seconds: float) -> None:
        """`driver` is the driver's connection, which can be ended from anywhere."""
        self._driver = driver
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self.spoken()
        self._alarm = self._loop.call_later(seconds, self._look)

    def spoken(self) -> None:
        """Take note that the server is spoken to: it has all the time again."""
        self._since = self._loop.time()

    def end(self) -> None:
        """Watch no more."""
        self._alarm.cancel()

    def _look(self) -> None:
        left = self._since + self._seconds - self._loop.time()
        if left > 0:
            self._alarm = self._loop.call_later(left, self._look)
        else:
            self._driver.terminate()


@contextmanager
def watched(driver: Any, seconds: float) -> Iterator[Watch]:
    """A watch over a connection while this lasts."""
    watch = Watch(driver, seconds)
    try:
        yield watch
    finally:
        watch.end()


def spoken_to(connection: Connection, *_said: object) -> None:
    """Let a connection's watch, if it has one, know that something was said: a statement, COMMIT or ROLLBACK."""
    if not connection.invalidated and (watch := connection.info.get(WATCH)) is not None:
        watch.spoken()
