"""A short life of a bot; `python -m tests.chaos.soak` has a long one."""

import sys

import pytest

from tests.chaos.in_hand import InHand, flaws
from tests.chaos.soak import soak

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(sys.platform != "linux", reason="what a process has in hand is where Linux says it"),
    pytest.mark.timeout(900),
]

BEFORE = InHand(100, 1, 10, 0, 2)
LIVING = InHand(200, 40, 20, 9, 6)


async def test_nothing_is_left_behind() -> None:
    had = await soak(hours=0.2, seconds=1, often=3)
    assert not [flaw for flaw in flaws(had) if not flaw.startswith("memory")]  # so short, all was not asked for once


def test_what_grows_is_a_flaw() -> None:
    assert not flaws([BEFORE, BEFORE, LIVING, LIVING._replace(megabytes=209), BEFORE])
    assert flaws([BEFORE, BEFORE, LIVING, LIVING._replace(megabytes=211), BEFORE])


@pytest.mark.parametrize("what", ["tasks", "files", "connections"])
def test_what_is_left_behind_is_a_flaw(what: str) -> None:
    after = BEFORE._replace(**{what: 50})
    assert flaws([BEFORE, LIVING, LIVING, LIVING, after])
