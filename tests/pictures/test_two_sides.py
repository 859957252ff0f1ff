"""Both sides face to face."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.spoken import Words
from bot.pictures.two_sides import _drawn, _set, two_sides_picture
from bot.search.catalogue import Incidents
from tests.pictures.samples import names, overlaps

RUSSELL = Words("That just put me off line.", "George Russell", "to Sky after the race, 18 April 2021")
BOTTAS = Words("He obviously lost it and hit me.", "Valtteri Bottas", "after the race, 18 April 2021")


def test_both_sides_in_words() -> None:
    picture = two_sides_picture("Bottas and Russell, Imola 2021", "18 April 2021", RUSSELL, BOTTAS, "/crash imola-2021")
    assert picture.alt == (
        "George Russell (to Sky after the race, 18 April 2021): “That just put me off line.” "
        "Valtteri Bottas (after the race, 18 April 2021): “He obviously lost it and hit me.”"
    )


words = st.builds(Words, names, names, names)


@settings(max_examples=40)
@given(names, names, words, words, names)
def test_whatever_is_said_nothing_overlaps(title: str, occasion: str, one: Words, other: Words, way: str) -> None:
    assert overlaps(_drawn(title, occasion, one, other, way).boxes) == []
    assert len(two_sides_picture(title, occasion, one, other, way).png) < 60_000


LONGEST, EVERY = 50, 10_000


@pytest.mark.parametrize("most", [LONGEST, pytest.param(EVERY, marks=pytest.mark.exhaustive)])
def test_the_longest_quotations_of_the_catalogue_are_not_cut(shipped: Incidents, most: int) -> None:
    quoted = (each for incident in shipped.told for each in incident.quotations)
    fitting = sorted((said for each in quoted if len(said := f"“{each.short or each.words}”") <= 182), key=len)
    assert len(fitting) > LONGEST
    for said in fitting[-most:]:
        _style, _step, (lines,) = _set([said])
        assert " ".join(lines) == said
