import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES
from bot.search.setting_words import SETTINGS
from bot.search.wish_values import Wish
from bot.search.wishes import wishes
from bot.search.zone_finder import ZoneFinder
from storage.incidents.reading import read_circuits

ZONES = ZoneFinder(read_circuits().values())
YEAR = 2026
SENTENCES = tomllib.loads(Path(__file__).with_name("setting_sentences.toml").read_text(encoding="utf-8"))
TAKEN = {meant for sentences in SENTENCES.values() for meant in sentences}
SETTABLE = {"zone", "spoilers", "quiet", "delay", "polls", "closing", "role", "language"}


def wanted(typed: str) -> tuple[Wish, ...]:
    return wishes(typed, LANGUAGES, lambda text: bool(ZONES.find(text, YEAR)))


def written(found: tuple[Wish, ...]) -> str:
    return " | ".join(" ".join(wish) for wish in found)


@pytest.mark.parametrize("code", SENTENCES)
def test_what_people_type_in_their_language_is_understood(code: str) -> None:
    for meant, sentences in SENTENCES[code].items():
        for typed in sentences:
            assert written(wanted(typed)) == meant, typed


@pytest.mark.parametrize("code", LANGUAGES)
def test_in_every_language_there_are_enough_sentences_to_tell(code: str) -> None:
    assert sum(map(len, SENTENCES[code].values())) >= 150
    named = {meant.split()[0] for meant in SENTENCES[code] if meant}
    assert named == SETTABLE


@pytest.mark.parametrize(
    "typed",
    [
        *("zone Europe/Berlin", "zone none", "spoilers show", "spoilers veil", "spoilers hold 1440"),
        *("spoilers hold until 18:00", "quiet 00:00-09:00", "quiet off", "delay 120", "delay off", "polls blind"),
        *("polls open", "closing 168h", "closing off", "role day-before none", "language none", "language de"),
    ],
)
def test_what_the_buttons_say_is_meant_as_it_stands(typed: str) -> None:
    assert written(wanted(typed)) == typed


@pytest.mark.parametrize(
    ("typed", "setting"),
    [
        ("spoilers maybe", "spoilers"),
        ("hide results of Verstappen", "spoilers"),
        ("show results until 9am", "spoilers"),
        ("quiet 22:00", "quiet"),
        ("hide quiet hours", "quiet"),
        ("no quiet hours from 22 to 7", "quiet"),
        ("quiet except from 22 to 7", "quiet"),
        ("keine Nachrichten außer von 22 bis 7 Uhr", "quiet"),
        ("delay results of 40 drivers", "spoilers"),
        ("delay soon", "delay"),
        ("polls of 2021", "polls"),
        ("closing tomorrow", "closing"),
        ("role recaps @fans", "role"),
        ("zone Atlantis", "zone"),
        ("language Klingon", "language"),
    ],
)
def test_what_is_not_all_understood_keeps_its_words_for_the_setting_to_say_what_it_takes(
    typed: str, setting: str
) -> None:
    [wish] = wanted(typed)
    assert wish.setting == setting
    assert wish.value
    assert " ".join(wish) not in TAKEN


@given(st.lists(st.sampled_from([*SETTINGS, "22-7", "hide", "off", "Berlin", "de", "2h", "40", "?", "my"]), max_size=8))
def test_whatever_is_said_in_whatever_order_is_a_wish_of_a_setting_or_none(words: list[str]) -> None:
    assert {wish.setting for wish in wanted(" ".join(words))} <= SETTABLE


@given(st.text(max_size=80))
def test_whatever_is_typed_can_be_answered(typed: str) -> None:
    assert {wish.setting for wish in wanted(typed)} <= SETTABLE
