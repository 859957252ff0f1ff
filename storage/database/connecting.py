"""Connections to a PostgreSQL server, which are waited for where it has no more to give."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import structlog
from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.pacing.backoff import Backoff
from storage.database.faults import ClosedError, sqlstate
from storage.database.limits import Limits
from storage.database.silence import WATCH, Watch, spoken_to, watched

log = structlog.get_logger(__name__)

NO_MORE = "53300"
"""The SQLSTATE of a server, a database or a role that is at its limit of connections."""

READ_ONLY = "25006"
"""The SQLSTATE of what was to be written where nothing may be."""

TRIES = Backoff(first=0.05, longest=1.0)
"""Seconds between two tries to be let in; meanwhile a connection of our own may come free as well."""


SIGN_OF_LIFE = 5.0
"""Seconds that a server has to answer on a connection that was idle, before that counts as lost."""

GRACE = 5.0
"""Seconds for which an answer may be late after the server should have ended a statement, until it is lost as well."""

TO_FINISH = 1.0
"""Seconds that whoever uses a connection has to finish before all are let go of."""

USED = "used"
"""Whether a connection has been used before."""

BEGINNING = "beginning"
"""Where a connection has its watch until somebody uses it."""

FAREWELL = 0.5
"""Seconds that the server has to take leave of a connection."""


THE_DRIVERS = frozenset(
    {
        *("host", "port", "database", "user", "password", "passfile", "ssl", "direct_tls", "target_session_attrs"),
        *("service", "servicefile", "krbsrvname", "gsslib", "timeout", "command_timeout", "statement_cache_size"),
        *("max_cached_statement_lifetime", "max_cacheable_statement_size", "prepared_statement_cache_size"),
    }
)
"""What an address may tell the driver by its own names. All else is libpq's (`sslmode`), or the server's setting."""


class Connections:
    """One process's connections to a server, at most so many."""

    def __init__(self, address: URL, limits: Limits) -> None:
        """Raises ModuleNotFoundError where the driver is missing.

        What a connection that is forgotten had locked, its server lets go of as soon as we give it up here.
        """
        longest = limits.statement_timeout
        self._to_be_let_in = max(limits.patience, SIGN_OF_LIFE)
        timeouts = {
            "statement_timeout": longest,
            "lock_timeout": limits.lock_timeout,
            "idle_in_transaction_session_timeout": longest and longest + GRACE,
        }
        address, said = _told_apart(address)
        self.engine: AsyncEngine = create_async_engine(
            address,
            pool_size=limits.connections,
            max_overflow=0,
            pool_timeout=limits.patience,
            hide_parameters=True,
            connect_args={
                "dsn": said,
                "timeout": self._to_be_let_in,
                "server_settings": {name: f"{1e3 * each:.0f}ms" for name, each in timeouts.items()},
            },
        )
        self._by_statement = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(self.engine.sync_engine, "do_connect", self._refuse)
        event.listen(self.engine.sync_engine, "connect", self._begin, insert=True)
        event.listen(self.engine.sync_engine, "checkout", self._ask)
        event.listen(self.engine.sync_engine, "close", self._take_leave)
        for said in ("before_cursor_execute", "commit", "rollback"):
            event.listen(self.engine.sync_engine, said, spoken_to)
        self._patience = limits.patience
        self._longest = longest
        self._waiting = 0
        self._users = 0
        self._unused = asyncio.Event()
        self._closed = False

    @asynccontextmanager
    async def connection(self, *, hurries: bool = True, by_statement: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection for as long as this lasts; what the server says in the end where it lets nobody in.

        `by_statement`, each statement is a transaction of its own, for which there is no BEGIN and no COMMIT.

        One to a server that takes nothing new is not kept: a former primary's stays what it is, another would be to the
        one that writes by then. Nor is one on which the server, though it should have ended a statement, is silent;
        unless nobody `hurries`, as who migrates. Raises ClosedError.
        """
        if self._closed:
            raise ClosedError
        self._users += 1
        try:
            async with self._used(hurries, self._by_statement if by_statement else self.engine) as connection:
                yield connection
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    async def close(self) -> None:
        """Let nobody in any more, and go once those are done who are in; they have a moment for it."""
        self._closed = True
        self._unused.clear()
        if self._users:
            with suppress(TimeoutError):
                async with asyncio.timeout(TO_FINISH):
                    await self._unused.wait()
        await self.engine.dispose()

    def _refuse(self, *_: object) -> None:
        """Make no connection once they are let go of, whoever asks the engine for one. Raises ClosedError."""
        if self._closed:
            raise ClosedError

    @asynccontextmanager
    async def _used(self, hurries: bool, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        connection = await self._connected(engine)
        driver = (await connection.get_raw_connection()).driver_connection
        try:
            if not (hurries and self._longest):
                yield connection
                return
            with watched(driver, self._longest + GRACE) as connection.info[WATCH]:
                yield connection
        except Exception as error:
            if sqlstate(error) == READ_ONLY:
                await connection.invalidate()
            raise
        finally:
            if not connection.invalidated:
                connection.info.pop(WATCH, None)
            # What fails ends with a ROLLBACK, which may be what is not answered: what became of it is known.
            with watched(driver, SIGN_OF_LIFE), suppress(DBAPIError):
                await connection.close()

    def _begin(self, connection: Any, record: Any) -> None:
        """Watch over what is asked on a connection before anybody has it: which version this is, and the like."""
        record.info[BEGINNING] = Watch(connection.driver_connection, self._to_be_let_in)

    def _take_leave(self, connection: Any, record: Any) -> None:
        """End a connection on which the server does not take leave."""
        _has_begun(record)
        asyncio.get_running_loop().call_later(FAREWELL, connection.driver_connection.terminate)

    def _ask(self, connection: Any, record: Any, _pool: object) -> None:
        """Ask for a sign of life before a connection is used again. Raises InvalidatePoolError: none is kept."""
        _has_begun(record)
        if not record.info.setdefault(USED, False):
            record.info[USED] = True
            return
        try:
            with watched(connection.driver_connection, SIGN_OF_LIFE):
                # The dialect's own ping is a transaction of three round trips, of which a vote would wait for each.
                connection.run_async(lambda driver: driver.execute("SELECT"))
        except Exception as error:
            raise InvalidatePoolError from error

    async def _connected(self, engine: AsyncEngine) -> AsyncConnection:
        refused, until = 0, asyncio.get_running_loop().time() + self._patience
        try:
            while True:
                try:
                    return await engine.connect()
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


def _has_begun(record: Any) -> None:
    if record is not None and (watch := record.info.pop(BEGINNING, None)) is not None:
        watch.end()


def _told_apart(address: URL) -> tuple[URL, str]:
    """An address without what the driver reads in one of its own alone, as psql does, and that as such an address."""
    query = {name: values[-1] for name, values in address.normalized_query.items() if name not in THE_DRIVERS}
    return address.difference_update_query(query), f"postgresql://?{urlencode(query)}" if query else ""
