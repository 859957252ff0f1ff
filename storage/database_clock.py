"""A clock that the database's server sets, so that all processes on it date alike, however their own clocks are set.

A process asks the server what time it is, and counts on from there by what passes here: so its own time of day may be
wrong by hours, or jump, and it neither takes what another has in hand nor keeps what it had from others.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import ColumnElement, Connection, Float, extract, func, select

from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.database.base import Reader, opening, reason

log = structlog.get_logger(__name__)

SET_EVERY = 15.0
"""Seconds between two questions to the server: the server's clock may be set as well."""

DIFFERS = 2.0
"""Seconds by which the machine's own clock may differ from the server's without a word in the log."""


def server_now() -> ColumnElement[float]:
    """The time of a PostgreSQL server, in seconds since 1970, also within a transaction that takes its time."""
    return extract("epoch", func.clock_timestamp()).cast(Float)


class DatabaseClock:
    """The server's time of day, with the process's own stopwatch; its own time of day until it follows one.

    On SQLite it stays so: the file has one process.
    """

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._began: float | None = None
        """The moment at which the stopwatch was at 0, in seconds since 1970."""

        self._differing, self._unset = Outages[str](), Outages[str]()

    def now(self) -> dt.datetime:
        """The time of day, aware, in UTC."""
        if self._began is None:
            return self._own.now()
        return dt.datetime.fromtimestamp(self._began + self._own.monotonic(), dt.UTC)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self._own.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let at least so many seconds pass."""
        await self._own.sleep(seconds)

    @asynccontextmanager
    async def following(self, database: Reader) -> AsyncIterator[None]:
        """Follow a server's clock while this lasts. Raises CannotOpenError."""
        if database.dialect == "sqlite":
            yield
            return
        with opening():
            await self.ask(database)
        asking = asyncio.create_task(self._ask_again(database))
        try:
            yield
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking

    async def ask(self, database: Reader) -> None:
        """Ask the server once what time it is, and set the clock by it where it is off for certain."""
        asked = self._own.monotonic()
        moment = await database.read(_server_time)
        answered = self._own.monotonic()
        began = self._began
        # It was that time somewhere between question and answer: what agrees with that is not set to and fro.
        if began is None or not began + asked <= moment <= began + answered:
            self._began = moment - (asked + answered) / 2
        self._compare()

    async def _ask_again(self, database: Reader) -> None:
        """Ask now and then, until cancelled; meanwhile, and while the server is away, the clock goes on by itself."""
        while True:
            await self._own.sleep(SET_EVERY)
            try:
                await self.ask(database)
            except Exception as error:
                if self._unset.begins("server"):
                    log.warning("clock.not_set", reason=reason(error))
            else:
                self._unset.ends("server")

    def _compare(self) -> None:
        """Say once when the machine's own clock begins to differ."""
        seconds = (self._own.now() - self.now()).total_seconds()
        if abs(seconds) <= DIFFERS:
            self._differing.ends("machine")
        elif self._differing.begins("machine"):
            log.warning("clock.differs", seconds=round(seconds))


def _server_time(connection: Connection) -> float:
    return float(connection.execute(select(server_now())).scalar_one())
