"""Leases: of all processes that share a database, one at a time holds each, and another once it is dead.

Moments are by the processes' own clocks. Where these differ by more than what is left of a lease when it is renewed,
two may hold it for a while.
"""

from uuid import uuid4

from sqlalchemy import delete

from bot.pacing.clock import Clock
from storage.database.base import Database
from storage.tables import lease as leases_table


def holder(database: Database) -> str:
    """A name under which a process holds what of several at a time one may have.

    On SQLite it is always the same: the file has one process at a time, which need not wait until what the one before
    held runs out.
    """
    return uuid4().hex if database.dialect == "postgresql" else "whoever has the file"


class Leases:
    """Takes and gives back leases by their names."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def holder(self) -> str:
        """A name under which a process holds leases."""
        return holder(self._database)

    async def hold(self, name: str, holder: str, seconds: float) -> bool:
        """Take a lease for so long, or renew it; False while it is another's."""
        now = self._clock.now().timestamp()
        row = self._database.insert(leases_table).values(name=name, holder=holder, expires_at=int(now + seconds))
        free = (leases_table.c.holder == row.excluded.holder) | (leases_table.c.expires_at <= int(now))
        take = row.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": row.excluded.holder, "expires_at": row.excluded.expires_at},
            where=free,
        )
        taken = take.returning(leases_table.c.holder)
        return await self._database.write(lambda connection: connection.scalar(taken)) is not None

    async def release(self, name: str, holder: str) -> None:
        """Give a lease back, if it is still the holder's."""
        ours = (leases_table.c.name == name) & (leases_table.c.holder == holder)
        await self._database.write(lambda connection: connection.execute(delete(leases_table).where(ours)))
