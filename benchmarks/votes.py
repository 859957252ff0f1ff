"""A vote's whole way, from the press to the disk and back, against one commit a vote and against plain SQLite.

Ours keeps the id of each press as well, so that none is counted twice; what that takes is shown for comparison.

All keep the same tables and triggers in a file of their own, as durably (synchronous=FULL). The others have SQLite as
it comes, with its rollback journal; what a write-ahead log alone would give them is measured for comparison.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.figure import Figure
from benchmarks.polling import Vote, chat, incidents, new_votes, polling
from bot.app.lifecycle import spare_the_collector
from bot.chat.dispatcher import Dispatcher
from bot.chat.requests import Request
from bot.chat.throttle import Throttle
from bot.domain.places import Platform, Post, User
from bot.events import Events
from bot.search.catalogue import Incidents
from handlers.incidents.blame import Blame
from handlers.incidents.choosing import LastTold
from storage.ballot_box import BallotBox
from storage.handled_updates import HandledUpdates
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls
from storage.tables import poll_tally
from storage.tables import vote as votes_table
from storage.voters import Voters

POLLS = 20
VOTERS = 1_000
ROUNDS = 5
OURS, ONE_BY_ONE, LONE = 12_000, 1_000, 200
"""Votes that the contenders cast in a round; the figures are the median round's, as the disk has its moods."""

Press = Callable[[], Awaitable[object]]
"""A vote ready to be cast."""

Prepare = Callable[[int], Sequence[Press]]
"""So many votes of people who have not voted yet."""

UPSERT = """
    INSERT INTO vote VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (poll_id, voter) DO UPDATE SET
    choice_id = excluded.choice_id, chat_id = excluded.chat_id,
    cast_at = excluded.cast_at, after_ruling = excluded.after_ruling
"""


KEEP_PRESS = "INSERT INTO handled_update (platform, external, handled_at) VALUES ('telegram', ?, 1700000000)"


class Crowd(NamedTuple):
    """How a crowd was served: votes a second, and the slowest hundredth's latency in seconds."""

    rate: float
    p99: float


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
        the_bot(folder / "bot.db", random) as ours,
        one_commit_each(folder / "each.db", random, "DELETE") as each,
        one_commit_each(folder / "each-wal.db", random, "WAL") as each_with_wal,
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


async def crowd(presses: Iterable[Press]) -> Crowd:
    """Cast votes by a thousand voters at once, each waiting for the answer before the next press.

    The garbage collector is set up as the bot does it, and leaves the benchmark's own prepared presses alone.
    """
    spare_the_collector()
    ahead = iter(presses)
    latencies: list[float] = []

    async def voter() -> None:
        for press in ahead:
            pressed = perf_counter()
            await press()
            latencies.append(perf_counter() - pressed)

    started = perf_counter()
    await asyncio.gather(*(voter() for _ in range(VOTERS)))
    return Crowd(len(latencies) / (perf_counter() - started), quantiles(latencies, n=100)[-1])


async def alone(ours: Iterable[Press], others: Iterable[Press]) -> float:
    """Our median latency as a share of another's, one vote after the other, each contender in turn."""
    latencies: tuple[list[float], list[float]] = ([], [])
    for presses in zip(ours, others, strict=True):
        for press, taken in zip(presses, latencies, strict=True):
            pressed = perf_counter()
            await press()
            taken.append(perf_counter() - pressed)
    return median(latencies[0]) / median(latencies[1])


@asynccontextmanager
async def the_bot(file: Path, random: Random) -> AsyncIterator[Prepare]:
    """Votes through the dispatcher, the handler, and the ballot box."""
    polled = incidents(POLLS)
    async with polling(file, polled) as (database, polls, chats):
        box, voters = BallotBox(database, chats, HandledUpdates(database)), Voters(database, bytes(32))
        blame = Blame(Incidents(polled), polls, box, voters, chats, HiddenTallies(chats, voters), LastTold(), Events())
        dispatcher = Dispatcher(blame.commands(), Throttle())
        updates = count(812_000_000)

        def prepare(number: int) -> list[Press]:
            votes = new_votes(polls, number, random)
            return [partial(dispatcher.dispatch, _request(polls, vote, next(updates))) for vote in votes]

        writer = asyncio.create_task(box.run())
        yield prepare
        await box.close()
        await writer


def _request(polls: Polls, vote: Vote, update: int) -> Request:
    """The press that casts a vote."""
    poll, choice = next((poll, choice) for poll in polls if (choice := poll.offered(vote.choice_id)))
    place = chat(vote.chat_id)
    user = User(Platform.TELEGRAM, str(vote.voter))
    argument = f"{poll.incident_id} {choice.key}"
    return Request("vote", argument, user, place, pressed=Post(place, "1"), update=str(update))


@asynccontextmanager
async def one_commit_each(file: Path, random: Random, journal: str) -> AsyncIterator[Prepare]:
    """The same work as SQLAlchemy's manual would have it done: an async engine with its own pool, a transaction a vote.

    In it what the voter is to be told is read as well: the choice before, and the tally after.
    """
    async with polling(file, incidents(POLLS)) as (_, polls, _):
        polls_there = list(polls)
    # More patient than by default: a slow disk is to be measured, not to end the race.
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", pool_timeout=600, connect_args={"timeout": 60})
    event.listen(engine.sync_engine, "connect", partial(_durable, journal))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    row = insert(votes_table)
    changed = {name: row.excluded[name] for name in ("choice_id", "chat_id", "cast_at", "after_ruling")}
    upsert = row.on_conflict_do_update(index_elements=["poll_id", "voter"], set_=changed)

    same_voter = (votes_table.c.poll_id == bindparam("poll_id")) & (votes_table.c.voter == bindparam("voter"))
    before = select(votes_table.c.choice_id, votes_table.c.chat_id).where(same_voter)
    tally = select(poll_tally).where(poll_tally.c.poll_id == bindparam("poll_id"))

    async def press(vote: Vote) -> None:
        row = {**vote._asdict(), "cast_at": 1_700_000_000, "after_ruling": 1}
        async with engine.begin() as connection:
            (await connection.execute(before, row)).first()
            await connection.execute(upsert, row)
            (await connection.execute(tally, {"poll_id": vote.poll_id})).all()

    yield lambda number: [partial(press, vote) for vote in new_votes(polls_there, number, random)]
    await engine.dispose()


@asynccontextmanager
async def plain_sqlite(
    file: Path, random: Random, journal: str, *, ids: bool = False
) -> AsyncIterator[Callable[[int], float]]:
    """The standard library's sqlite3 by itself, vote by vote, a thousand in a transaction: its votes a second.

    Where `ids` says so, each press's id is kept with its vote.
    """
    async with polling(file, incidents(POLLS)) as (_, polls, _):
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
