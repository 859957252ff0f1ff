import datetime as dt
from gettext import c2py

import pytest
from babel import Locale

from bot.chat.dispatcher import TOO_FAST
from bot.i18n import LANGUAGES, _, counted, speaking, spoken_code
from bot.i18n.formats import day, day_of_season, listed, ordinal, points, weekday, written
from bot.i18n.language import Language, read_language
from bot.pictures.words import percent

IMOLA = dt.date(2021, 4, 18)


def said(language: str) -> list[str]:
    with speaking(language):
        return [
            day(IMOLA), day_of_season(IMOLA), weekday(IMOLA), written(1204), points(25.5), points(44.0), ordinal(3),
            percent(27, 27), listed(["Hill", "Prost", "Senna"], 6), listed(list("abcd"), 3),
            counted("{number} day", "{number} days", 1), counted("{number} day", "{number} days", 1204),
        ]  # fmt: skip


def test_every_language_writes_dates_and_numbers_in_its_own_way() -> None:
    assert said("en") == [
        "18 April 2021", "18 April", "Sunday 18 April", "1,204", "25.5", "44", "3rd",
        "27 %", "Hill, Prost and Senna", "a, b and 2 others", "1 day", "1,204 days",
    ]  # fmt: skip
    assert said("de") == [
        "18. April 2021", "18. April", "Sonntag, 18. April", "1.204", "25,5", "44", "3.",
        "27 %", "Hill, Prost und Senna", "a, b und 2 weitere", "1 Tag", "1.204 Tage",
    ]  # fmt: skip
    assert said("es") == [
        "18 de abril de 2021", "18 de abril", "domingo, 18 de abril", "1.204", "25,5", "44", "3.º",
        "27 %", "Hill, Prost y Senna", "a, b y 2 más", "1 día", "1.204 días",
    ]  # fmt: skip


def test_a_language_may_have_more_forms_than_english() -> None:
    forms = {"{number} lap": ("{number} okrążenie", "{number} okrążenia", "{number} okrążeń")}
    plural = c2py("n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2")
    polish = Language("pl", Locale.parse("pl"), {}, forms, plural)
    assert [polish.form("{number} lap", "{number} laps", number)[9:] for number in (1, 3, 5, 22)] == [
        "okrążenie", "okrążenia", "okrążeń", "okrążenia",
    ]  # fmt: skip
    assert polish.form("{number} car", "{number} cars", 5) == "{number} cars"


def test_what_nobody_speaks_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_language("tlh") is None
    monkeypatch.setitem(LANGUAGES, "tlh", "tlhIngan Hol")
    for code in ("tlh", "xx", None):
        with speaking(code):
            assert _(TOO_FAST) is TOO_FAST
            assert spoken_code() == "en"


def test_a_language_is_spoken_for_as_long_as_it_is_meant_to_be() -> None:
    with speaking("de"):
        with speaking("es"):
            assert spoken_code() == "es"
        assert spoken_code() == "de"
    assert spoken_code() == "en"
