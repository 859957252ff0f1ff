"""Connections to a PostgreSQL server, which are waited for where it has no more to give."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.pacing.backoff import Backoff
from storage.database.faults import sqlstate
from storage.database.limits import Limits

log = structlog.get_logger(__name__)

NO_MORE = "53300"
"""The SQLSTATE of a server, a database or a role that is at its limit of connections."""

READ_ONLY = "25006"
"""The SQLSTATE of what was to be written where nothing may be."""

TRIES = Backoff(first=0.05, longest=1.0)
"""Seconds between two tries to be let in; meanwhile a connection of our own may come free as well."""


class Connections:
    """One process's connections to a server, at most so many."""

    def __init__(self, address: URL, limits: Limits) -> None:
        """Raises ModuleNotFoundError where the driver is missing."""
        timeouts = {"statement_timeout": limits.statement_timeout, "lock_timeout": limits.lock_timeout}
        self.engine: AsyncEngine = create_async_engine(
            address,
            pool_size=limits.connections,
            max_overflow=0,
            pool_timeout=limits.patience,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"server_settings": {name: f"{1e3 * each:.0f}ms" for name, each in timeouts.items()}},
        )
        self._patience = limits.patience
        self._waiting = 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection for as long as this lasts; what the server says in the end where it lets nobody in.

        One to a server that takes nothing new is not kept: a former primary's stays what it is, another would be to the
        one that writes by then.
        """
        connection = await self._connected()
        try:
            yield connection
        except Exception as error:
            if sqlstate(error) == READ_ONLY:
                await connection.invalidate()
            raise
        finally:
            await connection.close()

    async def _connected(self) -> AsyncConnection:
        refused, until = 0, asyncio.get_running_loop().time() + self._patience
        try:
            while True:
                try:
                    return await self.engine.connect()
                except Exception as error:
                    if sqlstate(error) != NO_MORE or asyncio.get_running_loop().time() > until:
                        raise
                if not refused:
                    self._wait()
                refused += 1
                await asyncio.sleep(TRIES.after(refused))
        finally:
            self._waiting -= bool(refused)

    def _wait(self) -> None:
        """Count one more who waits; logged once, until nobody waits any more."""
        if not self._waiting:
            log.warning("database.connection_refused", sqlstate=NO_MORE)
        self._waiting += 1
