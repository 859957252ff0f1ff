"""Seasons as they were last fetched: calendars, results and championships.

Each is a JSON document of the value in `bot.domain.season`, beside what it is found by.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Insert, Row, Select, select, update
from sqlalchemy import Table as DatabaseTable

from bot.domain.calendar_changes import Gone, by_known_names
from bot.domain.calendar_doubts import NONE, Doubts, believed, set_right
from bot.domain.season import Championship, Classification, Race, SessionKind, Source, Standings, Witness
from storage.database.base import Database, Reader
from storage.documents import CLASSIFICATION, DOUBTS, RACE, STANDINGS, Documents
from storage.tables import classification as classifications_table
from storage.tables import race as races_table
from storage.tables import standings as standings_table
from storage.witnesses import heard, testimonies, told_by

Value = TypeVar("Value")


class SeasonReader:
    """What is known of seasons. Moments are aware datetimes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def schedule(self, season: int) -> tuple[Race, ...]:
        """A season's races by round, without those that were cancelled."""
        documents = await self._reader.read(lambda connection: connection.scalars(_calendar(season)).all())
        return tuple(map(RACE.written.validate_json, documents))

    async def race(self, key: str) -> Race | None:
        """The race of that key, cancelled or not."""
        return await self._first(RACE, select(races_table.c.document).where(races_table.c.key == key))

    async def cancelled(self, season: int) -> tuple[Gone, ...]:
        """The races that a season's calendar lost, and when, by their starts."""
        rows = await self._reader.read(lambda connection: connection.execute(_cancelled(season)).all())
        return tuple(map(_gone, rows))

    async def in_doubt(self, season: int) -> bool:
        """Whether the feed says something of a season's starts that is not believed before it is seen again."""
        known = select(races_table.c.doubts).where(races_table.c.season == season, ~races_table.c.cancelled)
        doubted = known.where(races_table.c.doubts.is_not(None))
        documents = await self._reader.read(lambda connection: connection.scalars(doubted).all())
        return any(DOUBTS.written.validate_json(document).since is not None for document in documents)

    async def next_race(self, now: dt.datetime) -> Race | None:
        """The next race to start; where only the day is known, the race is to come until the day is over."""
        to_come = select(races_table.c.document).where(~races_table.c.cancelled)
        to_come = to_come.where(races_table.c.starts_by >= _seconds(now))
        return await self._first(RACE, to_come.order_by(races_table.c.starts_by))

    async def classification(self, race_key: str, kind: SessionKind = SessionKind.RACE) -> Classification | None:
        """The result of a race, a sprint or qualifying, by the race's key; None while there is none."""
        return await self._first(CLASSIFICATION, _classification_document(race_key, kind))

    async def last_classification(self, kind: SessionKind = SessionKind.RACE) -> Classification | None:
        """The result of the latest race that has one of that kind."""
        classifications = select(classifications_table.c.document).where(classifications_table.c.kind == kind.value)
        return await self._first(CLASSIFICATION, classifications.order_by(classifications_table.c.starts_by.desc()))

    async def results(self, season: int) -> tuple[Classification, ...]:
        """The results of a season's races and sprints, as far as they are stored, in the order of the calendar."""
        on_calendar = races_table.join(classifications_table, classifications_table.c.race_key == races_table.c.key)
        scoring = classifications_table.c.kind != SessionKind.QUALIFYING.value
        documents = select(classifications_table.c.document).select_from(on_calendar)
        documents = documents.where(races_table.c.season == season, ~races_table.c.cancelled, scoring)
        # Of a weekend the sprint comes before the race, as its kind does not in the alphabet.
        ordered = documents.order_by(races_table.c.round, classifications_table.c.kind.desc())
        found = await self._reader.read(lambda connection: connection.scalars(ordered).all())
        return tuple(map(CLASSIFICATION.written.validate_json, found))

    async def standings(self, season: int, kind: Championship, after_round: int | None = None) -> Standings | None:
        """A championship after a round, or after the latest that is known; None while there is none."""
        return await self._first(STANDINGS, _standings_documents(season, kind, after_round))

    async def every_standings(self, season: int, kind: Championship) -> tuple[Standings, ...]:
        """A championship after each of a season's rounds that is known, the earliest first, in one read."""
        tables = _standings_documents(season, kind, None).order_by(None).order_by(standings_table.c.round)
        found = await self._reader.read(lambda connection: connection.scalars(tables).all())
        return tuple(map(STANDINGS.written.validate_json, found))

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
                its = _classification_document(value.race.key, value.kind)
                its = its.with_only_columns(results.fetched_at, results.witness)
            case Standings():
                tables = standings_table.c
                its = _standings_documents(value.season, value.kind, value.round)
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
        its = _classification_document(classification.race.key, classification.kind)
        by_archive = its.where(classifications_table.c.witness != Witness.F1DB.value)
        seconds = await self._reader.read(
            lambda connection: connection.scalar(by_archive.with_only_columns(classifications_table.c.fetched_at))
        )
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    async def known_since(self, classification: Classification) -> dt.datetime | None:
        """When a result was first stored, in UTC, however it was corrected since; None where no result is stored."""
        of_it = _classification_document(classification.race.key, classification.kind)
        first = of_it.with_only_columns(classifications_table.c.known_since)
        seconds = await self._reader.read(lambda connection: connection.scalar(first))
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)

    async def _first(self, kind: Documents[Value], documents: Select[str]) -> Value | None:
        document = await self._reader.read(lambda connection: connection.scalar(documents.limit(1)))
        return None if document is None else kind.written.validate_json(document)


