"""Every colour can be told from the paper."""

import pytest
from PIL import ImageColor

from bot.pictures.colours import ACCENT, CALM, GAIN, INK, LOSS, MUTED, NEUTRAL, PAPER, TEAMS, team_colour


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    channels = (channel / 255 for channel in ImageColor.getrgb(colour))
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", [INK, MUTED, GAIN, LOSS])
def test_text_stands_out(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", sorted({*TEAMS.values(), NEUTRAL, ACCENT, CALM}))
def test_shapes_stand_out(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3


def test_the_teams_of_a_season_look_different() -> None:
    grid = ["red_bull", "mercedes", "ferrari", "mclaren", "williams", "rb"]
    grid += ["aston_martin", "alpine", "haas", "audi", "cadillac"]
    assert len({team_colour(team) for team in grid}) == len(grid)


@pytest.mark.parametrize("name", ["haas", "Haas F1 Team", "HAAS"])
def test_a_team_is_known_by_its_id_and_by_its_name(name: str) -> None:
    assert team_colour(name) == TEAMS["haas"]


@pytest.mark.parametrize("name", [None, "", "Andrea Moda", "…"])
def test_an_unknown_team_is_neutral(name: str | None) -> None:
    assert team_colour(name) == NEUTRAL
