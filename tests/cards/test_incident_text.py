import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.incident_text import lap_said, listed, percent
from bot.i18n import counted
from bot.i18n.formats import day


def test_a_day_is_written_as_in_a_newspaper() -> None:
    assert day(dt.date(2021, 4, 8)) == "8 April 2021"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Hill"], "Hill"),
        (["Hill", "Prost"], "Hill and Prost"),
        (["Hill", "Prost", "Senna"], "Hill, Prost and Senna"),
        (list("abcdefgh"), "a, b, c, d, e and 3 others"),
    ],
)
def test_names_are_put_in_a_row(names: list[str], text: str) -> None:
    assert listed(names) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "0 %"), (0, 9, "0 %"), (1, 3, "33 %"), (2, 3, "67 %"), (1, 1000, "under 1 %"), (9, 9, "100 %")],
)
def test_a_share_is_said_in_whole_percent(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_one_vote_is_never_called_none(part: int, others: int) -> None:
    assert percent(part, part + others) != "0 %"


def test_numbers_have_their_noun() -> None:
    said = [counted("{number} vote", "{number} votes", number) for number in (0, 1, 1204)]
    assert said == ["0 votes", "1 vote", "1,204 votes"]


def test_the_lap_before_the_first_is_the_formation_lap() -> None:
    assert [lap_said(0, 73), lap_said(31, 63), lap_said(5)] == ["formation lap", "lap 31 of 63", "lap 5"]
