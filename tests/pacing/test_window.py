import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.window import Allowance, RateWindow, WindowFullError
from tests.support.clock import FakeClock, HeldClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_turns_are_free_until_the_allowance_is_used_up(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(4, seconds=1))
    moments = []
    for _ in range(10):
        await window.enter()
        moments.append(clock.seconds)
    assert moments == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


async def test_the_tightest_allowance_counts(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(2, seconds=1), Allowance(3, seconds=60))
    moments = []
    for _ in range(4):
        await window.enter()
        moments.append(clock.seconds)
    assert moments == [0, 0, 1, 60]


async def test_a_pause_holds_everybody_up(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(4, seconds=1))
    window.pause(30)
    window.pause(5)
    await window.enter()
    assert clock.seconds == 30


async def test_whoever_would_wait_too_long_is_turned_away(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(1, seconds=3600), patience=90)
    await window.enter()
    with pytest.raises(WindowFullError) as refusal:
        await window.enter()
    assert refusal.value.wait == 3600
    assert clock.slept == []


async def test_once_the_rest_is_short_enough_one_waits(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(1, seconds=3600), patience=90)
    await window.enter()
    clock.seconds = 3600 - 90
    await window.enter()
    assert clock.slept == [90]


@given(st.lists(st.integers(0, 24), max_size=60), st.integers(1, 5))
def test_no_window_ever_has_more_than_it_is_allowed(gaps: list[int], allowed: int) -> None:
    clock = FakeClock()
    moments: list[float] = []

    async def take_turns() -> None:
        window = RateWindow(clock, Allowance(allowed, seconds=1))
        for gap in gaps:
            clock.pass_by(gap / 8)
            await window.enter()
            moments.append(clock.seconds)

    asyncio.run(take_turns())
    assert all(later - earlier >= 1 for earlier, later in zip(moments, moments[allowed:], strict=False))


@given(st.integers(1, 20), st.integers(1, 4), st.integers(0, 24))
def test_nobody_waits_for_longer_than_they_are_patient_however_many_wait(
    callers: int, allowed: int, patience: int
) -> None:
    clock = HeldClock()
    waited: list[float] = []

    async def call(window: RateWindow) -> None:
        with suppress(WindowFullError):
            await window.enter()
        waited.append(clock.seconds)

    async def crowd() -> None:
        window = RateWindow(clock, Allowance(allowed, seconds=1), patience=patience / 8)
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(call(window))
            while len(waited) < callers:
                for _round in range(4 * callers):  # until all have done what they can at this moment
                    await asyncio.sleep(0)
                clock.move_on()

    asyncio.run(crowd())
    assert max(waited) <= patience / 8


async def test_who_gives_up_waiting_takes_no_turn() -> None:
    asleep, awake = asyncio.Event(), asyncio.Event()

    class Dozing(FakeClock):
        async def sleep(self, seconds: float) -> None:
            asleep.set()
            await awake.wait()
            await super().sleep(seconds)

    clock = Dozing()
    window = RateWindow(clock, Allowance(1, seconds=1))
    await window.enter()
    impatient, patient = asyncio.create_task(window.enter()), asyncio.create_task(window.enter())
    await asleep.wait()
    impatient.cancel()
    awake.set()
    await patient
    assert clock.seconds == 1


async def test_how_long_the_next_turn_is_away_is_known_beforehand(clock: FakeClock) -> None:
    window = RateWindow(clock, Allowance(2, seconds=10))
    assert window.wait() == 0
    for _ in range(2):
        await window.enter()
        clock.pass_by(1)
    assert window.wait() == 8
    clock.pass_by(9)
    assert window.wait() == 0
    window.pause(30)
    assert window.wait() == 30
