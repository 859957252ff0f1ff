"""Which updates have been handled: a platform may deliver one again, and what it does must not be done twice.

An update's id is committed in the transaction that does what the update asks for. So after a crash there are both or
neither, and of two that handle it at once one acts.
"""

import datetime as dt
from collections.abc import Collection

import structlog
from sqlalchemy import Connection, bindparam, delete, select, tuple_

from bot.domain.ballots import Update
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


class HandledUpdates:
    """Remembers updates; `run` forgets those that can come no more."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        rows = select(given, bindparam("handled_at", type_=HANDLED.c.handled_at.type)).where(
            given.c.external.is_not(None)
        )
        row = database.insert(HANDLED).from_select(["platform", "external", "handled_at"], rows)
        self._insert = row.on_conflict_do_nothing().returning(HANDLED.c.platform, HANDLED.c.external)
        ids = (HANDLED.c.platform, HANDLED.c.external)
        old = select(*ids).where(HANDLED.c.handled_at < bindparam("before")).order_by(HANDLED.c.handled_at)
        self._forget = delete(HANDLED).where(tuple_(*ids).in_(old.limit(CHUNK).with_for_update(skip_locked=True)))

    def first_time(self, connection: Connection, platform: str, update: str) -> bool:
        """Whether an update has not been handled yet; from the transaction's commit on it has.

        Call it before anything is read or written for the update, and do nothing where it says no. An update without
        an id is always new.
        """
        return not update or bool(self.first_times(connection, [(platform, update)]))

    def first_times(self, connection: Connection, updates: Collection[Update]) -> set[Update]:
        """Which of several updates have not been handled yet; from the transaction's commit on they all have."""
        if not updates:
            return set()
        # In order, so that two transactions with the same updates never wait for each other in a circle.
        given = {"rows": as_json(sorted(updates)), "handled_at": int(self._clock.now().timestamp())}
        return {(platform, external) for platform, external in connection.execute(self._insert, given)}

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
