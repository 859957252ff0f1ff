"""The machine's clock and the tests' clocks keep the same promises."""

import asyncio
import datetime as dt

from bot.pacing.clock import Clock, SystemClock
from tests.support.clock import FakeClock, HeldClock


async def test_the_machines_clock_is_in_utc_and_its_sleep_agrees_with_its_stopwatch() -> None:
    clock: Clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.01
    assert clock.now().utcoffset() == dt.timedelta()


async def test_a_fake_clocks_sleep_passes_at_once() -> None:
    clock: Clock = FakeClock()
    before = clock.now()
    await clock.sleep(3600)
    assert clock.now() - before == dt.timedelta(hours=1)
    assert clock.monotonic() == 3600


async def test_on_a_held_clock_sleepers_wake_in_turn() -> None:
    clock, awake = HeldClock(), list[int]()

    async def sleeper(seconds: int) -> None:
        await clock.sleep(seconds)
        awake.append(seconds)

    async with asyncio.TaskGroup() as group:
        for seconds in (30, 10, 20):
            group.create_task(sleeper(seconds))
        await asyncio.sleep(0)
        await clock.go_on_until(25)
        assert awake == [10, 20]
        assert clock.seconds == 25
        await clock.wake_in_time()
    assert awake == [10, 20, 30]
    assert clock.seconds == 30
