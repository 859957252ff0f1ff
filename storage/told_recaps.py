"""The recaps that were announced, each with what was announced of it last: against that, corrections are held."""

import datetime as dt
from typing import NamedTuple

from bot.domain.announcements import Announcement, Kind
from storage.database.base import Database
from storage.told_chains import ToldChains


class ToldRecap(NamedTuple):
    """A recap, and the latest correction or amendment of it, or itself where there was none."""

    recap: Announcement
    last: Announcement


class ToldRecaps:
    """All recaps as they were told."""

    def __init__(self, database: Database) -> None:
        self._told = ToldChains(database)

    async def since(self, moment: dt.datetime) -> list[ToldRecap]:
        """The recaps announced since a moment, the oldest first; one query, however many there are."""
        chains = await self._told.since(moment, Kind.RECAP, Kind.CORRECTION, Kind.AMENDMENT)
        return [ToldRecap(*chain) for chain in chains]
