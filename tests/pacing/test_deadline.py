"""Bounds on how long something may take, by the test's own clock."""

import asyncio

import pytest

from bot.pacing.deadline import within
from tests.support.clock import HeldClock


async def test_what_is_done_in_time_is_given() -> None:
    async def work() -> str:
        return "done"

    assert await within(HeldClock(), 45, work()) == "done"


async def test_what_takes_longer_is_ended() -> None:
    clock, has_ended = HeldClock(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            has_ended.set()

    waiting = asyncio.create_task(within(clock, 45, work()))
    await clock.asleep()
    await clock.go_on_until(44)
    assert not waiting.done()
    await clock.wake_in_time()
    with pytest.raises(TimeoutError):
        await waiting
    assert has_ended.is_set()


async def test_its_own_errors_are_its_own() -> None:
    async def work() -> None:
        raise ValueError("of the work's own")

    with pytest.raises(ValueError, match="of the work's own"):
        await within(HeldClock(), 45, work())


async def test_cancelling_ends_the_work_too() -> None:
    clock, has_ended = HeldClock(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            has_ended.set()

    waiting = asyncio.create_task(within(clock, 45, work()))
    await clock.asleep()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert has_ended.is_set()
