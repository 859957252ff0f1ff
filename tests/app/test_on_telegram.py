"""The whole bot on Telegram: what is delivered again after a restart, and what one person has open in a group."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.app.compose import open_core
from bot.app.platforms import adapters
from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from tests.adapters.telegram.bot_api import TOKEN, BotApi, Json, answering, pressed, pressed_inline, typed
from tests.adapters.telegram.bot_api_ephemeral import Knows
from tests.support.bare_settings import settings_in


@asynccontextmanager
async def on_telegram(settings: Settings, incidents: Incidents, api: BotApi) -> AsyncIterator[None]:
    """The bot, from the moment on that it asks for updates."""
    settings = settings_in(settings.data_dir, telegram_bot_token=TOKEN, telegram_api_url=api.url)
    polls = len(api.polls)
    async with open_core(settings, incidents) as core:
        (telegram,) = adapters(settings, core)
        core.join(telegram)
        running = asyncio.create_task(telegram.run())
        await api.polled(polls + 1)
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def delivered(settings: Settings, incidents: Incidents, api: BotApi, *updates: Json) -> None:
    """A process starts, takes updates, and is gone before Telegram knows that it did."""
    api.fail("getUpdates", answering(*({"update_id": 812 + number, **each} for number, each in enumerate(updates))))
    polls = len(api.polls)
    async with on_telegram(settings, incidents, api):
        await api.polled(polls + 2)


@pytest.mark.parametrize(
    "update",
    [
        pressed("crash imola-2021"),
        pressed("blame imola-2021"),
        pressed_inline("quote imola-2021"),
        typed("/crash imola"),
        typed("/quote imola"),
        typed("/settings"),
        typed("/mydata"),
    ],
    ids=["a story", "a poll", "below an inline message", "typed", "a quotation", "settings", "in private"],
)
async def test_a_message_is_sent_once(settings: Settings, incidents: Incidents, update: Json) -> None:
    async with BotApi() as api:
        for _process in range(3):
            await delivered(settings, incidents, api, update)
        assert len(api.given("sendMessage")) == 1


async def test_a_vote_counts_once_and_each_time_its_voter_is_told(settings: Settings, incidents: Incidents) -> None:
    async with BotApi() as api:
        for _process in range(2):
            await delivered(settings, incidents, api, pressed("vote imola-2021 all-russell"))
        first, second = api.given("answerCallbackQuery")
        assert first["text"].startswith("All Russell")
        assert second["text"].startswith("All Russell")
        assert api.given("sendMessage") == []


async def test_a_poll_that_somebody_opened_for_themselves_moves_with_others_votes(
    settings: Settings, incidents: Incidents
) -> None:
    async with BotApi() as api:
        api.ephemeral.knows = Knows.ALL
        async with on_telegram(settings, incidents, api):
            await api.deliver(pressed("blame imola-2021"))
            await api.called("sendMessage")
            elsewhere = {"id": -1002, "type": "supergroup", "title": "Paddock"}
            await api.deliver(pressed("vote imola-2021 all-russell", elsewhere, query="q2"))
            await api.called("editEphemeralMessageText")
    ((chat, reader, _number),) = [where for where, text in api.ephemeral.seen.items() if "Who was to blame" in text]
    assert (chat, reader) == (-1001, 7)
    assert "all Russell 1" in api.ephemeral.seen[chat, reader, 1]
