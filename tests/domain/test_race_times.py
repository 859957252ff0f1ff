"""Times as results write them, and the order on the road before penalties."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.race_times import on_the_road, penalised, thousandths
from bot.domain.season import Classification, Finish
from tests.support.season import HAMILTON, NORRIS, PEREZ, RESULT, VERSTAPPEN, VETTEL

WINNER = Finish(1, "1", VERSTAPPEN, 25, "Finished", 1, 57, "1:30:00.000")
SECOND = Finish(2, "2", HAMILTON, 18, "Finished", 2, 57, "+7.612")
THIRD = Finish(3, "3", NORRIS, 15, "Finished", 3, 57, "+14.650")
FOURTH = Finish(4, "4", PEREZ, 12, "Finished", 4, 57, "+16.407", penalty=10.0)
LAPPED = Finish(5, "5", VETTEL, 10, "Lapped", 5, 56, penalty=5.0)


def race(*finishes: Finish, missing: int = 0) -> Classification:
    return replace(RESULT, finishes=finishes, missing=missing)


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("+22.000", 22_000),
        ("+1:07.151", 67_151),
        ("2:02:34.598", 7_354_598),
        ("1:16.702", 76_702),
        ("+0.5", 500),
        ("+12", 12_000),
        ("hello world", None),
        ("+1 Lap", None),
        ("", None),
    ],
)
def test_times_are_read_to_the_thousandth(time: str, read: int | None) -> None:
    assert thousandths(time) == read


@given(st.text())
def test_whatever_is_written_is_a_time_or_none(time: str) -> None:
    assert (thousandths(time) or 0) >= 0


def test_a_place_on_the_road_is_that_before_the_penalty() -> None:
    told = penalised(race(WINNER, SECOND, THIRD, FOURTH, LAPPED))
    assert [(each.finish.place, each.seconds, each.on_the_road) for each in told] == [("4", 10.0, 2), ("5", 5.0, None)]


def test_a_place_that_was_no_better_on_the_road_is_no_place_that_a_penalty_cost() -> None:
    far_behind = replace(THIRD, time="+40.000", penalty=30.0)
    gained = replace(FOURTH, position=3, place="3", penalty=5.0)
    told = penalised(race(WINNER, SECOND, gained, replace(far_behind, position=4, place="4")))
    assert [(each.finish.place, each.on_the_road) for each in told] == [("3", None), ("4", 3)]


def test_a_winner_may_have_been_behind_another_on_the_road() -> None:
    penalised_too = replace(SECOND, time="+3.000", penalty=5.0)
    assert on_the_road(race(WINNER, penalised_too, THIRD)) == {"hamilton": 1, "max_verstappen": 2, "norris": 3}


@pytest.mark.parametrize(
    "finishes",
    [
        (WINNER, replace(SECOND, time=None), FOURTH),
        (WINNER, replace(SECOND, time="7.612"), FOURTH),
        (WINNER, replace(SECOND, laps=None), FOURTH),
        (replace(WINNER, time="a while"), SECOND, FOURTH),
        (WINNER, replace(SECOND, place="1"), FOURTH),
        (WINNER, replace(SECOND, time="+16.407"), replace(FOURTH, penalty=None)),
        (WINNER, replace(SECOND, place="D", status="Disqualified"), FOURTH),
        (WINNER, replace(SECOND, place="", laps=None), FOURTH),
        (SECOND, FOURTH),
        (),
    ],
)
def test_nobody_can_be_sure_of_the_order_where_anybody_may_have_been_anywhere(finishes: tuple[Finish, ...]) -> None:
    assert on_the_road(race(*finishes)) == {}
    assert on_the_road(race(WINNER, SECOND, FOURTH, missing=1)) == {}


def test_who_was_disqualified_laps_behind_changes_nothing() -> None:
    behind = replace(LAPPED, place="D", status="Disqualified")
    assert on_the_road(race(WINNER, SECOND, THIRD, FOURTH, behind))["perez"] == 2
