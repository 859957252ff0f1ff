import asyncio

import pytest

from bot.pacing.spacing import REMEMBERED, Spacing
from tests.support.instant_clock import Clock
from tests.support.post_office import group


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def turns(spacing: Spacing, clock: Clock, number: int) -> list[float]:
    """When each of so many turns was given out."""
    given = []
    for _ in range(number):
        await spacing.wait()
        given.append(clock.now)
    return given


async def test_turns_are_evenly_spaced(clock: Clock) -> None:
    spacing = Spacing(4, clock=clock, sleep=clock.sleep)
    assert await turns(spacing, clock, 5) == [0, 0.25, 0.5, 0.75, 1]


async def test_a_while_without_turns_saves_none_up(clock: Clock) -> None:
    spacing = Spacing(4, clock=clock, sleep=clock.sleep)
    await spacing.wait()
    clock.now = 10
    assert await turns(spacing, clock, 3) == [10, 10.25, 10.5]


async def test_a_turn_that_is_late_does_not_put_off_those_after_it(clock: Clock) -> None:
    spacing = Spacing(4, clock=clock, sleep=clock.sleep)
    given = []
    for _ in range(5):
        await spacing.wait()
        given.append(clock.now)
        clock.now += 0.125
    assert given == [0, 0.25, 0.5, 0.75, 1]


async def test_without_a_limit_nobody_waits(clock: Clock) -> None:
    spacing = Spacing(clock=clock, sleep=clock.sleep)
    assert await turns(spacing, clock, 100) == [0] * 100
    await spacing.wait_for_chat(group(1))
    await spacing.wait_for_chat(group(1))
    assert clock.slept == []


async def test_a_pause_holds_all_turns_up(clock: Clock) -> None:
    spacing = Spacing(4, clock=clock, sleep=clock.sleep)
    spacing.pause(30)
    spacing.pause(10)
    assert await turns(spacing, clock, 3) == [30, 30.25, 30.5]


class Crowd(Clock):
    """A clock for many who sleep at once; time passes when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.now + seconds, woken))
        await woken.wait()

    async def until(self, moment: float) -> None:
        """Let time pass, waking each in turn."""
        while waiting := [each for each in self._sleepers if each[0] <= moment and not each[1].is_set()]:
            due, woken = min(waiting, key=lambda each: each[0])
            self.now = max(self.now, due)
            woken.set()
            for _ in range(3):
                await asyncio.sleep(0)
        self.now = moment


async def test_those_who_waited_out_a_pause_do_not_all_go_at_once() -> None:
    clock = Crowd()
    spacing = Spacing(4, clock=clock, sleep=clock.sleep)
    given: list[float] = []

    async def go() -> None:
        await spacing.wait()
        given.append(clock.now)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(go())
        await asyncio.sleep(0)
        spacing.pause(30)
        await clock.until(40)
    assert sorted(given) == [0, 30, 30.25, 30.5]


async def test_a_chat_has_a_turn_in_a_while_and_others_do_not_wait_for_it(clock: Clock) -> None:
    spacing = Spacing(chat_gap=1, clock=clock, sleep=clock.sleep)
    for _ in range(3):
        await spacing.wait_for_chat(group(1))
    assert clock.now == 2
    await spacing.wait_for_chat(group(2))
    assert clock.now == 2


async def test_chats_are_not_remembered_for_good(clock: Clock) -> None:
    spacing = Spacing(chat_gap=1, clock=clock, sleep=clock.sleep)
    for number in range(REMEMBERED + 1):
        clock.now = float(number)
        await spacing.wait_for_chat(group(number))
    assert len(spacing._chats) == 1
    await spacing.wait_for_chat(group(REMEMBERED))
    assert clock.now == REMEMBERED + 1
