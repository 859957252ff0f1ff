"""Votes on PostgreSQL: of one process against a commit a vote, and of several against one, on one durable server.

The server is on this machine as well, so that processes have no more cores between them than it leaves.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from time import monotonic
from typing import NamedTuple

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.figure import Figure
from benchmarks.polling import incidents, polling
from benchmarks.voting import POLLS, VOTERS, Prepare, alone, crowd, one_commit_each, the_bot
from storage.tables import vote as votes_table
from tests.support import postgresql

ROUNDS = 5
OURS, ONE_BY_ONE, LONE = 10_000, 1_000, 100
"""Votes that the contenders cast in a round."""

WARM_UP = 50_000
"""Votes that are there before, of which the server knows as much as it does within a minute anywhere."""

POOL = 20
"""Connections of whoever commits one vote at a time."""


DEAD_LOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


class Round(NamedTuple):
    """Votes a second of one, two and four processes, and of a commit a vote; a lone vote's time against that."""

    one: float
    two: float
    four: float
    each: float
    lone: float


def figures() -> list[Figure]:
    """Ratios within a round; none where there is no PostgreSQL."""
    programs = postgresql.programs()
    if programs is None:
        return []
    with postgresql.server(programs, durable=True) as address:
        rounds, dead_locks = asyncio.run(_race(address, Random(2021)))

    def each(value: Callable[[Round], float]) -> list[float]:
        return [*map(value, rounds)]

    return [
        Figure.compared("votes a second on PostgreSQL, 1,000 voters", each(lambda it: it.one), "votes/s"),
        Figure.at_least("  … against one commit each", each(lambda it: it.one / it.each), "×", 25),
        Figure.at_least("  … of two processes against one", each(lambda it: it.two / it.one), "×", 0.9),
        Figure.at_least("  … of four processes against one", each(lambda it: it.four / it.one), "×", 0.9),
        Figure.at_most("  … a lone voter's latency against one commit each", each(lambda it: it.lone), "×", 1.3),
        Figure.at_most("  … dead-locks", dead_locks, "", 0),
    ]


async def _race(server: str, random: Random) -> tuple[Sequence[Round], int]:
    """Every contender in turn, in each round; and how many dead-locks the server had to undo."""
    async with postgresql.new_database(server) as ours, postgresql.new_database(server) as others:
        async with the_bot(ours, random) as bot, _one_by_one(others, random) as each:
            await crowd(bot(WARM_UP))
            await _asked(ours, "ANALYZE")
            rounds = [
                Round(
                    (await crowd(bot(OURS))).rate,
                    await asyncio.to_thread(_together, ours, 2),
                    await asyncio.to_thread(_together, ours, 4),
                    (await crowd(each(ONE_BY_ONE))).rate,
                    await alone(bot(LONE), each(LONE)),
                )
                for _ in range(ROUNDS)
            ]
        return rounds, await _asked(ours, DEAD_LOCKS) or 0


@asynccontextmanager
async def _one_by_one(address: str, random: Random) -> AsyncIterator[Prepare]:
    """A commit a vote."""
    async with polling(address, incidents(POLLS)) as (_, polls, _):
        polls_there = list(polls)
    url = make_url(address).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, pool_size=POOL, pool_timeout=600)
    yield one_commit_each(engine, insert(votes_table), polls_there, random)
    await engine.dispose()


def _together(address: str, number: int) -> float:
    """Votes a second of so many processes, among which the votes and voters of one are divided."""
    context = get_context("forkserver")
    pipes, processes = [], []
    for seed in range(number):
        ours, theirs = context.Pipe()
        process = context.Process(target=_run, args=(address, seed, number, theirs), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()  # it is ready
    began = monotonic()
    for pipe in pipes:
        pipe.send(None)
    ended: float = max(pipe.recv() for pipe in pipes)
    for process in processes:
        process.join()
    return OURS / (ended - began)


def _run(address: str, seed: int, number: int, pipe: Connection) -> None:
    asyncio.run(_vote(address, seed, number, pipe))


async def _vote(address: str, seed: int, number: int, pipe: Connection) -> None:
    """Be one of so many processes; says when it is ready, and when its votes are cast."""
    async with the_bot(address, Random(f"{seed} {monotonic()}")) as bot:
        await crowd(bot(VOTERS // number))
        presses = bot(OURS // number)
        pipe.send(None)
        await asyncio.to_thread(pipe.recv)
        await crowd(presses, VOTERS // number)
        pipe.send(monotonic())


async def _asked(address: str, statement: str) -> int | None:
    """What a database answers to a statement."""
    connection = await asyncpg.connect(address)
    try:
        answer: int | None = await connection.fetchval(statement)
    finally:
        await connection.close()
    return answer
