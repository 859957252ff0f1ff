"""Waits between tries: doubled, bounded, and never quite alike."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.backoff import Backoff


def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    backoff = Backoff(first=1, longest=10, jitter=0)
    assert [backoff.after(failures) for failures in range(7)] == [0, 1, 2, 4, 8, 10, 10]


def test_jitter_shortens_a_wait_and_never_lengthens_it() -> None:
    backoff = Backoff(first=8, longest=60, jitter=0.25, random=iter([0.0, 0.5, 0.999]).__next__)
    assert [round(backoff.after(1), 2) for _ in range(3)] == [8.0, 7.0, 6.0]


@given(failures=st.integers(1, 10**9), first=st.floats(0.001, 100), longest=st.floats(100, 10_000))
def test_no_number_of_failures_leads_beyond_the_bounds(failures: int, first: float, longest: float) -> None:
    backoff = Backoff(first, longest)
    assert first * 0.75 <= backoff.after(failures) <= longest


def test_two_that_failed_together_come_back_apart() -> None:
    backoff = Backoff(first=60, longest=60)
    assert len({backoff.after(1) for _ in range(20)}) > 1
