"""What is one place, or one reason."""

import pytest

from bot.domain.linking.likeness import near, same_place, same_reason

HERE, BESIDE, ELSEWHERE = "here", "beside", "elsewhere"


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ("TURN 4", "TURN 4", HERE),
        ("TURN 11", "AFTER TURN 11", HERE),
        ("TURNS 4-5", "BETWEEN TURN 4 AND 5", HERE),
        (None, None, HERE),
        ("TURN 25", "TURN 27", BESIDE),
        ("TURN 4", "TURNS 4-5", BESIDE),
        ("PIT LANE", "PIT EXIT", BESIDE),
        ("TURN 4", None, BESIDE),
        ("TURN 4", "TURN 7", ELSEWHERE),
        ("TURN 1", "PIT LANE", ELSEWHERE),
        ("MAIN STRAIGHT", "PIT LANE", ELSEWHERE),
    ],
)
def test_places(one: str | None, other: str | None, where: str) -> None:
    assert same_place(one, other) == same_place(other, one) == (where == HERE)
    assert near(one, other) == near(other, one) == (where in {HERE, BESIDE})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CAUSING A COLLISION", "CAUSING A COLLISION", True),
        ("ALLEGEDLY CAUSING A COLLISION", "CAUSING A COLLISION", True),
        ("LEAVING THE TRACK AND GAINING AN", "LEAVING THE TRACK AND GAINING AN ADVANTAGE", True),
        ("CAUSING A COLLISION", "UNSAFE RELEASE", False),
        ("CAUSING", "CAUSING A COLLISION", False),
        (None, "CAUSING A COLLISION", False),
        (None, None, False),
    ],
)
def test_reasons(one: str | None, other: str | None, *, same: bool) -> None:
    assert same_reason(one, other) == same_reason(other, one) == same
