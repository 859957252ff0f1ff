import pytest

from bot.pacing.window import Allowance
from bot.web.front.allowance import MOST_ADDRESSES, Visitors, network
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


async def test_each_address_has_its_own_allowance() -> None:
    clock = HeldClock()
    visitors = Visitors(clock, Allowance(2, 10.0))
    assert [await visitors.wait("192.0.2.7") for _ in range(3)] == [0, 0, 10]
    assert await visitors.wait("192.0.2.8") == 0
    clock.pass_by(10)
    assert await visitors.wait("192.0.2.7") == 0


async def test_without_allowances_nobody_has_a_limit() -> None:
    visitors = Visitors(HeldClock())
    assert {await visitors.wait("192.0.2.7") for _ in range(1000)} == {0}


async def test_addresses_are_remembered_up_to_a_bound() -> None:
    visitors = Visitors(HeldClock(), Allowance(1, 10.0))
    for number in range(MOST_ADDRESSES + 1):
        assert await visitors.wait(f"{number}") == 0
    assert await visitors.wait("0") == 0, "whoever came first is forgotten first"
    assert await visitors.wait(f"{MOST_ADDRESSES}") == 10
