"""Which cases are about blame."""

import pytest

from tests.support.race_control_samples import only_case

TWO = "TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED"


@pytest.mark.parametrize(
    "reason",
    [
        "CAUSING A COLLISION",
        "FORCING ANOTHER DRIVER OFF THE TRACK",
        "LEAVING THE TRACK AND GAINING AN ADVANTAGE",
        "UNSAFE RELEASE",
        "DRIVING ERRATICALLY",
        "MOVING UNDER BRAKING",
        "REJOINING UNSAFELY",
        "MORE THAN ONE CHANGE OF DIRECTION",
        "CAUSING A COLLISION BEHIND THE SAFETY CAR",
        "POSITIONS GIVEN BACK",
    ],
)
def test_two_drivers_and_how_one_treated_the_other(reason: str) -> None:
    assert only_case(f"13:04:10 {TWO} - {reason}").about_blame


def test_two_drivers_without_a_reason() -> None:
    assert only_case(f"13:04:10 {TWO}").about_blame


@pytest.mark.parametrize(
    "reason",
    [
        "SAFETY CAR INFRINGEMENT",
        "VSC INFRINGEMENT",
        "FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS - MAXIMUM DELTA TIME",
        "STARTING PROCEDURE INFRINGEMENT - OUT OF POSITION AT SAFETY CAR LINE",
        "TRACK LIMITS",
        "SPEEDING IN THE PIT LANE",
        "OVERTAKING UNDER YELLOW FLAGS",
        "IGNORING BLUE FLAGS",
    ],
)
def test_a_breach_of_procedure_is_nobody_s_blame_however_many_are_named(reason: str) -> None:
    assert not only_case(f"13:04:10 {TWO} - {reason}").about_blame


@pytest.mark.parametrize("named", ["INVOLVING CAR 7 (ABE) ", ""])
def test_nobody_is_to_blame_where_there_are_no_two(named: str) -> None:
    assert not only_case(f"13:04:10 TURN 4 INCIDENT {named}NOTED - CAUSING A COLLISION").about_blame
