from bot.pacing.losses import QUIET, REMEMBERED, Loss, Losses
from tests.support.clock import FakeClock


def test_an_outage_is_told_as_it_begins_and_with_its_number_once_it_is_over() -> None:
    clock = FakeClock()
    losses = Losses[str](clock)
    told = []
    for _ in range(500):
        told.append(losses.begins("Telegram"))
        clock.pass_by(0.1)
    assert told == [True] + [False] * 499
    assert losses.over() == [], "the next one may be lost as well"
    clock.pass_by(QUIET + 1)
    [lost] = losses.over()
    assert (lost.cause, lost.number, round(lost.seconds)) == ("Telegram", 500, 50)
    assert losses.over() == []
    assert losses.begins("Telegram"), "another outage"


def test_one_that_was_lost_alone_is_told_once() -> None:
    clock = FakeClock()
    losses = Losses[str](clock)
    assert losses.begins("Telegram")
    clock.pass_by(QUIET + 1)
    assert losses.over() == []


def test_each_cause_is_told_by_itself() -> None:
    clock = FakeClock()
    losses = Losses[str](clock)
    assert [losses.begins(each) for each in ("away", "busy", "away", "busy")] == [True, True, False, False]
    clock.pass_by(QUIET / 2)
    losses.begins("busy")
    clock.pass_by(QUIET / 2)
    assert losses.over() == [Loss("away", 2, 0.0)]


def test_only_so_many_are_known_at_a_time() -> None:
    losses = Losses[int](FakeClock())
    assert all(losses.begins(number) for number in range(REMEMBERED + 1))
    assert not losses.begins(1)
    assert losses.begins(0)
