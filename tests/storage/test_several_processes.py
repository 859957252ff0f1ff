"""Several processes that count votes on one PostgreSQL database: each waits for its turn, and none in a circle."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from random import Random

import pytest
from structlog.testing import capture_logs

from bot.domain.ballots import Ballot, Receipt
from bot.domain.places import Chat, Platform
from bot.domain.voters import Forgotten
from bot.search.catalogue import Incidents
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from tests.storage.booth import recounted, recounted_by_chat, tallied, tallied_by_chat

pytestmark = pytest.mark.postgresql

PROCESSES, ROUNDS, VOTERS, BALLOTS = 3, 12, 40, 120
CHATS = [Chat(Platform.TELEGRAM, str(-number)) for number in range(1, 9)]


class Process:
    """What one process counts votes with."""

    def __init__(self, database: Database, polls: Polls, box: BallotBox, random: Random) -> None:
        self.database = database
        self._polls = [*polls]
        self._box = box
        self._random = random

    def rush(self) -> Iterator[Awaitable[Receipt | Forgotten | None]]:
        """Ballots of people who all vote everywhere at once, or take a vote back; one wants to be forgotten."""
        for _ in range(BALLOTS):
            yield self._box.cast(self._ballot())
        yield self._box.forget(self._random.randrange(VOTERS), CHATS[0])

    def one_by_one(self, voters: Iterable[int]) -> Awaitable[list[Receipt]]:
        """One voter after the other, each once the one before is told what their vote led to."""
        poll = self._polls[0]

        async def vote() -> list[Receipt]:
            return [await self._box.cast(Ballot(poll, poll.choices[0], voter, CHATS[0])) for voter in voters]

        return vote()

    def _ballot(self) -> Ballot:
        poll = self._random.choice(self._polls)
        choice = self._random.choice([None, *poll.choices])
        return Ballot(poll, choice, self._random.randrange(VOTERS), self._random.choice(CHATS))


@asynccontextmanager
async def process(url: str, incidents: Incidents, number: int) -> AsyncIterator[Process]:
    """A process, while it runs."""
    database = open_database(url)
    handled = HandledUpdates(database)
    box = BallotBox(database, await Chats.open(database, handled), handled)
    async with asyncio.TaskGroup() as group:
        group.create_task(box.run())
        yield Process(database, await Polls.open(database, incidents), box, Random(number))
        await box.close()
    await database.close()


@pytest.fixture
async def processes(postgresql_url: str, incidents: Incidents) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as running:
        yield [
            await running.enter_async_context(process(postgresql_url, incidents, number)) for number in range(PROCESSES)
        ]


async def starts(database: Database, incidents: Incidents) -> None:
    """Another process starts, whose incidents are in another order, and looks what polls there are."""
    await Polls.open(database, [*incidents][::-1])


async def test_votes_everywhere_at_once_wait_for_each_other_in_turn(
    processes: list[Process], incidents: Incidents
) -> None:
    with capture_logs() as logs:
        for _ in range(ROUNDS):
            rushes = [each for process in processes for each in process.rush()]
            await asyncio.gather(*rushes, starts(processes[0].database, incidents))
    assert logs == [], "nothing failed, and nothing had to be done twice"
    database = processes[0].database
    assert await tallied(database) == await recounted(database)
    assert await tallied_by_chat(database) == await recounted_by_chat(database)


async def test_each_of_those_who_vote_beside_each_other_is_told_one_vote_more(processes: list[Process]) -> None:
    voters = range(1_000, 1_000 + PROCESSES * ROUNDS)
    told = await asyncio.gather(*(each.one_by_one(voters[at::PROCESSES]) for at, each in enumerate(processes)))
    votes = [[receipt.tally.votes for receipt in receipts] for receipts in told]
    assert [*map(sorted, votes)] == votes
    assert sorted(chain.from_iterable(votes)) == [*range(1, 1 + len(voters))]
