"""Championships beside the results that they add up."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from bot.domain.championships import Rounds
from bot.domain.season import Championship, Classification, Race, Standings, Witness
from storage.database.base import Reader
from storage.documents import CLASSIFICATION, STANDINGS
from storage.tables import classification as classifications
from storage.tables import standings


class Championships:
    """The championships of seasons beside their results."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def shown(self, result: Classification) -> str:
        """The fingerprint of a result as it is told."""
        return (await self.rounds(result.race.season, [result.race])).shown(result)

    async def last_of_each_season(self, kind: Championship) -> tuple[Standings, ...]:
        """A championship as it last stood in each season of which it is stored, the latest season first."""
        its = standings.c
        last = select(its.season, func.max(its.round)).where(its.kind == kind.value).group_by(its.season)
        ended = select(its.document).where(its.kind == kind.value, tuple_(its.season, its.round).in_(last))
        ordered = ended.order_by(its.season.desc())
        documents = await self._reader.read(lambda connection: connection.scalars(ordered).all())
        # Some eighty tables of some thirty lines: others are answered meanwhile.
        return await asyncio.to_thread(lambda: tuple(map(STANDINGS.read, documents)))

    async def rounds(self, season: int, races: Sequence[Race]) -> Rounds:
        """What is stored of these races of a season, and of the championships after and before them."""
        numbers = {number for race in races for number in (race.round, race.round - 1)}
        tables = select(standings.c.document, standings.c.witness).where(
            standings.c.season == season, standings.c.round.in_(numbers)
        )
        its = classifications.c.race_key.in_([race.key for race in races])
        results = select(classifications.c.document).where(its)

        def read(connection: Connection) -> tuple[Sequence[Row[Any, Any]], Sequence[str]]:
            return connection.execute(tables).all(), connection.scalars(results).all()

        found_tables, found_results = await self._reader.read(read)
        after = [(STANDINGS.read(row.document), Witness(row.witness)) for row in found_tables]
        brought = [CLASSIFICATION.read(document) for document in found_results]
        return Rounds(
            {(each.kind, each.round): each for each, _witness in after},
            {(each.race.key, each.kind): each for each in brought},
            {(each.kind, each.round): witness for each, witness in after},
        )
