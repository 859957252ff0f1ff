"""What f1db says of seasons, stored beside what the archive says: season by season, and what release that was, last.

A process that dies in between leaves seasons of two releases, and the note of the older one; so the next reading goes
through all of them again, and skips those that are as it tells them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from bot.domain.season import Classification, Race, Standings, Witness
from bot.domain.sessions import SessionKind
from bot.domain.whole_seasons import OurWords, WholeSeason, strange_circuits, strangers
from storage.database.base import Database, Reader
from storage.documents import CLASSIFICATION, RACE, STANDINGS
from storage.season_rows import lock_races
from storage.seasons import Seasons
from storage.tables import classification as classifications
from storage.tables import f1db_release, f1db_season
from storage.tables import race as races
from storage.tables import standings as standings_table
from storage.witnesses import testimonies, told_by

READING = 3
"""The number of the way in which releases are read; a release that was read in another one is read again."""


LEARNED_FROM = 4
"""Results of the season before from which a new one knows how the archive calls drivers and teams."""


class KnownRelease(NamedTuple):
    """The release that was last read whole, and when it was, and when it was last found to be the latest still."""

    size: int
    sha256: str
    etag: str
    fetched_at: dt.datetime
    checked_at: dt.datetime


Told = tuple[str, SessionKind]
"""A result, by its race's key and its session."""


@dataclass(frozen=True, slots=True)
class WrittenSeason:
    """A season as it is going to be stored: laid over the calendar, with its documents and a digest of them."""

    season: int
    calendar: tuple[Race, ...]
    classifications: tuple[tuple[Classification, str], ...]
    standings: tuple[tuple[Standings, str], ...]
    strange: tuple[str, ...]
    digest: str


def written(season: WholeSeason, calendar: Sequence[Race]) -> WrittenSeason:
    """A season in writing, laid over the stored calendar; it takes a while, and belongs into a thread."""
    laid = season.laid_over(calendar)
    results = [(each, CLASSIFICATION.write(each)) for each in laid.classifications]
    tables = [(each, STANDINGS.write(each)) for each in laid.standings]
    strange = tuple(sorted({*strange_circuits(season, calendar)}))
    digest = sha256(repr(strange).encode())
    for _value, document in (*results, *tables):
        digest.update(document.encode())
    return WrittenSeason(season.season, laid.races, tuple(results), tuple(tables), strange, digest.hexdigest())


class F1dbReader:
    """What is known of f1db's releases."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def release(self) -> KnownRelease | None:
        """The release that was last read; None before the first, and where it was read in another way."""
        known = select(f1db_release).where(f1db_release.c.reading == READING)
        row = await self._reader.read(lambda connection: connection.execute(known).first())
        if row is None:
            return None
        return KnownRelease(row.size, row.sha256, row.etag, _moment(row.fetched_at), _moment(row.checked_at))

    async def tells(self, race_key: str, kind: SessionKind) -> bool:
        """Whether f1db has told of a result."""
        its = (classifications.c.race_key == race_key) & (classifications.c.kind == kind.value)
        told = select(classifications.c.witness).where(its, classifications.c.witness != Witness.ARCHIVE.value)
        return await self._reader.read(lambda connection: connection.scalar(told)) is not None

    async def unmatched(self) -> tuple[str, ...]:
        """Who and what of f1db's the archive does not know: `driver max_verstappen`, `team …`, `circuit …`."""
        lists = await self._reader.read(lambda connection: connection.scalars(select(f1db_season.c.unmatched)).all())
        return tuple(sorted({each for listed in lists for each in json.loads(listed)}))


