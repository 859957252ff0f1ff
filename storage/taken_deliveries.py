"""Deliveries that a process has in hand, where several deliver: each is another's once its holder is silent too long.

A delivery that is taken is put off for whoever else looks, and again while its holder says that it is alive. Moments
are by the clock of the database (`storage.database_clock`), by which each process is set.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, null, update

from bot.domain.deliveries import Key, State
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, as_json, json_rows
from storage.leases import holder

DELIVERY = tables.delivery

LEASE = 60
"""Seconds for which a delivery that has been taken is left to its holder, from the last time that it was heard of."""


class TakenDeliveries:
    """One process's deliveries, under its name."""

    def __init__(self, database: Database) -> None:
        self.holder = holder(database)
        self._database = database
        given = json_rows(database.dialect, {"announcement_id": INTEGER, "chat_id": BIGINT})
        same = (DELIVERY.c.announcement_id == given.c.announcement_id) & (DELIVERY.c.chat_id == given.c.chat_id)
        until = bindparam("until", type_=BIGINT)
        self._take = update(DELIVERY).where(same).values(due_at=until, taken_by=self.holder)
        # Not said by what is pending, as where outcomes are put down.
        ours = (DELIVERY.c.taken_by == self.holder) & (DELIVERY.c.state < State.SENT)
        held = update(DELIVERY).where(same, ours).values(due_at=until)
        self._hold = held.returning(DELIVERY.c.announcement_id, DELIVERY.c.chat_id)
        self._let_go = update(DELIVERY).where(same, ours).values(due_at=until, taken_by=null())

    def take(self, connection: Connection, due: Select[Any], asked: dict[str, Any]) -> Sequence[Sequence[Any]]:
        """Take what is due and nobody else has in hand, as rows that begin with a delivery's key."""
        rows: Sequence[Sequence[Any]] = connection.execute(due, asked).all()
        if rows:
            self._until(connection, self._take, [(row[0], row[1]) for row in rows], asked["now"] + LEASE)
        return rows

    async def hold(self, keys: Collection[Key], now: dt.datetime) -> frozenset[Key]:
        """Say that deliveries are in hand still; those that are. The others are settled, or another process's."""
        until = int(now.timestamp()) + LEASE
        rows = await self._database.write(lambda connection: self._until(connection, self._hold, keys, until).all())
        return frozenset((row.announcement_id, row.chat_id) for row in rows)

    async def let_go(self, keys: Collection[Key], now: dt.datetime) -> None:
        """Leave deliveries that are in hand to whoever takes them first."""
        at_once = int(now.timestamp())
        await self._database.write(lambda connection: self._until(connection, self._let_go, keys, at_once))

    @staticmethod
    def _until(connection: Connection, change: Any, keys: Collection[Key], until: int) -> Any:
        return connection.execute(change, {"rows": as_json(sorted(keys)), "until": until})
