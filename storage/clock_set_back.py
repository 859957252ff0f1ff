"""A clock that is set back, where one process has the file: what was put off waits no longer than it would have.

Moments are stored by the time of day. Set back by a day, it would leave what was to be tried again in a minute for a
day and a minute. What waits for a time of day of its chat's, as where quiet hours end, goes by the clock as it is.
"""

import datetime as dt

from sqlalchemy import bindparam, case, literal_column, select, update

from bot.domain.places import Platform
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT

ANNOUNCEMENT, DELIVERY = tables.announcement, tables.delivery


class ClockSetBack:
    """Looks whether the clock shows less than it did, as it also may have while nothing ran."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shown: dict[Platform, int] = {}
        """What it showed when a platform's deliveries were looked at last, in seconds since 1970."""

        now = bindparam("now", type_=BIGINT)
        made_at = select(ANNOUNCEMENT.c.made_at).where(ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id)
        made = made_at.scalar_subquery()
        begun = case((DELIVERY.c.due_at <= made, made))  # what was to be told at once, and was not tried yet
        since = case((DELIVERY.c.settled_at.is_not(None), DELIVERY.c.settled_at), else_=begun)
        waits = update(DELIVERY).where(
            DELIVERY.c.platform == bindparam("its_platform"),
            DELIVERY.c.state == literal_column("0"),  # written out, as its index is of these rows alone
            DELIVERY.c.due_at > now,
            since > now,
        )
        self._mend = waits.values(
            due_at=now + DELIVERY.c.due_at - since, settled_at=case((DELIVERY.c.settled_at.is_not(None), now))
        )

    async def look(self, platform: Platform, now: dt.datetime) -> None:
        """Have a platform's deliveries that were put off by a later clock wait as long from now on."""
        seconds = int(now.timestamp())
        shown = self._shown.get(platform)
        if shown is None or seconds < shown:
            given = {"its_platform": platform.value, "now": seconds}
            await self._database.write(lambda connection: connection.execute(self._mend, given))
        self._shown[platform] = seconds
