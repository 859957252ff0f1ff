"""A process that casts votes until it is killed, and the recount after it.

It sends the number of each acknowledged vote; a vote's number says whose it is and what for, so that whoever gets the
numbers knows what must be in the file.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from sqlite3 import connect
from typing import NamedTuple

from storage.ballot_box import Ballot, BallotBox
from storage.chats import Chats
from storage.database.open import open_database
from storage.polls import Polls
from tests.storage.booth import PIT_WALL, recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.support.incidents import catalogue

VOTERS = 40
"""Who vote at once."""


class Recount(NamedTuple):
    """What is left after a kill: how many votes were acknowledged, which of them are missing, what else is wrong."""

    acknowledged: int
    missing: Sequence[int]
    mistakes: Sequence[str]


def ballot(polls: Polls, number: int) -> Ballot:
    """The ballot of that number: everybody votes once."""
    known = list(polls)
    poll = known[number % len(known)]
    return Ballot(poll, poll.choices[number % len(poll.choices)], number, PIT_WALL)


async def vote(file: Path, first: int, acknowledge: Callable[[int], object]) -> None:
    """Cast votes from a number on, for ever."""
    database = open_database(f"sqlite:///{file}")
    polls = await Polls.open(database, catalogue())
    box = BallotBox(database, await Chats.open(database))
    numbers = count(first)

    async def voter() -> None:
        for number in numbers:
            await box.cast(ballot(polls, number))
            acknowledge(number)

    await asyncio.gather(box.run(), *(voter() for _ in range(VOTERS)))


def vote_until_killed(file: Path, first: int, acknowledge: Callable[[int], object]) -> None:
    """What the process does."""
    asyncio.run(vote(file, first, acknowledge))


def kill_amid_votes(file: Path, first: int, after: int) -> list[int]:
    """Start a voting process, kill it after so many votes were acknowledged; the numbers of all that were."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=vote_until_killed, args=(file, first, sender.send), daemon=True)
    process.start()
    sender.close()
    acknowledged = [receiver.recv() for _ in range(after)]
    process.kill()
    try:
        while True:
            acknowledged.append(receiver.recv())
    except EOFError:
        process.join()
        process.close()
        receiver.close()
    return acknowledged


async def recount(file: Path, acknowledged: Iterable[int]) -> Recount:
    """Open the file again, and hold it against the votes that were acknowledged."""
    database = open_database(f"sqlite:///{file}")
    polls = await Polls.open(database, catalogue())
    by_poll = await tallied(database) == await recounted(database)
    by_chat = await tallied_by_chat(database) == await recounted_by_chat(database)
    await database.close()
    with closing(connect(file)) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        kept = set(connection.execute("SELECT poll_id, choice_id, voter FROM vote"))
    cast = {number: ballot(polls, number) for number in acknowledged}
    missing = [number for number, (poll, choice, voter, _) in cast.items() if (poll.id, choice.id, voter) not in kept]
    checks = {"the file is damaged": sound == "ok", "a poll's tally is off": by_poll, "a chat's tally is off": by_chat}
    return Recount(len(cast), missing, [mistake for mistake, fine in checks.items() if not fine])
