"""Crowds that vote, and two who take their votes: the bot, and what a manual would have one write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.polling import Vote, chat, incidents, new_votes, polling
from bot.app.lifecycle import spare_the_collector
from bot.chat.dispatcher import Dispatcher
from bot.chat.requests import Request
from bot.chat.throttle import Throttle
from bot.domain.places import Platform, Post, User
from bot.domain.polls import Poll
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

Press = Callable[[], Awaitable[object]]
"""A vote ready to be cast."""

Prepare = Callable[[int], Sequence[Press]]
"""So many votes of people who have not voted yet."""


class Crowd(NamedTuple):
    """How a crowd was served: votes a second, and the slowest hundredth's latency in seconds."""

    rate: float
    p99: float


async def crowd(presses: Iterable[Press], voters: int = VOTERS) -> Crowd:
    """Cast votes by so many voters at once, each waiting for the answer before the next press.

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
    await asyncio.gather(*(voter() for _ in range(voters)))
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
async def the_bot(address: str, random: Random) -> AsyncIterator[Prepare]:
    """Votes through the dispatcher, the handler, and the ballot box."""
    polled = incidents(POLLS)
    async with polling(address, polled) as (database, polls, chats):
        box, voters = BallotBox(database, chats, HandledUpdates(database)), Voters(database, bytes(32))
        blame = Blame(Incidents(polled), polls, box, voters, chats, HiddenTallies(chats, voters), LastTold(), Events())
        dispatcher = Dispatcher(blame.commands(), Throttle())
        updates = count(random.randrange(10**8, 10**9))  # others have presses of their own

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


Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def one_commit_each(engine: AsyncEngine, row: Insert, polls: Sequence[Poll], random: Random) -> Prepare:
    """The same work as SQLAlchemy's manual would have it done: an async engine with its own pool, a transaction a vote.

    In it what the voter is to be told is read as well: the choice before, and the tally after. `row` is the dialect's
    INSERT into the votes.
    """
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

    return lambda number: [partial(press, vote) for vote in new_votes(polls, number, random)]
