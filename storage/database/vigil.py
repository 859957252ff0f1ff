"""A migration takes as long as it takes: that the server is still at it is asked on a connection beside its own.

A time limit would end a long migration as well as a connection that has fallen silent. On that one nothing is heard in
either case, but whoever asks the server beside it is told whether it works on it, waits, or knows nothing of it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import structlog
from sqlalchemy import Connection, Row, func, select, text
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.database.base import Transaction, in_words
from storage.database.faults import ClosedError

log = structlog.get_logger(__name__)

LOOKED_AT_EVERY = 15.0
"""Seconds between two looks; what is done sooner is done without a word."""

_FOUND = text(
    "SELECT state, state_change, cardinality(pg_blocking_pids(pid)) AS waits_for FROM pg_stat_activity WHERE pid = :pid"
)
_END = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid AND state <> 'active'")

Ask: TypeAlias = Callable[[Transaction[Any]], Awaitable[Any]]
"""Reads on another connection."""


class Vigil:
    """Asks the server now and then after a transaction of ours, tells what it says, and ends what it knows no more."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._since = asyncio.get_running_loop().time()
        self._driver: Any = None
        self._pid: int | None = None
        self._idle: Row[Any] | None = None
        """What was found in the last look, where the server waited for us then."""

        self._silent = False
        self._waits_for: int | None = None
        """For how many others it waits, as was told last."""

    def over(self, connection: Connection) -> None:
        """Watch over the transaction that has just begun on a connection."""
        self._driver = connection.connection.driver_connection
        self._pid = connection.scalar(select(func.pg_backend_pid()))
        self._idle = None

    async def run(self) -> None:
        """Look, again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY)
            if self._pid is not None:
                await self._look({"pid": self._pid})

    async def _look(self, whom: dict[str, int]) -> None:
        try:
            found = await self._ask(lambda connection: connection.execute(_FOUND, whom).one_or_none())
        except (ClosedError, NoConnectionError):
            return  # it is being closed, or others of ours have all connections
        except Exception as error:
            if not self._silent:
                log.warning("database.upgrade_unanswered", seconds=self._seconds(), reason=in_words(error))
            self._silent = True
            return
        self._silent = False
        if found is None or found == self._idle:
            await self._end(whom)
            return
        # While we wait for it, it waits for us: what one said to the other was lost, if that is still so next time.
        self._idle = None if found.state == "active" else found
        if found.waits_for != self._waits_for:
            self._waits_for = found.waits_for
            log.info("database.upgrading", seconds=self._seconds(), waits_for=found.waits_for)

    def _seconds(self) -> int:
        """How long this has lasted by now."""
        return round(asyncio.get_running_loop().time() - self._since)

    async def _end(self, whom: dict[str, int]) -> None:
        """End a connection that was lost, here and where the server still has it, with all that is locked by it."""
        with suppress(Exception):
            await self._ask(lambda connection: connection.execute(_END, whom))
        self._driver.terminate()  # whoever waits on it fails, as where it is cut


@asynccontextmanager
async def vigil(ask: Ask) -> AsyncIterator[Vigil]:
    """A vigil while this lasts."""
    watching = Vigil(ask)
    running = asyncio.create_task(watching.run())
    try:
        yield watching
    finally:
        running.cancel()
        await asyncio.wait({running})
