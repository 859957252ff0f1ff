"""What a vote weighs in the file, and what reading a tally costs, with few votes and with a million."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figure import Figure
from benchmarks.polling import CHATS, Vote, chat, incidents, new_votes, polling
from bot.domain.ballots import Ballot, Cast
from bot.domain.polls import Poll
from storage.handled_updates import HandledUpdates
from storage.votes import Votes

POLLS = 60
FEW, MANY = 10_000, 1_000_000
BATCH = 20_000
READS = 1_000


def figures() -> list[Figure]:
    """Bytes a vote, and the cost of reading a tally, as a ratio within this run."""
    random = Random(2021)
    with TemporaryDirectory() as folder:
        few, many = Path(folder) / "few.db", Path(folder) / "many.db"
        asyncio.run(_fill(few, FEW, random))
        asyncio.run(_fill(many, 0, random))
        empty = many.stat().st_size
        asyncio.run(_fill(many, MANY, random))
        weight = (many.stat().st_size - empty) / MANY
        reading_few, reading_many = asyncio.run(_read(few, many))
    return [
        Figure.compared("reading two tallies at a million votes", reading_many * 1e6, "µs"),
        Figure.at_most("reading tallies at a million votes against ten thousand", reading_many / reading_few, "×", 1.5),
        Figure.at_most("bytes a vote at a million votes, tallies included", weight, "bytes", 48),
    ]


async def _fill(file: Path, number: int, random: Random) -> None:
    """Cast so many votes of new voters."""
    async with polling(f"sqlite:///{file}", incidents(POLLS)) as there:
        votes = Votes(there.database, HandledUpdates(there.database))
        known = {poll.id: poll for poll in there.polls}
        for first in range(0, number, BATCH):
            some = new_votes(known.values(), min(BATCH, number - first), random)
            casts = [_cast(known[vote.poll_id], vote) for vote in some]
            await there.database.write(partial(votes.count, casts=casts, chat_ids=[vote.chat_id for vote in some]))


def _cast(poll: Poll, vote: Vote) -> Cast:
    choice = poll.offered(vote.choice_id)
    assert choice is not None
    return Cast(Ballot(poll, choice, vote.voter, chat(vote.chat_id)), 1_700_000_000)


async def _read(*files: Path) -> Sequence[float]:
    """The median time of reading everyone's and a chat's tally of a poll, in seconds; each file in turn."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(polling(f"sqlite:///{file}", incidents(POLLS))) for file in files]
        times: Sequence[list[float]] = [[] for _ in files]
        for number in range(READS):
            for there, taken in zip(opened, times, strict=True):
                poll, here = list(there.polls)[number % POLLS], chat(number % CHATS + 1)
                started = perf_counter()
                await there.polls.tally(poll)
                await there.polls.tally_here(poll, here)
                taken.append(perf_counter() - started)
    return [median(taken) for taken in times]
