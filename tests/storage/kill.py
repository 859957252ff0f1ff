"""A process that casts votes until it is killed, and the recount after it.

It sends the number of each acknowledged vote; a vote's number says whose it is and what for, so that whoever gets the
numbers knows what must be in the file.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from sqlite3 import connect
from typing import NamedTuple

from bot.domain.ballots import Ballot
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from tests.storage.booth import PIT_WALL, recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.support.forked import forkserver
from tests.support.incidents import catalogue

VOTERS = 40
"""Who vote at once."""


class Recount(NamedTuple):
    """What is left after a kill: how many votes were acknowledged, which of them are missing, what else is wrong."""

    acknowledged: int
    missing: Sequence[int]
    mistakes: Sequence[str]


def ballot(polls: Polls, number: int) -> Ballot:
    """The ballot of that number: everybody votes once, in an update of that number."""
    known = list(polls)
    poll = known[number % len(known)]
    return Ballot(poll, poll.choices[number % len(poll.choices)], number, PIT_WALL, str(number))


def second_thoughts(polls: Polls, number: int) -> Ballot:
    """What the voter of that number presses later: every other one another choice, the others to take theirs back."""
    first = ballot(polls, number)
    choices = first.poll.choices
    later = choices[(number + 1) % len(choices)] if number % 2 else None
    return first._replace(choice=later, update=f"{number} later")


async def vote(file: Path, first: int, acknowledge: Callable[[int], object]) -> None:
    """Cast votes from a number on, for ever."""
    database = open_database(f"sqlite:///{file}")
    polls = await Polls.open(database, catalogue())
    handled = HandledUpdates(database)
    box = BallotBox(database, await Chats.open(database, handled), handled)
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
    context = forkserver()
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


async def deliver_again(file: Path, acknowledged: Collection[int]) -> Sequence[int]:
    """Open the file, and deliver the presses again whose votes were acknowledged; which of them changed anything.

    Before, a third of the voters think better of it, as some do in the time that a platform takes.
    """
    database = open_database(f"sqlite:///{file}")
    polls = await Polls.open(database, catalogue())
    handled = HandledUpdates(database)
    box = BallotBox(database, await Chats.open(database, handled), handled)
    counting = asyncio.create_task(box.run())
    thirds = [number for number in acknowledged if number % 3 == 0]
    later = await asyncio.gather(*(box.cast(second_thoughts(polls, number)) for number in thirds))
    assert all(receipt.changed for receipt in later), "each of them had a vote"
    again = await asyncio.gather(*(box.cast(ballot(polls, number)) for number in acknowledged))
    await box.close()
    await counting
    await database.close()
    return [number for number, receipt in zip(acknowledged, again, strict=True) if receipt.changed]


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
    missing = [number for number, each in cast.items() if _row(each) not in kept]
    checks = {"the file is damaged": sound == "ok", "a poll's tally is off": by_poll, "a chat's tally is off": by_chat}
    return Recount(len(cast), missing, [mistake for mistake, fine in checks.items() if not fine])


def _row(ballot: Ballot) -> tuple[int, int | None, int]:
    """Poll, choice and voter, as the file has them."""
    return ballot.poll.id, None if ballot.choice is None else ballot.choice.id, ballot.voter
