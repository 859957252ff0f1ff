"""Leases: of all processes that share a database, one at a time holds each, and another once it is dead.

No process believes another's clock, nor its own: a lease is free once whoever wants it has seen it not renewed for as
long as a lease lasts, by what has passed here. So they may differ by hours, or jump.
"""

from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from bot.pacing.clock import Clock
from storage.database.base import Database
from storage.tables import lease as leases_table


def holder(database: Database) -> str:
    """A name under which a process holds what of several at a time one may have.

    On SQLite it is always the same: the file has one process at a time, which need not wait until what the one before
    held runs out.
    """
    return uuid4().hex if database.dialect == "postgresql" else "whoever has the file"


class _Seen(NamedTuple):
    """A lease of another process, as it was found, and since when it has been so, by the monotonic clock."""

    holder: str
    expires_at: int
    since: float


class Leases:
    """Takes and gives back leases by their names."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def holder(self) -> str:
        """A name under which a process holds leases."""
        return holder(self._database)

    async def hold(self, name: str, holder: str, seconds: float) -> bool:
        """Take a lease for so long, or renew it; False while it is another's.

        What a dead process held is free once it was asked for in vain for so many seconds.
        """
        return await self._database.write(lambda connection: self._hold(connection, name, holder, seconds))

    def _hold(self, connection: Connection, name: str, holder: str, seconds: float) -> bool:
        until = int(self._clock.now().timestamp() + seconds)
        columns = (leases_table.c.holder, leases_table.c.expires_at)
        its = leases_table.c.name == name
        found = connection.execute(select(*columns).where(its).with_for_update()).first()
        if found is None:
            row = self._database.insert(leases_table).values(name=name, holder=holder, expires_at=until)
            taken = row.on_conflict_do_nothing().returning(leases_table.c.holder)
            return connection.scalar(taken) is not None
        if found.holder != holder and self._unchanged_for(name, found.holder, found.expires_at) < seconds:
            return False
        # Whoever else waits sees by the number that it was renewed, also where the clock was set back or stands.
        renewed = until if until != found.expires_at else until + 1
        connection.execute(update(leases_table).where(its).values(holder=holder, expires_at=renewed))
        return True

    def _unchanged_for(self, name: str, holder: str, expires_at: int) -> float:
        """Seconds for which a lease has been found as it is."""
        now, seen = self._clock.monotonic(), self._seen.get(name)
        if seen is None or (seen.holder, seen.expires_at) != (holder, expires_at):
            seen = self._seen[name] = _Seen(holder, expires_at, now)
        return now - seen.since

    async def release(self, name: str, holder: str) -> None:
        """Give a lease back, if it is still the holder's."""
        ours = (leases_table.c.name == name) & (leases_table.c.holder == holder)
        await self._database.write(lambda connection: connection.execute(delete(leases_table).where(ours)))
