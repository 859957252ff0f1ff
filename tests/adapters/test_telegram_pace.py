"""How fast the bot writes, and that it falls silent as long as Telegram asks."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter, TimedOut

from bot.adapters import telegram
from bot.adapters.telegram_pace import A_SECOND, Pace
from bot.adapters.telegram_requests import INLINE
from bot.chat.commands import Offer
from bot.chat.messages import Request, notice
from bot.chat.platform import SlowDownError, UnreachableError
from bot.domain.places import Post
from tests.adapters.bot_api import BotApi, inline_query, pressed
from tests.adapters.telegram_desk import AL_ALONE, PIT_WALL, RETRY_AFTER_3, STORY, Desk

GROUP = -1001
OTHER_GROUP = -1002
PUSHES = int(telegram.TelegramAdapter.deliveries_a_second or 0)


class Line:
    """Calls made at a pace, and a clock that moves only while somebody waits for a turn."""

    def __init__(self, a_second: int = A_SECOND) -> None:
        self.now = 0.0
        self.pace = Pace(lambda: self.now, self._sleep, a_second)
        self.made: list[str] = []
        self.moments: list[float] = []
        self.asleep, self.may_wake = asyncio.Event(), asyncio.Event()
        self.may_wake.set()

    async def call(
        self, method: str, *, within: float | None = None, fails: Exception | None = None, **data: Any
    ) -> None:
        async def make() -> bool:
            self.made.append(method)
            self.moments.append(self.now)
            if fails:
                raise fails
            return True

        await self.pace.process_request(make, (), {}, method, data, within)

    async def send(self, chat: int = 7) -> float:
        """Send a message, and tell how long it had to wait."""
        since = self.now
        await self.call("sendMessage", chat_id=chat)
        return self.now - since

    async def _sleep(self, seconds: float) -> None:
        self.asleep.set()
        await asyncio.sleep(0)
        await self.may_wake.wait()
        self.now += seconds


async def test_as_many_as_a_second_may_have_go_out_at_once() -> None:
    line = Line()
    waits = await asyncio.gather(*(line.send(chat) for chat in range(60)))
    assert waits == [0] * 28 + [1] * 28 + [2] * 4


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(1, 40)), max_size=6))
def test_no_second_ever_sees_more_and_nobody_waits_longer_than_needed(bursts: list[tuple[int, int]]) -> None:
    line = Line()

    async def write() -> None:
        for eighths, messages in bursts:
            line.now += eighths / 8
            waits = await asyncio.gather(*(line.send(chat) for chat in range(messages)))
            assert max(waits) <= 1 + messages // A_SECOND

    asyncio.run(write())
    later = line.moments[A_SECOND:]
    assert all(end - start >= 1 for start, end in zip(line.moments, later, strict=False))


async def test_news_for_thousands_leave_room_for_answers() -> None:
    line = Line()
    for number in range(2 * PUSHES):
        line.now = number / PUSHES
        await line.send(number)
    line.now = 2.0
    waits = await asyncio.gather(*(line.send() for _ in range(A_SECOND)))
    assert waits.count(0) >= A_SECOND - PUSHES
    assert max(waits) < 1


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


async def test_who_waits_for_a_turn_when_silence_falls_is_refused_too() -> None:
    line = Line(a_second=1)
    line.may_wake.clear()
    await line.send()
    waiting = asyncio.create_task(line.send())
    await line.asleep.wait()
    with pytest.raises(RetryAfter):
        await line.call("getChat", chat_id=GROUP, fails=RetryAfter(3))
    line.may_wake.set()
    with pytest.raises(RetryAfter):
        await waiting
    assert (line.now, line.made) == (1, ["sendMessage", "getChat"])


async def test_a_busy_group_holds_back_its_own_messages_alone() -> None:
    line = Line(a_second=100)
    for _ in range(20):
        await line.call("sendMessage", chat_id=GROUP, within=0)
    with pytest.raises(TimedOut):
        await line.call("sendMessage", chat_id=GROUP, within=0)
    await line.call("sendMessage", chat_id=OTHER_GROUP, within=0)
    await line.call("sendMessage", chat_id=7, within=0)
    assert len(line.made) == 22


async def test_a_question_is_not_counted() -> None:
    line = Line(a_second=1)
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
    api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(_seconds: float) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(telegram, "TURN", 1e-9)
    async with desk.open(sleep=wait, a_second=1) as adapter:
        await adapter.send(PIT_WALL, STORY)
        with pytest.raises(UnreachableError, match="too many messages"):
            await adapter.send(PIT_WALL, STORY)
    assert len(api.given("sendMessage")) == 1
