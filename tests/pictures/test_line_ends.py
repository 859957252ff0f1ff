"""Names at the ends of lines."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.line_ends import apart


def test_what_has_room_stays_where_it_is() -> None:
    assert apart([100, 300, 200], 20, 0, 400) == [100, 300, 200]


def test_what_is_too_close_moves_apart_and_stays_in_order() -> None:
    assert apart([100, 105, 95], 20, 0, 400) == [115, 135, 95]


def test_nothing_is_pushed_over_the_edge() -> None:
    assert apart([390, 395, 400], 20, 0, 400) == [360, 380, 400]


@given(st.lists(st.floats(-100, 700), max_size=40), st.integers(1, 60))
def test_everything_is_in_its_room_and_in_order(wanted: list[float], gap: int) -> None:
    placed = apart(wanted, gap, 100, 600)
    assert all(100 <= height <= 600 for height in placed)
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    heights = [placed[number] for number in order]
    gap = min(gap, 500 // max(1, len(wanted) - 1))
    assert all(lower - upper >= gap for upper, lower in pairwise(heights))
