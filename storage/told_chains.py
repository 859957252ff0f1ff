"""What was announced, each with what followed it last: against that, it is seen what is otherwise by now."""

import datetime as dt
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from bot.domain.announcements import Announcement, Kind
from storage.announcements import ANNOUNCEMENT, read_announcement
from storage.database.base import Database
from storage.database.json_rows import BIGINT


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
        told, since = _told(kinds), {"since": int(moment.timestamp())}
        rows = await self._database.read(lambda connection: connection.execute(told, since).all())
        chains: dict[int, ToldChain] = {}
        for each in map(read_announcement, rows):
            if each.follows is None:
                chains[each.id] = ToldChain(each, each)
            elif each.follows in chains:
                chains[each.follows] = chains[each.follows]._replace(last=each)
        return list(chains.values())


@cache  # the newsroom looks several times a minute, and putting it together takes longer than running it
def _told(kinds: tuple[Kind, ...]) -> Select[Any]:
    since = ANNOUNCEMENT.c.made_at >= bindparam("since", type_=BIGINT)
    return select(ANNOUNCEMENT).where(since, ANNOUNCEMENT.c.kind.in_(kinds)).order_by(ANNOUNCEMENT.c.id)
