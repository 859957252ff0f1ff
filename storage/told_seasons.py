"""What was last told of calendars and results, beside what is stored of them: where the two differ, there is news.

An announcement and what counts as told after it are written in one transaction. So whatever was stored and not told
when a process died is found by the next one, and nothing is told twice.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from bot.domain.announcements import Announcement
from bot.domain.calendar_changes import CalendarEntry
from bot.domain.season import Classification, Race
from storage.announcements import Announcements
from storage.database.base import Database
from storage.documents import CLASSIFICATION, RACE
from storage.season_rows import SEASONS, lock_races
from storage.tables import classification as classifications
from storage.tables import race as races

CHANGED = select(classifications.c.document).where(
    classifications.c.told.is_not(None), classifications.c.told != classifications.c.document
)


class ChangedResult(NamedTuple):
    """A result that is not the one that was last held against what was told, as a value and as it is stored."""

    classification: Classification
    document: str


class ToldSeasons:
    """Seasons as they were last told."""

    def __init__(self, database: Database, announcements: Announcements) -> None:
        self._database = database
        self._announcements = announcements

    async def calendar(self, season: int) -> tuple[CalendarEntry, ...]:
        """All that is, or was, on a season's calendar, by its start."""
        rows = _calendar(season)
        return tuple(map(_entry, await self._database.read(lambda connection: connection.execute(rows).all())))

    async def take_as_told(self, told: Iterable[tuple[CalendarEntry, Race | None]]) -> None:
        """Let races count as told in this way without a word, all at once; not those of which more was told since."""
        its = (races.c.key == bindparam("race_key")) & (races.c.changes_told == bindparam("told_before"))
        change = update(races).where(its).values(told=bindparam("now_told"))
        rows = [
            {"race_key": entry.race.key, "told_before": entry.changes_told, "now_told": _document(race)}
            for entry, race in told
        ]

        def write(connection: Connection) -> None:
            lock_races(connection, races.c.key.in_([row["race_key"] for row in rows]))
            connection.execute(change, rows)

        if rows:
            await self._database.write(write)

    async def announce_change(self, announcement: Announcement, entry: CalendarEntry) -> Announcement | None:
        """Announce what became of a race, which counts as told then; None where that was done before."""
        told = update(races).where(races.c.key == entry.race.key)
        told = told.values(
            told=_document(entry.now_told if entry.missing_for is None else None), changes_told=entry.changes_told + 1
        )
        return await self._announcements.announce(announcement, lambda connection: connection.execute(told))

    async def changed_results(self) -> list[ChangedResult]:
        """The results that were told, and have changed since they were last held against what was told."""
        documents = await self._database.read(lambda connection: connection.scalars(CHANGED).all())
        return [ChangedResult(CLASSIFICATION.read(document), document) for document in documents]

    async def announce_result(
        self, announcement: Announcement, classification: Classification, document: str | None = None
    ) -> Announcement | None:
        """Announce a result or its correction, which counts as told then; None where that was done before."""
        written = document or CLASSIFICATION.write(classification)
        return await self._announcements.announce(
            announcement, lambda connection: _mark(connection, classification, written)
        )

    async def result_compared(self, result: ChangedResult, *, was_told: bool) -> None:
        """Take note that a changed result held nothing worth telling, or that nobody knows any more what was told."""
        document = result.document if was_told else None
        await self._database.write(lambda connection: _mark(connection, result.classification, document))


@lru_cache(SEASONS)
def _calendar(season: int) -> Select[Any]:
    read_at = select(func.max(races.c.fetched_at)).where(races.c.season == season, ~races.c.cancelled)
    rows = select(races, read_at.scalar_subquery().label("read_at")).where(races.c.season == season)
    return rows.order_by(races.c.starts_by, races.c.key)


def _mark(connection: Connection, classification: Classification, document: str | None) -> None:
    its = (classifications.c.race_key == classification.race.key) & (classifications.c.kind == classification.kind)
    connection.execute(update(classifications).where(its).values(told=document))


def _entry(row: Row[Any]) -> CalendarEntry:
    race = RACE.read(row.document)
    told = None if row.told is None else race if row.told == row.document else RACE.read(row.told)
    missing = max(row.read_at or 0, row.fetched_at) - row.fetched_at
    return CalendarEntry(race, told, row.changes_told, dt.timedelta(seconds=missing) if row.cancelled else None)


def _document(race: Race | None) -> str | None:
    return None if race is None else RACE.write(race)
