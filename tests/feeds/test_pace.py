import pytest

from bot.feeds import FeedError
from bot.feeds.pace import PATIENCE, Allowance, Pace
from tests.feeds.clock import Clock


async def test_turns_are_free_until_the_allowance_is_used_up(clock: Clock) -> None:
    pace = Pace(Allowance(4, seconds=1), clock=clock, sleep=clock.sleep)
    moments = []
    for _ in range(10):
        await pace.turn()
        moments.append(clock.now)
    assert moments == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


async def test_the_tightest_allowance_counts(clock: Clock) -> None:
    pace = Pace(Allowance(2, seconds=1), Allowance(3, seconds=60), clock=clock, sleep=clock.sleep)
    moments = []
    for _ in range(4):
        await pace.turn()
        moments.append(clock.now)
    assert moments == [0, 0, 1, 60]


async def test_a_pause_holds_everybody_up(clock: Clock) -> None:
    pace = Pace(Allowance(4, seconds=1), clock=clock, sleep=clock.sleep)
    pace.pause(30)
    pace.pause(5)
    await pace.turn()
    assert clock.now == 30


async def test_whoever_would_wait_too_long_is_turned_away(clock: Clock) -> None:
    pace = Pace(Allowance(1, seconds=3600), clock=clock, sleep=clock.sleep)
    await pace.turn()
    with pytest.raises(FeedError, match="no more questions for 3600 s"):
        await pace.turn()
    assert clock.slept == []


async def test_once_the_rest_is_short_enough_one_waits(clock: Clock) -> None:
    pace = Pace(Allowance(1, seconds=3600), clock=clock, sleep=clock.sleep)
    await pace.turn()
    clock.now = 3600 - PATIENCE
    await pace.turn()
    assert clock.slept == [PATIENCE]
