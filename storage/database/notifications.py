"""What processes on one PostgreSQL database tell each other: short texts, by NOTIFY and LISTEN."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.events import Missed, Subscription
from storage.database.json_rows import TEXT, as_json, json_rows
from storage.database.silence import watched

CHANNEL = "racing_incident"
"""What NOTIFY calls the line; it is the database's own, so that two bots on one server do not hear each other."""

PATIENCE = 5.0
"""Seconds that the server has to take what we tell, or to begin to tell us, before the connection counts as lost."""

_LOST = ""
"""What wakes a listener whose connection has ended; no text is empty."""


_LISTENING = text("""
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%' || :channel || '%'
    )
""")
"""Of a connection that listens that was the last statement; others than its user see none."""


def somebody_listens(connection: Connection) -> bool:
    """Whether any process listens on a server, as each does that works on its database."""
    return bool(connection.scalar(_LISTENING, {"channel": CHANNEL}))


class LineLostError(ConnectionError):
    """The connection that listened has ended: what was told since is not known."""

    def __init__(self) -> None:
        super().__init__("the connection to the database ended")


class Line:
    """What is told while somebody listens."""

    def __init__(self) -> None:
        self._heard = Subscription[str]()
        self._lost = False

    def hear(self, text: str) -> None:
        """Let a text wait; never blocks."""
        self._heard.put(text)

    def lose(self) -> None:
        """Let the listener know that nothing more will come."""
        self._lost = True
        self._heard.put(_LOST)

    async def take(self) -> list[str | Missed]:
        """The texts that wait, once there are any, equal ones once. Raises LineLostError."""
        heard = await self._heard.take()
        if self._lost:
            raise LineLostError
        return heard


class Notifications:
    """Tells texts, and hears them: those who listen at that moment all do, and so does whoever told them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        given = json_rows("postgresql", {"text": TEXT})
        self._notify = select(func.pg_notify(bindparam("channel", CHANNEL), given.c.text))

    async def tell(self, texts: Sequence[str]) -> None:
        """Tell texts of at most 7,999 bytes each, all or none; once this returns they are on their way."""
        async with self._engine.connect() as connection:
            with watched(await _driver(connection), PATIENCE):
                await connection.execute(self._notify, {"rows": as_json(texts)})
                await connection.commit()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Line]:
        """Listen on a connection of its own, which ends with it."""
        line = Line()
        async with self._engine.connect() as connection:
            driver = await _driver(connection)
            driver.add_termination_listener(lambda _: line.lose())
            try:
                with watched(driver, PATIENCE):
                    await driver.add_listener(CHANNEL, lambda *said: line.hear(said[-1]))
                yield line
            finally:
                await connection.invalidate()  # it never goes back to the pool, where it would go on listening


async def _driver(connection: AsyncConnection) -> Any:
    """The driver's own connection. Raises LineLostError."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:  # as its type allows, though a connection that was just made has one
        raise LineLostError
    return driver
