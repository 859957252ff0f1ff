"""A figure is called missed only beyond the noise of its own repeats."""

import pytest

from benchmarks.figure import Figure


def test_several_repeats_give_their_median_and_half_the_distance_of_their_quartiles() -> None:
    figure = Figure.at_most("a ratio", [1.0, 1.1, 1.2, 1.3, 1.4], "×", 2)
    assert (figure.value, round(figure.noise, 3), figure.verdict) == (1.2, 0.1, "met")


@pytest.mark.parametrize(
    ("repeats", "verdict"),
    [([6.5, 6.6, 6.7], "met"), ([5.5, 5.9, 6.5], "within noise"), ([5.0, 5.1, 5.2], "missed"), (5.9, "missed")],
)
def test_what_is_short_of_its_target_is_missed_only_beyond_the_noise(
    repeats: float | list[float], verdict: str
) -> None:
    figure = Figure.at_least("a ratio", repeats, "×", 6)
    assert figure.verdict == verdict
    assert figure.missed == (verdict == "missed")


def test_what_is_for_comparison_has_no_verdict() -> None:
    figure = Figure.compared("a rate", [1.0, 3.0], "votes/s")
    assert (figure.value, figure.verdict, figure.missed) == (2.0, "", False)