class F1dbSeasons(F1dbReader):
    """What f1db says, and how it comes to be stored."""

    def __init__(self, database: Database, seasons: Seasons) -> None:
        super().__init__(database)
        self._database = database
        self._seasons = seasons

    async def store(self, season: WrittenSeason, fetched_at: dt.datetime) -> tuple[Told, ...] | None:
        """Store a season; the results that are read in another way now. None where its calendar has changed meanwhile.

        Championships that the archive tells stay as they are.
        """
        seconds = int(fetched_at.timestamp())

        def write(connection: Connection) -> tuple[Told, ...] | None:
            lock_races(connection, races.c.season == season.season)
            if _calendar(connection, season.season) != season.calendar:
                return None
            digests = select(f1db_season.c.digest).where(f1db_season.c.season == season.season)
            if connection.scalar(digests) == season.digest:
                return ()
            before = _results(connection, season.calendar)
            ours = OurWords.learned(_pairs(connection, season, before))
            results = [_in_our_words(each, document, ours) for each, document in season.classifications]
            changed = self._seasons.hear(connection, results, before, seconds)
            tables = [_table_in_our_words(each, document, ours) for each, document in season.standings]
            self._put_standings(connection, tables, seconds)
            strange = {*season.strange, *_strangers(season.classifications, before)}
            row = {"season": season.season, "digest": season.digest, "unmatched": json.dumps(sorted(strange))}
            self._put(connection, f1db_season, [row])
            return changed

        return await self._database.write(write)

    async def store_release(self, size: int, sum_: str, etag: str, now: dt.datetime) -> None:
        """Take note of the release whose seasons are all stored."""
        at = int(now.timestamp())
        row = {"id": 1, "reading": READING, "size": size, "sha256": sum_, "etag": etag}
        row |= {"fetched_at": at, "checked_at": at}
        await self._database.write(lambda connection: self._put(connection, f1db_release, [row]))

    async def checked(self, now: dt.datetime) -> None:
        """Take note that the release is the latest still."""
        noted = f1db_release.update().values(checked_at=int(now.timestamp()))
        await self._database.write(lambda connection: connection.execute(noted).close())

    def _put_standings(
        self, connection: Connection, standings: Iterable[tuple[Standings, str]], fetched_at: int
    ) -> None:
        rows = [
            {"season": each.season, "kind": each.kind.value, "round": each.round, "document": document}
            | {"witness": Witness.F1DB.value, "fetched_at": fetched_at}
            for each, document in standings
        ]
        if rows:
            its = standings_table.c
            insert = self._database.insert(standings_table)
            replaced = {name: insert.excluded[name] for name in ("document", "fetched_at")}
            keys = ["season", "kind", "round"]
            own = its.witness == Witness.F1DB.value
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=replaced, where=own), rows)

    def _put(self, connection: Connection, table: Any, rows: list[dict[str, object]]) -> None:
        insert = self._database.insert(table)
        keys = [column.name for column in table.primary_key]
        replaced = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=replaced), rows)


def _calendar(connection: Connection, season: int) -> tuple[Race, ...]:
    its = select(races.c.document).where(races.c.season == season, ~races.c.cancelled).order_by(races.c.round)
    return tuple(map(RACE.read, connection.scalars(its)))


def _results(connection: Connection, calendar: Sequence[Race]) -> dict[Told, Row[Any]]:
    of_them = classifications.c.race_key.in_([race.key for race in calendar])
    rows = connection.execute(testimonies(of_them)).all()
    return {(row.race_key, SessionKind(row.kind)): row for row in rows}


def _pairs(
    connection: Connection, season: WrittenSeason, before: Mapping[Told, Row[Any]]
) -> Iterator[tuple[Classification, Classification]]:
    """What both witnesses have told of: the last races of the season before, and this season's."""
    its = (races.c.season == season.season - 1) & (classifications.c.witness == Witness.BOTH.value)
    last = select(classifications.c.first, classifications.c.second).where(
        its, races.c.key == classifications.c.race_key
    )
    latest = last.order_by(classifications.c.starts_by.desc()).limit(LEARNED_FROM)
    for row in reversed(connection.execute(latest).all()):
        yield CLASSIFICATION.read(row.first), CLASSIFICATION.read(row.second)
    for second, _document in season.classifications:
        told = before.get((second.race.key, second.kind))
        first = None if told is None else told_by(told, Witness.ARCHIVE)
        if first is not None:
            yield CLASSIFICATION.read(first), second


def _in_our_words(said: Classification, document: str, ours: OurWords) -> tuple[Classification, str]:
    changed = ours.result(said)
    return (said, document) if changed == said else (changed, CLASSIFICATION.write(changed))


def _table_in_our_words(said: Standings, document: str, ours: OurWords) -> tuple[Standings, str]:
    changed = ours.table(said)
    return (said, document) if changed == said else (changed, STANDINGS.write(changed))


def _strangers(said: Iterable[tuple[Classification, str]], before: Mapping[Told, Row[Any]]) -> Iterator[str]:
    for classification, _document in said:
        row = before.get((classification.race.key, classification.kind))
        first = None if row is None else told_by(row, Witness.ARCHIVE)
        if first is not None:
            yield from strangers(classification, CLASSIFICATION.read(first))


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