class Seasons(SeasonReader):
    """What is known of seasons, and how more comes to be known."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    async def store_schedule(
        self, season: int, given: Sequence[Race], fetched_at: dt.datetime, by: Witness = Witness.ARCHIVE
    ) -> bool:
        """Replace a season's calendar; whether it is another now. Races that are missing are cancelled.

        A race that is renamed once it was raced keeps the name that it was told by: what is known of it is by its name.
        An empty calendar changes nothing. The first one of a season counts as told to everybody, and so does a draft:
        any that is from before its year. A start that is doubted is not stored before it was given again.
        """
        if not given:
            return False
        draft = season > fetched_at.year

        def replace(connection: Connection) -> bool:
            hold_races(connection, races_table.c.season == season)
            known = connection.scalar(select(races_table.c.key).where(races_table.c.season == season).limit(1))
            before = {
                race.key: (race, doubts) for race, doubts in starmap(_doubted, connection.execute(_calendar(season)))
            }
            named = by_known_names(given, [race for race, _ in before.values()], fetched_at)
            races = [
                (each, NONE) if draft or each.key not in before else believed(*before[each.key], each, fetched_at)
                for each in sorted(named, key=attrgetter("key"))
            ]
            rows = [_race_row(*race, fetched_at, by, told=draft or known is None) for race in races]
            replaced = rows[0].keys() - ({"key"} if draft else {"key", "told"})
            connection.execute(self._upsert(races_table, replaced), rows)
            keys = {race.key for race, _ in races}
            lost = races_table.c.key.in_([key for key in before if key not in keys])
            gone = update(races_table).where(lost).values(cancelled=True, fetched_at=_seconds(fetched_at))
            connection.execute(gone.values(told=None) if draft else gone)
            return {race for race, _ in before.values()} != {race for race, _ in races}

        return await self._database.write(replace)

    async def set_start(self, race_key: str, kind: SessionKind, start: dt.datetime, day: dt.date) -> Race | None:
        """Let a session start when an operator says, on that day at the track, until the feed says something new.

        The race as it is then; None where it is not on the calendar, or has no such session.
        """
        its = (races_table.c.key == race_key) & ~races_table.c.cancelled

        def write(connection: Connection) -> Race | None:
            hold_races(connection, its)
            row = connection.execute(select(races_table.c.document, races_table.c.doubts).where(its)).first()
            before, doubted = (None, NONE) if row is None else _doubted(row.document, row.doubts)
            if before is None or before.session(kind) is None:
                return None
            race, doubts = set_right(before, doubted, kind, start, day)
            document, written = RACE.written.dump_json(race).decode(), DOUBTS.written.dump_json(doubts).decode()
            changed = update(races_table).where(its).values(document=document, doubts=written)
            connection.execute(changed.values(starts_by=_starts_by(race)))
            return race

        return await self._database.write(write)

    async def store_classification(
        self, classification: Classification, fetched_at: dt.datetime
    ) -> Classification | None:
        """Replace what the archive says of a result; what was read before comes back if it is another now."""
        key, kind = classification.race.key, classification.kind
        document = CLASSIFICATION.written.dump_json(classification).decode()
        its = (classifications_table.c.race_key == key) & (classifications_table.c.kind == kind.value)

        def write(connection: Connection) -> tuple[str | None, str | None]:
            hold_races(connection, races_table.c.key == key)
            before = connection.execute(testimonies(its)).first()
            columns = heard(before, Witness.ARCHIVE, classification, document)
            self._put(connection, classification, columns, _seconds(fetched_at))
            return None if before is None else before.document, columns["document"]

        before, now = await self._database.write(write)
        if before is None or before == now:
            return None
        previous = CLASSIFICATION.written.validate_json(before)
        return None if previous == CLASSIFICATION.written.validate_json(now or "") else previous

    def hear(
        self,
        connection: Connection,
        said: Iterable[tuple[Classification, str]],
        before: Mapping[tuple[str, SessionKind], Row[Any]],
        heard_at: int,
    ) -> tuple[tuple[str, SessionKind], ...]:
        """Write what the second witness says of results, within a transaction; those that are read otherwise now.

        When the archive was asked for a result does not change by it.
        """
        changed: list[tuple[str, SessionKind]] = []
        for classification, document in said:
            result = classification.race.key, classification.kind
            row = before.get(result)
            if row is not None and told_by(row, Witness.F1DB) == document:
                continue
            columns = heard(row, Witness.F1DB, classification, document)
            its_own = row is None or row.witness == Witness.F1DB
            self._put(connection, classification, columns, heard_at if row is None or its_own else row.fetched_at)
            if row is None or row.document != columns["document"]:
                changed.append(result)
        return tuple(changed)

    def _put(
        self, connection: Connection, of: Classification, columns: Mapping[str, str | None], fetched_at: int
    ) -> None:
        """Write a result's row; it is known since it first was there."""
        row: dict[str, object] = {"race_key": of.race.key, "kind": of.kind.value, "starts_by": _starts_by(of.race)}
        row |= {**columns, "known_since": fetched_at, "fetched_at": fetched_at}
        connection.execute(self._upsert(classifications_table, row.keys() - {"race_key", "kind", "known_since"}), row)

    async def store_standings(self, standings: Standings, fetched_at: dt.datetime) -> Standings | None:
        """Replace a championship's table after a round; the one before comes back if it was another."""
        row = {
            "season": standings.season,
            "kind": standings.kind.value,
            "round": standings.round,
            "document": STANDINGS.written.dump_json(standings).decode(),
            "witness": Witness.ARCHIVE.value,
            "fetched_at": _seconds(fetched_at),
        }
        its = _standings_documents(standings.season, standings.kind, standings.round)
        replaced = row.keys() - {"season", "kind", "round"}

        def exchange(connection: Connection) -> str | None:
            hold_races(connection, races_table.c.season == standings.season)
            before = connection.scalar(its)
            connection.execute(self._upsert(standings_table, replaced), row)
            return before

        before = await self._database.write(exchange)
        previous = None if before is None else STANDINGS.written.validate_json(before)
        return None if previous == standings else previous

    def _upsert(self, table: DatabaseTable, replaced: Iterable[str]) -> Insert:
        """An INSERT that replaces these columns where there is such a row."""
        insert = self._database.insert(table)
        new = {name: insert.excluded[name] for name in replaced}
        return insert.on_conflict_do_update(index_elements=[column.name for column in table.primary_key], set_=new)


