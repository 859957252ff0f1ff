"""Two processes that keep one pace, on one PostgreSQL database."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from time import monotonic

import pytest
from structlog.testing import capture_logs

from bot.events import AllowanceClosed, Events
from bot.pacing.clock import SystemClock
from bot.pacing.window import Allowance
from storage.allowances import Allowances
from storage.database.base import Database
from storage.database.open import open_database
from storage.shared_pace import BLOCK, SharedPace
from tests.support.overheard import overheard

pytestmark = pytest.mark.postgresql

TELEGRAMS = Allowance(calls=28, seconds=1)


class Process:
    """A process that keeps the pace, by the machine's own clock: the database's runs as well."""

    def __init__(self, database: Database) -> None:
        self.events, self.clock = Events(), SystemClock()
        self.pace = SharedPace(Allowances(database), "telegram", TELEGRAMS, self.events, self.clock)
        self.made: list[float] = []

    async def call(self) -> None:
        """Make a call in its turn."""
        await self.pace.turn()
        self.made.append(monotonic())

    async def silent(self) -> None:
        """Wait until it knows that the platform wants nothing."""
        while not self.pace.silence():
            await self.clock.sleep(0)


@contextmanager
def counting_commits() -> Iterator[list[object]]:
    """An entry for each transaction that is committed while this lasts."""
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    with overheard("commit", note):
        yield commits


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    database = open_database(url)
    process = Process(database)
    running = asyncio.create_task(process.pace.run())
    yield process
    running.cancel()
    await asyncio.wait({running})
    await database.close()


@pytest.fixture
async def processes(postgresql_url: str) -> AsyncIterator[Sequence[Process]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(process(postgresql_url)) for _ in range(2)]


async def test_both_have_turns_in_blocks_and_none_is_early(processes: Sequence[Process]) -> None:
    began = monotonic()
    with counting_commits() as transactions:
        await asyncio.gather(*(each.call() for each in processes for _ in range(35)))
    assert monotonic() - began >= 2, "70 calls at 28 a second"
    for each in processes:
        assert len(each.made) == 35
        assert each.made[-1] - began > 1, "neither had all of its turns before the other"
    assert len(transactions) <= 70 // BLOCK + 2 * len(processes)


async def test_calls_that_come_one_after_the_other_share_transactions_too(processes: Sequence[Process]) -> None:
    with counting_commits() as transactions:
        for _ in range(28):
            await processes[0].call()
    assert len(transactions) < 28 / 3


async def test_a_lone_call_takes_one_turn_and_leaves_the_others(processes: Sequence[Process]) -> None:
    lone, other = processes
    await lone.call()
    grant = await other.pace._allowances.take("telegram", TELEGRAMS, 27)
    assert set(grant.turns) == {grant.now}


async def test_a_silence_that_one_is_asked_for_is_heard_by_the_other(processes: Sequence[Process]) -> None:
    asked, other = processes
    told = asked.events.subscribe(AllowanceClosed)
    asked.pace.fall_silent(900)
    assert 890 < asked.pace.silence() <= 900
    assert await told.take() == [AllowanceClosed("telegram")]
    assert other.pace.silence() == 0
    other.events.publish(AllowanceClosed("telegram"))  # as the relay does
    await other.silent()
    assert 890 < other.pace.silence() <= 900


async def test_who_did_not_hear_of_a_silence_learns_of_it_with_the_next_turn(processes: Sequence[Process]) -> None:
    asked, other = processes
    told = asked.events.subscribe(AllowanceClosed)
    asked.pace.fall_silent(900)
    await told.take()
    await other.call()
    assert 890 < other.pace.silence() <= 900


async def test_whoever_listened_in_vain_asks_what_it_missed(processes: Sequence[Process]) -> None:
    asked, other = processes
    told = asked.events.subscribe(AllowanceClosed)
    asked.pace.fall_silent(900)
    await told.take()
    other.events.miss(AllowanceClosed)
    await other.silent()


async def test_without_a_database_each_keeps_the_pace_by_itself_and_says_so_once(
    processes: Sequence[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError("the server is gone")

    monkeypatch.setattr(Allowances, "take", away)
    with capture_logs() as logs:
        await asyncio.gather(*(processes[0].call() for _ in range(28)))
    assert [line["event"] for line in logs] == ["pace.not_shared"]
    assert processes[0].pace._own.wait() > 0


async def test_who_gave_up_waiting_costs_nobody_else_a_turn(processes: Sequence[Process]) -> None:
    waiting = [asyncio.create_task(processes[0].call()) for _ in range(20)]
    waiting[3].cancel()
    await asyncio.wait(waiting)
    assert len(processes[0].made) == 19
