"""Which updates have been handled: a platform may deliver one again, and what it does must not be done twice.

An update's id is committed in the transaction that does what the update asks for. So after a crash there are both or
neither, and of two that handle it at once one acts. No transaction takes in a message that is sent: that one is begun
is committed before, and a crash in between costs the message, for which its asker can ask again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import structlog
from sqlalchemy import Connection, bindparam, delete, select, tuple_

from bot.pacing.clock import Clock, SystemClock
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import TEXT, as_json, json_rows

log = structlog.get_logger(__name__)

KEPT = dt.timedelta(hours=26)
"""How long ids are kept: Telegram delivers again for 24 hours, Discord for 15 minutes."""

FORGOTTEN_EVERY = 1800.0
"""Seconds between two looks for ids that are no longer needed."""

CHUNK = 1_000
"""Ids deleted in a transaction, so that no vote waits for long."""

HANDLED = tables.handled_update

Update: TypeAlias = tuple[str, str]
"""A platform, and its own id of something that it delivered: a press, a message; empty where it has none."""


class HandledUpdates:
    """Remembers updates; `run` forgets those that can come no more."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        given = json_rows(database.dialect, {"external": TEXT})
        same = (bindparam(name, type_=HANDLED.c[name].type) for name in ("platform", "handled_at"))
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        rows = select(given, *same).where(given.c.external.is_not(None))
        row = database.insert(HANDLED).from_select(["external", "platform", "handled_at"], rows)
        self._insert = row.on_conflict_do_nothing()
        self._insert_and_tell = self._insert.returning(HANDLED.c.external)
        ids = (HANDLED.c.platform, HANDLED.c.external)
        old = select(*ids).where(HANDLED.c.handled_at < bindparam("before")).order_by(HANDLED.c.handled_at)
        self._forget = delete(HANDLED).where(tuple_(*ids).in_(old.limit(CHUNK).with_for_update(skip_locked=True)))

    def first_time(self, connection: Connection, platform: str, update: str) -> bool:
        """Whether an update has not been handled yet; from the transaction's commit on it has.

        Call it before anything is read or written for the update, and do nothing where it says no. An update without
        an id is always new.
        """
        return self.first_times(connection, [(platform, update)])[0]

    def first_times(self, connection: Connection, updates: Sequence[Update]) -> list[bool]:
        """Whether each of several updates is new, in their order; where one is there twice, the second is not."""
        ids: dict[str, list[str]] = {}
        for platform, update in updates:
            if update:
                ids.setdefault(platform, []).append(update)
        # In order, so that two transactions with the same updates never wait for each other in a circle.
        new = {platform: self._put_down(connection, platform, sorted(ids[platform])) for platform in sorted(ids)}
        if all(len(new[platform]) == len(ids[platform]) for platform in ids):
            return [True] * len(updates)
        unhandled = {(platform, update) for platform, those in new.items() for update in those}
        first_times = []
        for each in updates:
            first_times.append(not each[1] or each in unhandled)
            unhandled.discard(each)
        return first_times

    def _put_down(self, connection: Connection, platform: str, updates: Sequence[str]) -> Sequence[str]:
        """Write down a platform's updates; those that were not there yet."""
        handled_at = int(self._clock.now().timestamp())
        rows = {"rows": as_json(updates), "platform": platform, "handled_at": handled_at}
        if len(updates) > 1 and self._all_new(connection, rows, len(updates)):
            return updates
        return connection.scalars(self._insert_and_tell, rows).all()

    def _all_new(self, connection: Connection, rows: Mapping[str, object], number: int) -> bool:
        """Write down updates if all of them are new, as in a storm they are: to count them takes half as long."""
        if connection.dialect.name != "sqlite":
            return False
        with connection.begin_nested() as trial:
            if connection.execute(self._insert, rows).rowcount == number:
                return True
            trial.rollback()
        return False

    async def run(self) -> None:
        """Forget old ids from time to time, until cancelled."""
        while True:
            try:
                while await self.forget_some():
                    pass
            except Exception:
                log.exception("handled_updates.not_forgotten")
            await self._clock.sleep(FORGOTTEN_EVERY)

    async def forget_some(self) -> bool:
        """Forget ids of updates that no platform delivers again, the oldest first; whether there may be more."""
        before = {"before": int((self._clock.now() - KEPT).timestamp())}
        gone = await self._database.write(lambda connection: connection.execute(self._forget, before).rowcount)
        return gone == CHUNK
