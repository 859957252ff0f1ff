"""Telegram calls us: each update is taken once, whoever else calls is turned away, and it is watched."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.telegram.addresses import Addresses, Hook
from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.rate_limit import A_SECOND, RateLimiter
from bot.adapters.telegram.updates import Message, Update
from bot.adapters.telegram.webhook import MOST_BYTES, SECRET, WATCHED_EVERY, Webhook
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.adapters.telegram.bot_api import CUT, TOKEN, BotApi, Json, typed
from tests.adapters.telegram.desk import STORY, Desk, complaints
from tests.support.clock import HeldClock

URL = "https://bot.example.org/hooks/telegram"


@dataclass
class Hooked:
    """A webhook that listens, and whoever knows its secret."""

    api: BotApi
    clock: HeldClock
    caller: httpx.AsyncClient
    secret: str
    taken: list[Update]
    numbers: Iterator[int] = field(default_factory=lambda: count(10_000))

    async def call(self, update: object, **more: Any) -> int:
        """Bring an update as Telegram does; the status that is answered."""
        headers = {SECRET: self.secret} | more.pop("headers", {})
        body = more.pop("content", None) or json.dumps(update).encode()
        return (await self.caller.post("/hooks/telegram", content=body, headers=headers, **more)).status_code


@asynccontextmanager
async def hooked(api: BotApi) -> AsyncIterator[Hooked]:
    """A webhook that listens at a free port, while this lasts."""
    clock = HeldClock()
    webhook = Webhook(Hook(URL, "127.0.0.1", 0), TOKEN, clock)
    taken: list[Update] = []

    async def hand_on(update: Update) -> None:
        taken.append(update)

    async with Api(TOKEN, api.url, RateLimiter(clock, OwnPace(clock, Allowance(A_SECOND, seconds=1)))) as line:
        running = asyncio.create_task(webhook.run(line, hand_on))
        (hook,) = await api.called("setWebhook")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{webhook.port}") as caller:
            yield Hooked(api, clock, caller, hook["secret_token"], taken)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def hook(api: BotApi) -> AsyncIterator[Hooked]:
    async with hooked(api) as hook:
        yield hook


def update(number: int, text: str = "/crash imola") -> Json:
    return {"update_id": number, **typed(text)}


async def test_telegram_is_told_where_to_call_and_for_what(hook: Hooked) -> None:
    assert hook.api.hook
    assert hook.api.hook["url"] == URL
    assert "callback_query" in hook.api.hook["allowed_updates"]
    assert TOKEN.partition(":")[2] not in hook.secret


async def test_an_update_is_in_hand_once_it_is_answered(hook: Hooked) -> None:
    assert await hook.call(update(7)) == 200
    (taken,) = hook.taken
    assert taken.id == 7
    assert isinstance(taken.content, Message)


async def test_an_update_that_comes_again_is_taken_once(hook: Hooked) -> None:
    assert [await hook.call(update(7)) for _ in range(3)] == [200] * 3
    assert await asyncio.gather(*(hook.call(update(8)) for _ in range(5))) == [200] * 5
    assert [taken.id for taken in hook.taken] == [7, 8]


@pytest.mark.parametrize("secret", ["", "guessed", "x" * 5_000])
async def test_who_does_not_know_the_secret_is_turned_away(hook: Hooked, secret: str) -> None:
    assert await hook.call(update(7), headers={SECRET: secret}) == 403
    assert not hook.taken


async def test_a_secret_in_letters_that_no_secret_has_is_none(hook: Hooked) -> None:
    answer = await hook.caller.post("/hooks/telegram", content=b"{}", headers=[(SECRET.encode(), b"\xff\xfe")])
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_only_what_is_posted_is_read(hook: Hooked, method: str) -> None:
    assert (await hook.caller.request(method, "/hooks/telegram", headers={SECRET: hook.secret})).status_code == 405


async def test_there_is_nothing_else_at_that_address(hook: Hooked) -> None:
    for path in ("/", "/hooks", "/hooks/telegram/../../etc", "/hooks/telegrams"):
        assert (await hook.caller.post(path, json=update(7), headers={SECRET: hook.secret})).status_code == 404
    assert not hook.taken


async def test_what_is_too_long_is_not_read_to_its_end(hook: Hooked) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 + MOST_BYTES // 65_536):
            yield b" " * 65_536

    assert await hook.call(None, content=endless()) == 413


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"NaN,"])
async def test_what_is_no_json_is_refused(hook: Hooked, body: bytes) -> None:
    answer = await hook.caller.post("/hooks/telegram", content=body, headers={SECRET: hook.secret})
    assert answer.status_code == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ODD = JSON | st.fixed_dictionaries(
    {"update_id": JSON}, optional={"message": JSON, "callback_query": JSON, "inline_query": JSON}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD)
async def test_one_odd_update_costs_itself_alone(hook: Hooked, odd: object) -> None:
    before = len(hook.taken)
    assert await hook.call(odd) == 200  # so that it is not brought again
    assert len(hook.taken) == before
    assert await hook.call(update(next(hook.numbers))) == 200
    assert len(hook.taken) == before + 1


async def test_a_hook_that_another_process_took_away_is_set_again(hook: Hooked) -> None:
    hook.api.hook = None
    with capture_logs() as logs:
        await hook.clock.wake_in_time(WATCHED_EVERY)
        await hook.api.called("setWebhook", 2)
    assert complaints(logs) == ["telegram.webhook_lost"]


async def test_that_telegram_cannot_reach_us_is_told_once(hook: Hooked) -> None:
    with capture_logs() as logs:
        for minute in range(1, 4):
            trouble = {"last_error_date": 60 * minute, "last_error_message": "Connection refused"}
            hook.api.hook_trouble = {**trouble, "pending_update_count": minute}
            await hook.clock.wake_in_time(WATCHED_EVERY)
            await hook.api.called("getWebhookInfo", minute)
        await hook.clock.asleep()
    assert complaints(logs) == ["telegram.webhook_failing"]
    assert logs[0]["reason"] == "Connection refused"


async def test_a_watch_that_fails_is_kept_up(hook: Hooked) -> None:
    hook.api.fail("getWebhookInfo", CUT, CUT)
    with capture_logs() as logs:
        for times in range(1, 4):
            await hook.clock.wake_in_time(WATCHED_EVERY)
            await hook.api.called("getWebhookInfo", times)
        await hook.clock.asleep()
    assert complaints(logs) == ["telegram.webhook_unwatched"]


async def test_who_asks_for_updates_ends_a_hook_that_was_left(api: BotApi, desk: Desk) -> None:
    api.hook = {"url": URL}
    with capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.push(typed("/crash imola"))
            await api.called("sendMessage")
    assert complaints(logs) == ["telegram.webhook_removed"]


async def test_the_bot_answers_what_it_is_called_for(api: BotApi, desk: Desk, free_port: int) -> None:
    adapter = desk.adapter(desk.command("crash"), addresses=Addresses(api.url, Hook(URL, "127.0.0.1", free_port)))
    running = asyncio.create_task(adapter.run())
    (hook,) = await api.called("setWebhook")
    async with httpx.AsyncClient() as caller:
        address = f"http://127.0.0.1:{free_port}/hooks/telegram"
        answer = await caller.post(address, json=update(7), headers={SECRET: hook["secret_token"]})
    assert answer.status_code == 200
    (sent,) = await api.called("sendMessage")
    assert STORY.card.title.split()[0] in sent["text"]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert not api.polls
