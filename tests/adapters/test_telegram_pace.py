"""How fast the bot writes, and that it falls silent as long as Telegram asks."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram.error import RetryAfter, TimedOut

from bot.adapters import telegram, telegram_pace
from bot.adapters.telegram_pace import Pace
from bot.adapters.telegram_requests import INLINE
from bot.dispatch import Offer
from bot.messages import Post, Request, notice
from bot.platform import SlowDownError, UnreachableError
from tests.adapters.bot_api import BotApi, inline_query, pressed
from tests.adapters.telegram_desk import AL_ALONE, PIT_WALL, RETRY_AFTER_3, STORY, Desk

GROUP = -1001
OTHER_GROUP = -1002


class Line:
    """Calls made at a pace, and a clock that stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pace = Pace(lambda: self.now)
        self.made: list[str] = []

    async def call(
        self, method: str, *, within: float | None = None, fails: Exception | None = None, **data: Any
    ) -> None:
        async def make() -> bool:
            self.made.append(method)
            if fails:
                raise fails
            return True

        await self.pace.process_request(make, (), {}, method, data, within)


class Gate:
    """A limiter that lets nobody through until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def process_request(self, call: Callable[[], Coroutine[Any, Any, Any]], *_: object) -> Any:
        self.reached.set()
        await self.opened.wait()
        return await call()


@pytest.fixture
def in_a_row(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let so many messages go out back to back, and then none for a quarter of an hour."""

    def allow(number: int) -> None:
        monkeypatch.setattr(telegram_pace, "AT_ONCE", number)
        monkeypatch.setattr(telegram_pace, "A_SECOND", 0.001)

    return allow


async def test_once_telegram_asks_to_wait_nothing_is_sent_until_then(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", RETRY_AFTER_3)
    async with desk.open() as adapter:
        waits = []
        for _ in range(2):
            for call in (
                adapter.edit(Post(PIT_WALL, "5"), STORY),
                adapter.edit(Post(INLINE, "in7"), STORY),
                adapter.send(AL_ALONE, STORY),
            ):
                with pytest.raises(SlowDownError) as caught:
                    await call
                waits.append(caught.value.seconds)
            desk.now += 1
        assert waits == [3, 3, 3, 2, 2, 2]
        assert (len(api.given("editMessageText")), api.given("sendMessage")) == (1, [])
        desk.now += 1
        await adapter.send(AL_ALONE, STORY)


async def test_what_people_wait_for_is_answered_meanwhile(api: BotApi, desk: Desk) -> None:
    async def offer(_typed: str, _request: Request) -> list[Offer]:
        return []

    api.fail("sendMessage", RETRY_AFTER_3)
    async with desk.open(desk.command("vote", notice("Counted.")), offer=offer) as adapter:
        with pytest.raises(SlowDownError):
            await adapter.send(PIT_WALL, STORY)
        await api.deliver(pressed("vote imola-2021 all-russell"), inline_query("imola"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == ["Counted."]
    assert len(api.given("answerInlineQuery")) == 1


async def test_the_longest_wait_that_was_asked_for_counts() -> None:
    line, asked = Line(), asyncio.Event()

    async def refused(seconds: int) -> bool:
        await asked.wait()
        raise RetryAfter(seconds)

    both = [
        asyncio.create_task(line.pace.process_request(refused, (wait,), {}, "getChat", {"chat_id": GROUP}, None))
        for wait in (30, 3)
    ]
    await asyncio.sleep(0)
    asked.set()
    await asyncio.gather(*both, return_exceptions=True)
    line.now = 29
    with pytest.raises(RetryAfter):
        await line.call("sendMessage", chat_id=GROUP)
    line.now = 30
    await line.call("sendMessage", chat_id=GROUP)
    assert line.made == ["sendMessage"]


async def test_who_waits_for_a_turn_when_silence_falls_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    line, gate = Line(), Gate()
    monkeypatch.setattr(line.pace, "_limiter", gate)
    waiting = asyncio.create_task(line.call("sendMessage", chat_id=7))
    await gate.reached.wait()
    with pytest.raises(RetryAfter):
        await line.call("getChat", chat_id=GROUP, fails=RetryAfter(3))
    gate.opened.set()
    with pytest.raises(RetryAfter):
        await waiting
    assert line.made == ["getChat"]


async def test_a_busy_group_holds_back_its_own_messages_alone(in_a_row: Callable[[int], None]) -> None:
    in_a_row(100)
    line = Line()
    for _ in range(20):
        await line.call("sendMessage", chat_id=GROUP, within=0)
    with pytest.raises(TimedOut):
        await line.call("sendMessage", chat_id=GROUP, within=0)
    await line.call("sendMessage", chat_id=OTHER_GROUP, within=0)
    await line.call("sendMessage", chat_id=7, within=0)
    assert len(line.made) == 22


async def test_a_question_is_not_counted(in_a_row: Callable[[int], None]) -> None:
    in_a_row(1)
    line = Line()
    for _ in range(3):
        await line.call("getChatMember", chat_id=GROUP, within=0)
    await line.call("sendMessage", chat_id=GROUP, within=0)
    with pytest.raises(TimedOut):
        await line.call("sendMessage", chat_id=7, within=0)


async def test_who_has_a_turn_may_take_their_time() -> None:
    line, slow = Line(), asyncio.Event()

    async def make() -> bool:
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_soon, slow.set)
        await slow.wait()
        return True

    assert await line.pace.process_request(make, (), {}, "sendMessage", {"chat_id": 7}, 0)


async def test_a_message_of_our_own_accord_is_put_off_where_an_answer_would_wait(
    api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch, in_a_row: Callable[[int], None]
) -> None:
    in_a_row(1)
    monkeypatch.setattr(telegram, "TURN", 1e-9)
    async with desk.open() as adapter:
        await adapter.send(PIT_WALL, STORY)
        with pytest.raises(UnreachableError, match="too many messages"):
            await adapter.send(PIT_WALL, STORY)
    assert len(api.given("sendMessage")) == 1
