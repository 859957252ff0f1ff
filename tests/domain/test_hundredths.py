"""Votes in hundredths: in no card, picture or page do they add up to anything but all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.charted import charted
from bot.cards.tally_text import blame_votes, fans
from bot.domain.hundredths import hundredths
from bot.domain.polls import Poll, Tally
from bot.search.catalogue import Incidents

(IMOLA,) = Incidents.load().of_ids(["imola-2021"])
POLL = Poll.of(IMOLA)
COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=24)


def tally(*votes: int) -> Tally:
    return POLL.tally({(choice.id, 0): number for choice, number in zip(POLL.choices, votes, strict=True)})


@given(COUNTS)
def test_they_add_up_and_each_is_its_own_rounded_down_or_up(votes: list[int]) -> None:
    dealt = hundredths(votes, sum(votes))
    assert sum(dealt) == (100 if sum(votes) else 0)
    assert all(0 <= part - 100 * each // sum(votes) <= 1 for part, each in zip(dealt, votes, strict=True) if sum(votes))
    assert all(part == 0 for part, each in zip(dealt, votes, strict=True) if not each)


@pytest.mark.parametrize(
    ("votes", "parts"),
    [((1, 1, 1), (34, 33, 33)), ((145, 275, 580), (14, 28, 58)), ((15, 27, 58), (15, 27, 58)), ((1, 999), (0, 100))],
)
def test_what_is_left_goes_to_the_largest_remainder_then_to_who_has_more(
    votes: tuple[int, ...], parts: tuple[int, ...]
) -> None:
    assert hundredths(votes, sum(votes)) == parts


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5))
def test_a_side_has_what_its_choices_have(votes: list[int]) -> None:
    counted = tally(*votes)
    of_choices = dict.fromkeys(counted.by_side(), 0)
    for choice in counted.choices:
        of_choices[choice.side] += counted.hundredths(choice)
    assert of_choices == counted.hundredths_by_side()
    assert sum(of_choices.values()) == (100 if counted.votes else 0)


def numbers(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"(\d+) %", text)]


@given(st.lists(st.integers(30, 500), min_size=5, max_size=5))
def test_card_and_picture_say_the_same(votes: list[int]) -> None:
    counted = tally(*votes)
    parts = [counted.hundredths(choice) for choice in counted.choices]
    lines = charted(IMOLA, POLL, counted)
    assert [numbers(step.written) for step in blame_votes(IMOLA, counted, "Everywhere").steps] == [[n] for n in parts]
    assert [numbers(answer.written) for answer in lines.scale] == [[each] for each in parts]
    assert [numbers(side.written) for side in lines.sides] == [[n] for n in counted.hundredths_by_side().values()]
    assert sorted(numbers(fans(IMOLA, counted))) == sorted(counted.hundredths_by_side().values())