def hold_races(connection: Connection, which: ColumnElement[bool]) -> None:
    """Have others who write races wait until the transaction ends; call it before anything is read to be written.

    Races are always held in the order of their keys, so that no two transactions wait for each other in a circle.
    """
    connection.execute(select(races_table.c.key).where(which).order_by(races_table.c.key).with_for_update())


def _doubted(document: str, doubts: str | None) -> tuple[Race, Doubts]:
    """A race as it is stored, and what is doubted of it."""
    return RACE.written.validate_json(document), NONE if doubts is None else DOUBTS.written.validate_json(doubts)


def _race_row(race: Race, doubts: Doubts, fetched_at: dt.datetime, by: Witness, *, told: bool) -> dict[str, object]:
    document = RACE.written.dump_json(race).decode()
    return {
        "key": race.key,
        "season": race.season,
        "round": race.round,
        "starts_by": _starts_by(race),
        "cancelled": False,
        "document": document,
        "told": document if told else None,
        "doubts": None if doubts == NONE else DOUBTS.written.dump_json(doubts).decode(),
        "fetched_at": _seconds(fetched_at),
        "witness": by.value,
    }


def _calendar(season: int) -> Select[Any]:
    races = select(races_table.c.document, races_table.c.doubts).where(
        races_table.c.season == season, ~races_table.c.cancelled
    )
    return races.order_by(races_table.c.round)


def _cancelled(season: int) -> Select[Any]:
    gone = select(races_table.c.document, races_table.c.fetched_at)
    return gone.where(races_table.c.season == season, races_table.c.cancelled).order_by(races_table.c.starts_by)


def _gone(row: Row[Any]) -> Gone:
    return Gone(RACE.written.validate_json(row.document), dt.datetime.fromtimestamp(row.fetched_at, dt.UTC))


def _classification_document(race_key: str, kind: SessionKind) -> Select[str]:
    return select(classifications_table.c.document).where(
        classifications_table.c.race_key == race_key, classifications_table.c.kind == kind.value
    )


def _standings_documents(season: int, kind: Championship, after_round: int | None) -> Select[str]:
    tables = select(standings_table.c.document).where(
        standings_table.c.season == season, standings_table.c.kind == kind.value
    )
    if after_round is not None:
        tables = tables.where(standings_table.c.round == after_round)
    return tables.order_by(standings_table.c.round.desc())


def _starts_by(race: Race) -> int:
    """The race's start, or the end of its day while only that is known, in seconds since 1970."""
    midnight = dt.datetime.combine(race.race.day, dt.time(), dt.UTC)
    return _seconds(race.race.starts_at or midnight + dt.timedelta(days=1))


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())
