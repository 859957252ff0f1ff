"""The recaps that were announced, each with what was announced of it last: against that, corrections are held."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import select

from bot.domain.announcements import Announcement, Kind
from storage.announcements import ANNOUNCEMENT, read_announcement
from storage.database.base import Database


class ToldRecap(NamedTuple):
    """A recap, and the latest correction or amendment of it, or itself where there was none."""

    recap: Announcement
    last: Announcement


class ToldRecaps:
    """All recaps as they were told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, moment: dt.datetime) -> list[ToldRecap]:
        """The recaps announced since a moment, the oldest first; one query, however many there are."""
        recent = ANNOUNCEMENT.c.made_at >= int(moment.timestamp())
        of_recaps = ANNOUNCEMENT.c.kind.in_([Kind.RECAP, Kind.CORRECTION, Kind.AMENDMENT])
        told = select(ANNOUNCEMENT).where(recent, of_recaps)
        in_order = told.order_by(ANNOUNCEMENT.c.id)
        rows = await self._database.read(lambda connection: connection.execute(in_order).all())
        recaps: dict[int, ToldRecap] = {}
        for each in map(read_announcement, rows):
            if each.follows is None:
                recaps[each.id] = ToldRecap(each, each)
            elif each.follows in recaps:
                recaps[each.follows] = recaps[each.follows]._replace(last=each)
        return list(recaps.values())
