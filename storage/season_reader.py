"""What is known of seasons as they were last fetched: calendars, results and championships, read and never written."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Row, Select, bindparam, select

from bot.domain.calendar_changes import Gone
from bot.domain.season import Championship, Classification, Race, Source, Standings, Witness
from bot.domain.sessions import SessionKind
from storage.database.base import Reader
from storage.database.json_rows import BIGINT
from storage.documents import CLASSIFICATION, DOUBTS, RACE, STANDINGS, Documents
from storage.season_rows import (
    RESULTS,
    SEASONS,
    calendar_rows,
    classification_document,
    since_1970,
    standings_documents,
)
from storage.tables import classification as classifications_table
from storage.tables import race as races_table
from storage.tables import standings as standings_table

Value = TypeVar("Value")

NEXT_RACE = (
    select(races_table.c.document)
    .where(~races_table.c.cancelled, races_table.c.starts_by >= bindparam("now", type_=BIGINT))
    .order_by(races_table.c.starts_by)
    .limit(1)
)


class SeasonReader:
    """What is known of seasons. Moments are aware datetimes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def schedule(self, season: int) -> tuple[Race, ...]:
        """A season's races by round, without those that were cancelled."""
        documents = await self._reader.read(lambda connection: connection.scalars(calendar_rows(season)).all())
        return tuple(map(RACE.read, documents))

    async def race(self, key: str) -> Race | None:
        """The race of that key, cancelled or not."""
        return await self._first(RACE, _race(key))

    async def cancelled(self, season: int) -> tuple[Gone, ...]:
        """The races that a season's calendar lost, and when, by their starts."""
        rows = await self._reader.read(lambda connection: connection.execute(_cancelled(season)).all())
        return tuple(map(_gone, rows))

    async def in_doubt(self, season: int) -> bool:
        """Whether the feed says something of a season's starts that is not believed before it is seen again."""
        known = select(races_table.c.doubts).where(races_table.c.season == season, ~races_table.c.cancelled)
        doubted = known.where(races_table.c.doubts.is_not(None))
        documents = await self._reader.read(lambda connection: connection.scalars(doubted).all())
        return any(DOUBTS.read(document).since is not None for document in documents)

    async def next_race(self, now: dt.datetime) -> Race | None:
        """The next race to start; where only the day is known, the race is to come until the day is over."""
        return await self._first(RACE, NEXT_RACE, {"now": since_1970(now)})

    async def classification(self, race_key: str, kind: SessionKind = SessionKind.RACE) -> Classification | None:
        """The result of a race, a sprint or qualifying, by the race's key; None while there is none."""
        return await self._first(CLASSIFICATION, classification_document(race_key, kind))

    async def last_classification(self, kind: SessionKind = SessionKind.RACE) -> Classification | None:
        """The result of the latest race that has one of that kind."""
        classifications = select(classifications_table.c.document).where(classifications_table.c.kind == kind.value)
        latest = classifications.order_by(classifications_table.c.starts_by.desc()).limit(1)
        return await self._first(CLASSIFICATION, latest)

    async def results(self, season: int) -> tuple[Classification, ...]:
        """The results of a season's races and sprints, as far as they are stored, in the order of the calendar."""
        on_calendar = races_table.join(classifications_table, classifications_table.c.race_key == races_table.c.key)
        scoring = classifications_table.c.kind != SessionKind.QUALIFYING.value
        documents = select(classifications_table.c.document).select_from(on_calendar)
        documents = documents.where(races_table.c.season == season, ~races_table.c.cancelled, scoring)
        # Of a weekend the sprint comes before the race, as its kind does not in the alphabet.
        ordered = documents.order_by(races_table.c.round, classifications_table.c.kind.desc())
        found = await self._reader.read(lambda connection: connection.scalars(ordered).all())
        return tuple(map(CLASSIFICATION.read, found))

    async def standings(self, season: int, kind: Championship, after_round: int | None = None) -> Standings | None:
        """A championship after a round, or after the latest that is known; None while there is none."""
        return await self._first(STANDINGS, standings_documents(season, kind, after_round).limit(1))

    async def every_standings(self, season: int, kind: Championship) -> tuple[Standings, ...]:
        """A championship after each of a season's rounds that is known, the earliest first, in one read."""
        tables = standings_documents(season, kind, None).order_by(None).order_by(standings_table.c.round)
        found = await self._reader.read(lambda connection: connection.scalars(tables).all())
        return tuple(map(STANDINGS.read, found))

    async def updated(self, value: Race | Classification | Standings) -> dt.datetime | None:
        """When something that is stored was last fetched, in UTC; None for what is not."""
        return (await self.source(value)).at

    async def source(self, value: Race | Classification | Standings) -> Source:
        """When something that is stored was last fetched, and who tells it."""
        its: Select[Any]
        match value:
            case Race():
                columns = races_table.c.fetched_at, races_table.c.witness
                its = select(*columns).where(races_table.c.key == value.key)
            case Classification():
                results = classifications_table.c
                its = classification_document(value.race.key, value.kind)
                its = its.with_only_columns(results.fetched_at, results.witness)
            case Standings():
                tables = standings_table.c
                its = standings_documents(value.season, value.kind, value.round)
                its = its.with_only_columns(tables.fetched_at, tables.witness)
        row = await self._reader.read(lambda connection: connection.execute(its).first())
        return Source() if row is None else Source(dt.datetime.fromtimestamp(row[0], dt.UTC), Witness(row[1]))

    async def result_witnesses(self, season: int) -> frozenset[Witness]:
        """Who has told of a season's results, as far as they are stored."""
        its = classifications_table.c
        told = select(its.witness).join(races_table, races_table.c.key == its.race_key)
        told = told.where(races_table.c.season == season).distinct()
        found = await self._reader.read(lambda connection: connection.scalars(told).all())
        return frozenset(map(Witness, found))

    async def asked(self, classification: Classification) -> dt.datetime | None:
        """When the archive was last asked for a result, in UTC; None while only another witness has told of it."""
        its = classification_document(classification.race.key, classification.kind)
        by_archive = its.where(classifications_table.c.witness != Witness.F1DB.value)
        seconds = await self._reader.read(
            lambda connection: connection.scalar(by_archive.with_only_columns(classifications_table.c.fetched_at))
        )
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    async def known_since(self, classification: Classification) -> dt.datetime | None:
        """When a result was first stored, in UTC, however it was corrected since; None where no result is stored."""
        of_it = classification_document(classification.race.key, classification.kind)
        first = of_it.with_only_columns(classifications_table.c.known_since)
        seconds = await self._reader.read(lambda connection: connection.scalar(first))
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    async def _first(
        self, kind: Documents[Value], documents: Select[str], given: Mapping[str, int] | None = None
    ) -> Value | None:
        document = await self._reader.read(lambda connection: connection.scalar(documents, given))
        return None if document is None else kind.read(document)


@lru_cache(RESULTS)
def _race(key: str) -> Select[str]:
    return select(races_table.c.document).where(races_table.c.key == key)


@lru_cache(SEASONS)
def _cancelled(season: int) -> Select[Any]:
    gone = select(races_table.c.document, races_table.c.fetched_at)
    return gone.where(races_table.c.season == season, races_table.c.cancelled).order_by(races_table.c.starts_by)


def _gone(row: Row[Any]) -> Gone:
    return Gone(RACE.read(row.document), dt.datetime.fromtimestamp(row.fetched_at, dt.UTC))
