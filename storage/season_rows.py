"""How the rows of a season's races, results and championships are found and locked, whoever reads or writes them."""

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from bot.domain.season import Championship, Race
from bot.domain.sessions import SessionKind
from storage.tables import classification as classifications_table
from storage.tables import race as races_table
from storage.tables import standings as standings_table

SEASONS, RESULTS = 16, 64
"""Of how many of them the statements are kept that are asked for most: putting one together takes as long as running it
thrice."""


def lock_races(connection: Connection, which: ColumnElement[bool]) -> None:
    """Have others who write races wait until the transaction ends; call it before anything is read to be written.

    Races are always locked in the order of their keys, so that no two transactions wait for each other in a circle.
    """
    connection.execute(select(races_table.c.key).where(which).order_by(races_table.c.key).with_for_update())


@lru_cache(SEASONS)
def calendar_rows(season: int) -> Select[Any]:
    """The documents of a season's races that were not cancelled, and of what is doubted of each, by round."""
    races = select(races_table.c.document, races_table.c.doubts).where(
        races_table.c.season == season, ~races_table.c.cancelled
    )
    return races.order_by(races_table.c.round)


@lru_cache(RESULTS)
def classification_document(race_key: str, kind: SessionKind) -> Select[str]:
    """The document of the result of a race, a sprint or qualifying, by the race's key."""
    return select(classifications_table.c.document).where(
        classifications_table.c.race_key == race_key, classifications_table.c.kind == kind.value
    )


def standings_documents(season: int, kind: Championship, after_round: int | None) -> Select[str]:
    """The document of a championship after a round, or those after all of a season's rounds, the latest first."""
    tables = select(standings_table.c.document).where(
        standings_table.c.season == season, standings_table.c.kind == kind.value
    )
    if after_round is not None:
        tables = tables.where(standings_table.c.round == after_round)
    return tables.order_by(standings_table.c.round.desc())


def starts_by(race: Race) -> int:
    """The race's start, or the end of its day while only that is known, in seconds since 1970."""
    midnight = dt.datetime.combine(race.race.day, dt.time(), dt.UTC)
    return since_1970(race.race.starts_at or midnight + dt.timedelta(days=1))


def since_1970(moment: dt.datetime) -> int:
    """An aware moment as the tables have it: whole seconds since 1970."""
    return int(moment.timestamp())
