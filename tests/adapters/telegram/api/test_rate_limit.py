"""How fast the bot writes, and that it falls silent as long as Telegram asks."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram.api.errors import BusyError
from bot.adapters.telegram.api.http import TooManyRequestsError
from bot.adapters.telegram.api.rate_limit import A_SECOND, GROUPS, RateLimiter
from bot.adapters.telegram.inbound import INLINE
from bot.chat.commands import Offer
from bot.chat.platform import SlowDownError, UnreachableError
from bot.chat.replies import notice
from bot.chat.requests import Request
from bot.domain.places import Post
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.adapters.telegram.bot_api import BotApi, inline_query, pressed
from tests.adapters.telegram.desk import AL_ALONE, PIT_WALL, RETRY_AFTER_3, STORY, Desk
from tests.support.clock import FakeClock, HeldClock

GROUP = -1001
OTHER_GROUP = -1002
PUSHES = int(TelegramAdapter.deliveries_a_second)


class Line:
    """Calls made at a pace, and a clock that moves only while somebody waits for a turn."""

    def __init__(self, a_second: int = A_SECOND, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.pace = RateLimiter(self.clock, OwnPace(self.clock, Allowance(a_second, seconds=1)))
        self.made: list[str] = []
        self.moments: list[float] = []

    async def call(
        self, method: str, *, within: float | None = None, fails: Exception | None = None, **data: Any
    ) -> None:
        async def make() -> bool:
            self.made.append(method)
            self.moments.append(self.clock.seconds)
            if fails:
                raise fails
            return True

        await self.pace.process_request(make, (), {}, method, data, within)

    async def send(self, chat: int = 7) -> float:
        """Send a message, and tell how long it had to wait."""
        since = self.clock.seconds
        await self.call("SendMessage", chat_id=chat)
        return self.clock.seconds - since


async def test_as_many_as_a_second_may_have_go_out_at_once() -> None:
    clock = HeldClock()
    line = Line(clock=clock)
    waits = asyncio.gather(*(line.send(chat) for chat in range(60)))
    await clock.wake_in_time()
    await clock.wake_in_time()
    assert await waits == [0] * 28 + [1] * 28 + [2] * 4


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(1, 40)), max_size=6))
def test_no_second_ever_sees_more_and_nobody_waits_longer_than_needed(bursts: list[tuple[int, int]]) -> None:
    line = Line()

    async def write() -> None:
        for eighths, messages in bursts:
            line.clock.pass_by(eighths / 8)
            waits = await asyncio.gather(*(line.send(chat) for chat in range(messages)))
            assert max(waits) <= 1 + messages // A_SECOND

    asyncio.run(write())
    later = line.moments[A_SECOND:]
    assert all(end - start >= 1 for start, end in zip(line.moments, later, strict=False))


async def test_news_for_thousands_leave_room_for_answers() -> None:
    line = Line()
    for number in range(2 * PUSHES):
        line.clock.seconds = number / PUSHES
        await line.send(number)
    line.clock.seconds = 2.0
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
            desk.clock.pass_by(1)
        assert waits == [3, 3, 3, 2, 2, 2]
        assert (len(api.given("editMessageText")), api.given("sendMessage")) == (1, [])
        desk.clock.pass_by(1)
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
        raise TooManyRequestsError(seconds)

    both = [
        asyncio.create_task(line.pace.process_request(refused, (wait,), {}, "GetChat", {"chat_id": GROUP}, None))
        for wait in (30, 3)
    ]
    await asyncio.sleep(0)
    asked.set()
    await asyncio.gather(*both, return_exceptions=True)
    line.clock.seconds = 29
    with pytest.raises(SlowDownError):
        await line.call("SendMessage", chat_id=GROUP)
    line.clock.seconds = 30
    await line.call("SendMessage", chat_id=GROUP)
    assert line.made == ["SendMessage"]


async def test_who_waits_for_a_turn_when_silence_falls_is_refused_too() -> None:
    clock = HeldClock()
    line = Line(a_second=1, clock=clock)
    await line.send()
    waiting = asyncio.create_task(line.send())
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequestsError):
        await line.call("GetChat", chat_id=GROUP, fails=TooManyRequestsError(3))
    await clock.wake_in_time()
    with pytest.raises(SlowDownError):
        await waiting
    assert (clock.seconds, line.made) == (1, ["SendMessage", "GetChat"])


async def test_a_busy_group_holds_back_its_own_messages_alone() -> None:
    line = Line(a_second=100)
    for _ in range(20):
        await line.call("SendMessage", chat_id=GROUP, within=0)
    with pytest.raises(BusyError):
        await line.call("SendMessage", chat_id=GROUP, within=0)
    await line.call("SendMessage", chat_id=OTHER_GROUP, within=0)
    await line.call("SendMessage", chat_id=7, within=0)
    assert len(line.made) == 22


async def test_a_question_is_not_counted() -> None:
    line = Line(a_second=1)
    for _ in range(3):
        await line.call("GetChatMember", chat_id=GROUP, within=0)
    await line.call("SendMessage", chat_id=GROUP, within=0)
    with pytest.raises(BusyError):
        await line.call("SendMessage", chat_id=7, within=0)


async def test_who_has_a_turn_may_take_their_time() -> None:
    line, slow = Line(), asyncio.Event()

    async def make() -> bool:
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_soon, slow.set)
        await slow.wait()
        return True

    assert await line.pace.process_request(make, (), {}, "SendMessage", {"chat_id": 7}, 0)


async def test_a_busy_group_is_sent_twenty_at_once_and_then_twenty_a_minute() -> None:
    line = Line()
    waits = [await line.send(GROUP) for _ in range(25)]
    assert waits == [0] * 20 + [3] * 5
    assert await line.send(OTHER_GROUP) == 0
    line.clock.pass_by(60)
    assert [await line.send(GROUP) for _ in range(21)] == [0] * 20 + [3]


@given(st.lists(st.floats(0, 10), max_size=80))
def test_a_group_is_never_sent_more_than_its_burst_and_its_share(gaps: list[float]) -> None:
    line = Line(a_second=1_000)

    async def write() -> None:
        for gap in gaps:
            line.clock.pass_by(gap)
            await line.send(GROUP)

    asyncio.run(write())
    for first, start in enumerate(line.moments):
        for number, moment in enumerate(line.moments[first:], start=1):
            assert number <= 20 + (moment - start) / 3 + 1e-6


async def test_messages_to_a_busy_group_keep_their_order() -> None:
    clock = HeldClock()
    line = Line(clock=clock)
    for _ in range(20):
        await line.send(GROUP)
    waiting = [asyncio.create_task(line.call(f"Send{number}", chat_id=GROUP)) for number in range(4)]
    await asyncio.sleep(0)
    await clock.go_on_until(12)
    await asyncio.gather(*waiting)
    assert line.made[20:] == ["Send0", "Send1", "Send2", "Send3"]
    assert line.moments[20:] == [3, 6, 9, 12]


async def test_how_long_a_message_would_wait_is_known_before_it_is_sent() -> None:
    line = Line()
    assert line.pace.wait(GROUP) == 0
    for _ in range(20):
        await line.send(GROUP)
    assert (line.pace.wait(GROUP), line.pace.wait(OTHER_GROUP), line.pace.wait(7), line.pace.wait(None)) == (3, 0, 0, 0)
    for _ in range(8):
        await line.send()
    assert (line.pace.wait(7), line.pace.wait(None)) == (1, 1)
    with pytest.raises(TooManyRequestsError):
        await line.call("GetChat", chat_id=GROUP, fails=TooManyRequestsError(30))
    assert line.pace.wait(7) == 30


async def test_only_so_many_groups_are_remembered() -> None:
    line = Line(a_second=100_000)
    for group in range(GROUPS + 100):
        await line.send(-1 - group)
    assert len(line.pace._groups._debts) == GROUPS


async def test_a_message_of_our_own_accord_is_put_off_where_an_answer_would_wait(api: BotApi, desk: Desk) -> None:
    clock = HeldClock()
    async with desk.open(clock=clock) as adapter:
        for _ in range(20):
            await adapter.send(PIT_WALL, STORY)
        in_time = [asyncio.create_task(adapter.send(PIT_WALL, STORY)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(UnreachableError, match="too many messages"):
            await adapter.send(PIT_WALL, STORY)
        for _ in in_time:
            await clock.wake_in_time()
        await asyncio.gather(*in_time)
    assert (clock.seconds, len(api.given("sendMessage"))) == (9, 23)
