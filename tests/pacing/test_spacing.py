import asyncio

import pytest

from bot.pacing.spacing import MOST_CHATS, Spacing
from tests.support.clock import FakeClock, HeldClock
from tests.support.post_office import group


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def turns(spacing: Spacing, clock: FakeClock, number: int) -> list[float]:
    """When each of so many turns was given out."""
    given = []
    for _ in range(number):
        await spacing.wait()
        given.append(clock.seconds)
    return given


async def test_turns_are_evenly_spaced(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4)
    assert await turns(spacing, clock, 5) == [0, 0.25, 0.5, 0.75, 1]


async def test_a_while_without_turns_saves_none_up(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4)
    await spacing.wait()
    clock.seconds = 10
    assert await turns(spacing, clock, 3) == [10, 10.25, 10.5]


async def test_a_second_of_silence_may_be_saved_up_and_no_more(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4, saved_up=1)
    assert await turns(spacing, clock, 7) == [0, 0, 0, 0, 0, 0.25, 0.5]
    clock.seconds = 0.75
    assert await turns(spacing, clock, 2) == [0.75, 1]
    clock.seconds = 30
    assert await turns(spacing, clock, 6) == [30, 30, 30, 30, 30, 30.25]


async def test_of_a_pause_nothing_is_saved_up(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4, saved_up=1)
    spacing.pause(30)
    assert await turns(spacing, clock, 3) == [30, 30.25, 30.5]


async def test_a_turn_that_is_late_does_not_put_off_those_after_it(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4)
    given = []
    for _ in range(5):
        await spacing.wait()
        given.append(clock.seconds)
        clock.seconds += 0.125
    assert given == [0, 0.25, 0.5, 0.75, 1]


async def test_without_a_limit_nobody_waits(clock: FakeClock) -> None:
    spacing = Spacing(clock)
    assert await turns(spacing, clock, 100) == [0] * 100
    await spacing.wait_for_chat(group(1))
    await spacing.wait_for_chat(group(1))
    assert clock.slept == []


async def test_a_pause_holds_all_turns_up(clock: FakeClock) -> None:
    spacing = Spacing(clock, 4)
    spacing.pause(30)
    spacing.pause(10)
    assert await turns(spacing, clock, 3) == [30, 30.25, 30.5]


async def test_those_who_waited_out_a_pause_do_not_all_go_at_once() -> None:
    clock = HeldClock()
    spacing = Spacing(clock, 4)
    given: list[float] = []

    async def go() -> None:
        await spacing.wait()
        given.append(clock.seconds)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(go())
        await asyncio.sleep(0)
        spacing.pause(30)
        await clock.go_on_until(40)
    assert sorted(given) == [0, 30, 30.25, 30.5]


async def test_a_chat_has_a_turn_in_a_while_and_others_do_not_wait_for_it(clock: FakeClock) -> None:
    spacing = Spacing(clock, chat_gap=1)
    for _ in range(3):
        await spacing.wait_for_chat(group(1))
    assert clock.seconds == 2
    await spacing.wait_for_chat(group(2))
    assert clock.seconds == 2


async def test_chats_are_not_remembered_for_good(clock: FakeClock) -> None:
    spacing = Spacing(clock, chat_gap=1)
    for number in range(MOST_CHATS + 1):
        clock.seconds = float(number)
        await spacing.wait_for_chat(group(number))
    assert len(spacing._chats) == 1
    await spacing.wait_for_chat(group(MOST_CHATS))
    assert clock.seconds == MOST_CHATS + 1
