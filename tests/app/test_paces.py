"""Two processes with one Telegram token on one PostgreSQL database: what Telegram asks of one, both keep to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import pytest

from bot.adapters.telegram import TelegramAdapter
from bot.app.compose import open_core
from bot.app.platforms import adapters
from bot.app.roles import Role
from bot.app.settings import Settings
from bot.app.shared_core import Process
from bot.chat.platform import SlowDownError
from bot.domain.places import Chat, Platform
from bot.forms.secret import Secret
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from tests.adapters.telegram.bot_api import TOKEN, BotApi, Failure
from tests.adapters.telegram.desk import PIT_WALL, STORY

RETRY_AFTER_900 = Failure(429, "Too Many Requests: retry after 900", {"retry_after": 900})
GRANDSTAND = Chat(Platform.TELEGRAM, "-1002")
DELIVERS = frozenset({Role.DELIVER})


@asynccontextmanager
async def deliverer(settings: Settings, incidents: Incidents) -> AsyncIterator[TelegramAdapter]:
    """A process that only delivers, once it can send."""
    async with open_core(settings, incidents, process=Process(DELIVERS)) as core:
        (telegram,) = adapters(settings, core, DELIVERS)
        assert isinstance(telegram, TelegramAdapter)
        running = asyncio.create_task(telegram.run())
        while telegram.way() is None:
            await SystemClock().sleep(0)
        yield telegram
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def deliverers(
    settings: Settings, incidents: Incidents, postgresql_url: str, api: BotApi
) -> AsyncIterator[Sequence[TelegramAdapter]]:
    shared = replace(settings, database_url=postgresql_url, telegram_bot_token=Secret(TOKEN), telegram_api_url=api.url)
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(deliverer(shared, incidents)) for _ in range(2)]


@pytest.mark.postgresql
async def test_where_telegram_asks_one_to_wait_the_other_waits_too(
    deliverers: Sequence[TelegramAdapter], api: BotApi
) -> None:
    asked, other = deliverers
    api.fail("sendMessage", RETRY_AFTER_900)
    with pytest.raises(SlowDownError):
        await asked.send(PIT_WALL, STORY)
    while not other._connection.wait(None):
        await SystemClock().sleep(0.01)
    for each in deliverers:
        with pytest.raises(SlowDownError) as slow:
            await each.send(GRANDSTAND, STORY)
        assert 890 < slow.value.seconds <= 900
    assert len(api.given("sendMessage")) == 1


async def test_where_a_process_has_its_database_alone_it_keeps_its_own_pace(
    settings: Settings, incidents: Incidents
) -> None:
    async with open_core(settings, incidents) as core:
        assert core.paces.of("telegram", 28) is None
