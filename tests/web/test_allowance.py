import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.front.allowance import MOST_ADDRESSES, Pace, Visitors, network
from tests.support.clock import HeldClock


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_stands_for_a_household(address: str, who: str) -> None:
    assert network(address) == who


def test_each_address_has_its_own_allowance() -> None:
    clock = HeldClock()
    visitors = Visitors(clock, Pace(2, 0.1))
    assert [visitors.wait("192.0.2.7") for _ in range(3)] == [0, 0, pytest.approx(10)]
    assert visitors.wait("192.0.2.8") == 0
    clock.pass_by(10)
    assert visitors.wait("192.0.2.7") == 0


def test_what_was_asked_for_comes_back_bit_by_bit() -> None:
    clock = HeldClock()
    visitors = Visitors(clock, Pace(3, 0.5))
    assert [visitors.wait("192.0.2.7") for _ in range(4)] == [0, 0, 0, pytest.approx(2)]
    clock.pass_by(4)
    assert [visitors.wait("192.0.2.7") for _ in range(3)] == [0, 0, pytest.approx(2)]
    clock.pass_by(100)
    assert [visitors.wait("192.0.2.7") for _ in range(4)] == [0, 0, 0, pytest.approx(2)], "and never more at once"


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5), st.floats(0.1, 5))
def test_no_while_has_more_than_its_pace(pauses: list[float], at_once: int, a_second: float) -> None:
    clock = HeldClock()
    visitors, taken = Visitors(clock, Pace(at_once, a_second)), []
    for pause in pauses:
        clock.pass_by(pause)
        if visitors.wait("192.0.2.7") == 0:
            taken.append(clock.monotonic())
    for first, began in enumerate(taken):
        for number, moment in enumerate(taken[first:], 1):
            assert number <= at_once + (moment - began) * a_second + 1e-6


def test_without_a_pace_nobody_has_a_limit() -> None:
    visitors = Visitors(HeldClock(), None)
    assert {visitors.wait("192.0.2.7") for _ in range(1000)} == {0}


def test_addresses_are_remembered_up_to_a_bound() -> None:
    visitors = Visitors(HeldClock(), Pace(1, 0.1))
    for number in range(MOST_ADDRESSES + 1):
        assert visitors.wait(f"{number}") == 0
    assert visitors.wait("0") == 0, "whoever came first is forgotten first"
    assert visitors.wait(f"{MOST_ADDRESSES}") == pytest.approx(10)
