"""A vote's whole way, from the press to the disk and back, against one commit a vote and against plain SQLite.

Ours keeps the id of each press as well, so that none is counted twice; what that takes is shown for comparison.

All keep the same tables and triggers in a file of their own, as durably (synchronous=FULL). The others have SQLite as
it comes, with its rollback journal; what a write-ahead log alone would give them is measured for comparison.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.figure import Figure
from benchmarks.polling import incidents, new_votes, polling
from benchmarks.voting import POLLS, Crowd, Prepare, alone, crowd, one_commit_each, the_bot
from storage.tables import vote as votes_table

ROUNDS = 5
OURS, ONE_BY_ONE, LONE = 12_000, 1_000, 200
"""Votes that the contenders cast in a round; the figures are the median round's, as the disk has its moods."""

UPSERT = """
    INSERT INTO vote VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (poll_id, voter) DO UPDATE SET
    choice_id = excluded.choice_id, chat_id = excluded.chat_id,
    cast_at = excluded.cast_at, after_ruling = excluded.after_ruling
"""


KEEP_PRESS = "INSERT INTO handled_update (platform, external, handled_at) VALUES ('telegram', ?, 1700000000)"


class Round(NamedTuple):
    """One round of all contenders; those with a write-ahead log are for comparison."""

    ours: Crowd
    each: Crowd
    raw_rate: float
    lone_ratio: float
    each_with_wal: Crowd
    raw_rate_with_wal: float
    raw_rate_with_ids: float


def figures() -> list[Figure]:
    """Throughput and latency of votes, as ratios within a round."""
    with TemporaryDirectory() as folder:
        rounds = asyncio.run(race(Path(folder), Random(2021)))

    def each(value: Callable[[Round], float]) -> list[float]:
        return [*map(value, rounds)]

    tuned_each = each(lambda it: it.ours.rate / it.each_with_wal.rate)
    tuned_raw = each(lambda it: it.ours.rate / it.raw_rate_with_wal)
    with_ids = each(lambda it: it.ours.rate / it.raw_rate_with_ids)
    return [
        Figure.compared("votes a second, 1,000 voters", each(lambda it: it.ours.rate), "votes/s"),
        Figure.at_least("votes against one commit each", each(lambda it: it.ours.rate / it.each.rate), "×", 80),
        Figure.compared("  … with a write-ahead log there too", tuned_each, "×"),
        Figure.at_least("votes against plain sqlite3", each(lambda it: it.ours.rate / it.raw_rate), "×", 0.33),
        Figure.compared("  … with a write-ahead log there too", tuned_raw, "×"),
        Figure.compared("  … that keeps the presses' ids as well", with_ids, "×"),
        Figure.at_most("p99 latency against one commit each", each(lambda it: it.ours.p99 / it.each.p99), "×", 1 / 15),
        Figure.at_most("a lone voter's latency against one commit each", each(lambda it: it.lone_ratio), "×", 1.0),
    ]


async def race(folder: Path, random: Random) -> Sequence[Round]:
    """Every contender in turn, in each round."""
    async with (
        the_bot(f"sqlite:///{folder / 'bot.db'}", random) as ours,
        one_by_one(folder / "each.db", random, "DELETE") as each,
        one_by_one(folder / "each-wal.db", random, "WAL") as each_with_wal,
        plain_sqlite(folder / "raw.db", random, "DELETE") as raw,
        plain_sqlite(folder / "raw-wal.db", random, "WAL") as raw_with_wal,
        plain_sqlite(folder / "raw-ids.db", random, "DELETE", ids=True) as raw_with_ids,
    ):
        return [
            Round(
                await crowd(ours(OURS)),
                await crowd(each(ONE_BY_ONE)),
                raw(OURS),
                await alone(ours(LONE), each(LONE)),
                await crowd(each_with_wal(ONE_BY_ONE)),
                raw_with_wal(OURS),
                raw_with_ids(OURS),
            )
            for _ in range(ROUNDS)
        ]


@asynccontextmanager
async def one_by_one(file: Path, random: Random, journal: str) -> AsyncIterator[Prepare]:
    """A commit a vote, in a file of its own."""
    async with polling(f"sqlite:///{file}", incidents(POLLS)) as (_, polls, _):
        polls_there = list(polls)
    # More patient than by default: a slow disk is to be measured, not to end the race.
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", pool_timeout=600, connect_args={"timeout": 60})
    event.listen(engine.sync_engine, "connect", partial(_durable, journal))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    yield one_commit_each(engine, insert(votes_table), polls_there, random)
    await engine.dispose()


@asynccontextmanager
async def plain_sqlite(
    file: Path, random: Random, journal: str, *, ids: bool = False
) -> AsyncIterator[Callable[[int], float]]:
    """The standard library's sqlite3 by itself, vote by vote, a thousand in a transaction: its votes a second.

    Where `ids` says so, each press's id is kept with its vote.
    """
    async with polling(f"sqlite:///{file}", incidents(POLLS)) as (_, polls, _):
        known = list(polls)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _durable(journal, connection)
        presses = map(str, count(812_000_000))

        def cast(number: int) -> float:
            rows = [(*vote, 1_700_000_000, 1) for vote in new_votes(known, number, random)]
            started = perf_counter()
            for first in range(0, number, 1_000):
                connection.execute("BEGIN IMMEDIATE")
                for row in rows[first : first + 1_000]:
                    connection.execute(UPSERT, row)
                    if ids:
                        connection.execute(KEEP_PRESS, (next(presses),))
                connection.execute("COMMIT")
            return number / (perf_counter() - started)

        yield cast


def _durable(journal: str, connection: Any, _record: object = None) -> None:
    connection.isolation_level = None
    for pragma in (f"journal_mode = {journal}", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
