"""Two processes that write to one group keep to what Telegram lets it be sent, whoever sends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.adapters.telegram.api.errors import BusyError
from bot.adapters.telegram.api.rate_limit import A_SECOND, GROUP_BURST, TOLD_AT, RateLimiter
from bot.events import Events
from bot.pacing.clock import SystemClock
from bot.pacing.window import Allowance
from storage.allowances import Allowances
from storage.database.open import open_database
from storage.shared_pace import SharedPace

pytestmark = pytest.mark.postgresql

GROUP, OTHER_GROUP = -1001, -1002


async def sent() -> bool:
    """Telegram takes everything."""
    return True


async def send(limiter: RateLimiter, chat: int = GROUP) -> None:
    """Send a message at once. Raises BusyError."""
    await limiter.process_request(sent, (), {}, "sendMessage", {"chat_id": chat}, 2.0)


@asynccontextmanager
async def process(url: str) -> AsyncIterator[RateLimiter]:
    database, clock = open_database(url), SystemClock()
    pace = SharedPace(Allowances(database), "telegram", Allowance(A_SECOND, seconds=1), Events(), clock)
    running = asyncio.create_task(pace.run())
    yield RateLimiter(clock, pace)
    running.cancel()
    await asyncio.wait({running})
    await database.close()


@pytest.fixture
async def processes(postgresql_url: str) -> AsyncIterator[Sequence[RateLimiter]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(process(postgresql_url)) for _ in range(2)]


async def test_a_group_is_sent_no_more_than_it_may_be_by_both(processes: Sequence[RateLimiter]) -> None:
    messages = 0
    try:
        while messages < 2 * GROUP_BURST:
            for each in processes:
                await send(each)
                messages += 1
    except BusyError:
        pass
    assert GROUP_BURST <= messages <= GROUP_BURST + TOLD_AT * len(processes)
    for each in processes:
        await send(each, OTHER_GROUP)
