from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.support.clock import FakeClock


async def test_turns_come_at_once_until_the_allowance_is_used_up() -> None:
    clock = FakeClock()
    pace = OwnPace(clock, Allowance(calls=2, seconds=1))
    for _ in range(2):
        assert pace.wait() == 0
        await pace.turn()
    assert pace.wait() == 1
    await pace.turn()
    assert clock.seconds == 1


async def test_what_was_sent_to_a_chat_is_nobody_elses_affair() -> None:
    clock = FakeClock()
    assert await OwnPace(clock, Allowance(calls=2, seconds=1)).sent("-1001", Allowance(calls=1, seconds=60), 99) == 0


async def test_the_longest_silence_that_was_asked_for_counts_and_turns_go_on_meanwhile() -> None:
    clock = FakeClock()
    pace = OwnPace(clock, Allowance(calls=2, seconds=1))
    assert pace.silence() == 0
    pace.fall_silent(3)
    pace.fall_silent(1)
    assert pace.silence() == 3
    await pace.turn()
    clock.pass_by(4)
    assert pace.silence() == 0
