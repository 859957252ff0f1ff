"""Both sides face to face."""

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


def test_the_longest_quotation_of_the_catalogue_is_not_cut(shipped: Incidents) -> None:
    for incident in shipped.told:
        for quoted in incident.quotations:
            said = f"“{quoted.short or quoted.words}”"
            if len(said) <= 182:
                _style, _step, (lines,) = _set([said])
                assert " ".join(lines) == said, incident.id
