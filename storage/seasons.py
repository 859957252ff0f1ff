"""Seasons as they were last fetched: calendars, results and championships.

Each is a JSON document of the value in `bot.domain.season`, beside what it is found by.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Insert, Row, select, update
from sqlalchemy import Table as DatabaseTable

from bot.domain.calendar_changes import by_known_names
from bot.domain.calendar_doubts import NONE, Doubts, believed, set_right
from bot.domain.season import Classification, Race, Standings, Witness
from bot.domain.sessions import SessionKind
from storage.database.base import Database
from storage.documents import CLASSIFICATION, DOUBTS, RACE, STANDINGS
from storage.season_reader import SeasonReader
from storage.season_rows import calendar_rows, lock_races, since_1970, standings_documents, starts_by
from storage.tables import classification as classifications_table
from storage.tables import race as races_table
from storage.tables import standings as standings_table
from storage.witnesses import heard, testimonies, told_by


class Seasons(SeasonReader):
    """What is known of seasons, and how more comes to be known."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    async def store_schedule(
        self, season: int, given: Sequence[Race], fetched_at: dt.datetime, by: Witness = Witness.ARCHIVE
    ) -> bool:
        """Replace a season's calendar; whether it is another now. Races that are missing are cancelled.

        A race that is renamed from its week on keeps the name that it is told by: what is known of it is by its name.
        An empty calendar changes nothing. The first one of a season counts as told to everybody, and so does a draft:
        any that is from before its year. A start that is doubted is not stored before it was given again.
        """
        if not given:
            return False
        draft = season > fetched_at.year

        def replace(connection: Connection) -> bool:
            lock_races(connection, races_table.c.season == season)
            known = connection.scalar(select(races_table.c.key).where(races_table.c.season == season).limit(1))
            before = {
                race.key: (race, doubts)
                for race, doubts in starmap(_doubted, connection.execute(calendar_rows(season)))
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
            gone = update(races_table).where(lost).values(cancelled=True, fetched_at=since_1970(fetched_at))
            connection.execute(gone.values(told=None) if draft else gone)
            return {race for race, _ in before.values()} != {race for race, _ in races}

        return await self._database.write(replace)

    async def set_start(self, race_key: str, kind: SessionKind, start: dt.datetime, day: dt.date) -> Race | None:
        """Let a session start when an operator says, on that day at the track, until the feed says something new.

        The race as it is then; None where it is not on the calendar, or has no such session.
        """
        its = (races_table.c.key == race_key) & ~races_table.c.cancelled

        def write(connection: Connection) -> Race | None:
            lock_races(connection, its)
            row = connection.execute(select(races_table.c.document, races_table.c.doubts).where(its)).first()
            before, doubted = (None, NONE) if row is None else _doubted(row.document, row.doubts)
            if before is None or before.session(kind) is None:
                return None
            race, doubts = set_right(before, doubted, kind, start, day)
            document, written = RACE.write(race), DOUBTS.write(doubts)
            changed = update(races_table).where(its).values(document=document, doubts=written)
            connection.execute(changed.values(starts_by=starts_by(race)))
            return race

        return await self._database.write(write)

    async def store_classification(
        self, classification: Classification, fetched_at: dt.datetime
    ) -> Classification | None:
        """Replace what the archive says of a result; what was read before comes back if it is another now."""
        key, kind = classification.race.key, classification.kind
        document = CLASSIFICATION.write(classification)
        its = (classifications_table.c.race_key == key) & (classifications_table.c.kind == kind.value)

        def write(connection: Connection) -> tuple[str | None, str | None]:
            lock_races(connection, races_table.c.key == key)
            before = connection.execute(testimonies(its)).first()
            columns = heard(before, Witness.ARCHIVE, classification, document)
            self._put(connection, classification, columns, since_1970(fetched_at))
            return None if before is None else before.document, columns["document"]

        before, now = await self._database.write(write)
        if before is None or before == now:
            return None
        previous = CLASSIFICATION.read(before)
        return None if previous == CLASSIFICATION.read(now or "") else previous

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
        row: dict[str, object] = {"race_key": of.race.key, "kind": of.kind.value, "starts_by": starts_by(of.race)}
        row |= {**columns, "known_since": fetched_at, "fetched_at": fetched_at}
        connection.execute(self._upsert(classifications_table, row.keys() - {"race_key", "kind", "known_since"}), row)

    async def store_standings(self, standings: Standings, fetched_at: dt.datetime) -> Standings | None:
        """Replace a championship's table after a round; the one before comes back if it was another."""
        row = {
            "season": standings.season,
            "kind": standings.kind.value,
            "round": standings.round,
            "document": STANDINGS.write(standings),
            "witness": Witness.ARCHIVE.value,
            "fetched_at": since_1970(fetched_at),
        }
        its = standings_documents(standings.season, standings.kind, standings.round)
        replaced = row.keys() - {"season", "kind", "round"}

        def exchange(connection: Connection) -> str | None:
            lock_races(connection, races_table.c.season == standings.season)
            before = connection.scalar(its)
            connection.execute(self._upsert(standings_table, replaced), row)
            return before

        before = await self._database.write(exchange)
        previous = None if before is None else STANDINGS.read(before)
        return None if previous == standings else previous

    def _upsert(self, table: DatabaseTable, replaced: Iterable[str]) -> Insert:
        """An INSERT that replaces these columns where there is such a row."""
        insert = self._database.insert(table)
        new = {name: insert.excluded[name] for name in replaced}
        return insert.on_conflict_do_update(index_elements=[column.name for column in table.primary_key], set_=new)


def _doubted(document: str, doubts: str | None) -> tuple[Race, Doubts]:
    """A race as it is stored, and what is doubted of it."""
    return RACE.read(document), NONE if doubts is None else DOUBTS.read(doubts)


def _race_row(race: Race, doubts: Doubts, fetched_at: dt.datetime, by: Witness, *, told: bool) -> dict[str, object]:
    document = RACE.write(race)
    return {
        "key": race.key,
        "season": race.season,
        "round": race.round,
        "starts_by": starts_by(race),
        "cancelled": False,
        "document": document,
        "told": document if told else None,
        "doubts": None if doubts == NONE else DOUBTS.write(doubts),
        "fetched_at": since_1970(fetched_at),
        "witness": by.value,
    }
