"""What was announced, each with what followed it last: against that, it is seen what is otherwise by now."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select

from bot.domain.announcements import Announcement, Kind
from storage.announcements import ANNOUNCEMENT, read_announcement
from storage.database.base import Database


class ToldChain(NamedTuple):
    """An announcement, and the latest of those that follow it, or itself where there was none."""

    first: Announcement
    last: Announcement


class ToldChains:
    """All announcements with what follows them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, moment: dt.datetime, *kinds: Kind) -> list[ToldChain]:
        """Those of these kinds announced since a moment, the oldest first; one query, however many there are."""
        told = select(ANNOUNCEMENT).where(
            ANNOUNCEMENT.c.made_at >= int(moment.timestamp()), ANNOUNCEMENT.c.kind.in_(kinds)
        )
        in_order = told.order_by(ANNOUNCEMENT.c.id)
        rows = await self._database.read(lambda connection: connection.execute(in_order).all())
        chains: dict[int, ToldChain] = {}
        for each in map(read_announcement, rows):
            if each.follows is None:
                chains[each.id] = ToldChain(each, each)
            elif each.follows in chains:
                chains[each.follows] = chains[each.follows]._replace(last=each)
        return list(chains.values())
