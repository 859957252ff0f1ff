from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.search.setting_words import (
    CHOICES,
    FILLERS,
    LANGUAGES,
    LIVE,
    ONLY,
    PADDING,
    REFUSALS,
    WATCHING,
    choice,
    chosen,
    language,
)


@pytest.mark.parametrize(
    ("typed", "meant", "rest"),
    [("bis 09:00", "until", "09:00"), ("Zurückhalten 2h", "hold", "2h"), ("a la vista", "open", ""), ("9", "", "9")],
)
def test_a_choice_is_what_it_is_called(typed: str, meant: str, rest: str) -> None:
    assert choice(typed) == (meant, rest)


def test_a_choice_is_all_of_what_is_typed() -> None:
    assert chosen("Off") == chosen("ninguna") == "none"
    assert chosen("no idea") == ""


def test_whatever_chooses_none_refuses_in_one_way_and_what_is_told_apart_among_fillers_is_one() -> None:
    assert {name for name, meant in CHOICES.items() if meant == "none"} == REFUSALS.keys()
    assert {*REFUSALS.values()} == {"before", "anywhere", "ending", "off"}
    for sort in (PADDING, WATCHING, LIVE, ONLY):
        assert sort
        assert sort <= FILLERS


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("en", ["en", "ENGLISH", "Englisch", "inglés", "ingles"]),
        ("de", ["de", "Deutsch", "german", "alemán", "aleman"]),
        ("es", ["es", "español", "espanol", "ESPAÑOL", "Spanish", "spanisch", "castellano"]),
    ],
)
def test_a_language_is_called_by_its_own_name_and_by_the_others(code: str, names: list[str]) -> None:
    assert {language(name, i18n.LANGUAGES) for name in names} == {code}


@pytest.mark.parametrize(("typed", "spoken"), [("french", i18n.LANGUAGES), ("german", {"en": "English"}), ("", {})])
def test_what_is_not_spoken_is_no_language(typed: str, spoken: Mapping[str, str]) -> None:
    assert language(typed, spoken) == ""


def test_every_language_is_called_by_all_the_others() -> None:
    assert {*LANGUAGES.values()} == {*i18n.LANGUAGES}


@given(st.text())
def test_nothing_that_is_typed_is_lost_or_odd(typed: str) -> None:
    meant, rest = choice(typed)
    assert meant in {"", *CHOICES.values()}
    assert (rest if meant else typed).split() == typed.split()[-len(rest.split()) or len(typed.split()) :]
