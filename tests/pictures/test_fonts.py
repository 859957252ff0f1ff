"""Every letter is drawn, and a text keeps to its room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import features

from bot.pictures.fonts import TYPEFACES, Line, Style, cut, draws, fit, joins_letters, wrap
from tests.pictures.samples import names

STYLE = Style(30)


def drawn(text: str) -> bytes:
    return Line.of(text, STYLE).lettering().coverage.tobytes()


def test_without_fribidi_texts_are_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _feature: False)
    plain, style = Line.of("Räikkönen, محمد", Style(77)), Style(76)
    assert plain.lettering().coverage.getbbox()
    assert Line.of("محمد", style).length == sum(Line.of(letter, style).length for letter in "محمد")


@pytest.mark.parametrize(
    "name",
    [
        "Räikkönen, Pérez, Hülkenberg, Häkkinen, Grosjean, Ocon",
        "Žiga Łukasz Ğşıİ ŐŰ Țț ẞ Þórður Ằ",
        "Пётр Ёлкин, Ґалаґан, Ђорђе, Қайрат",
        "Ελλάδα, Ὀδυσσεύς, Κωνσταντίνος",
        "علی رضایی, محمد بن سليم",
        "0123456789 +–−:.,’“”…·% ▲▼",
    ],
)
def test_every_letter_of_these_names_has_a_typeface(name: str) -> None:
    assert [character for character in name if not any(draws(typeface, character) for typeface in TYPEFACES)] == []


def test_a_missing_glyph_is_told_from_a_letter() -> None:
    latin = TYPEFACES[0]
    assert draws(latin, "R")
    assert not draws(latin, "周")


def test_different_letters_look_different_in_every_script() -> None:
    for one, other in ("ab", "ЖЩ", "Ωλ", "مب"):
        assert drawn(one) != drawn(other)


def test_what_no_typeface_has_is_an_ellipsis_and_never_a_box() -> None:
    assert drawn("Räikkönen 🏎️👍🏽") == drawn("Räikkönen …")
    assert drawn("Zhou 周冠宇") == drawn("Zhou …")


@pytest.mark.skipif(not joins_letters(), reason="FriBiDi is not installed")
def test_arabic_letters_join_and_their_order_is_kept_over_spaces() -> None:
    assert drawn("محمد") != drawn("\u200c".join("محمد"))
    assert len(Line.of("علی رضایی", STYLE).runs) == 1


def test_an_accent_is_one_letter_however_it_was_typed() -> None:
    assert drawn("Pe\u0301rez") == drawn("Pérez")


def test_marks_that_turn_the_writing_round_are_left_out() -> None:
    assert drawn("Max\u202e\n\tVerstappen\x00") == drawn("Max Verstappen")


def test_a_text_that_fits_is_left_alone() -> None:
    assert fit("Lando Norris", STYLE, 400).coverage.tobytes() == drawn("Lando Norris")


def test_a_long_text_shrinks_before_it_is_cut() -> None:
    whole = Line.of("Lando Norris", STYLE)
    smaller = fit("Lando Norris", STYLE, whole.length - 5)
    assert smaller.coverage.tobytes() == Line.of("Lando Norris", Style(28)).lettering().coverage.tobytes()
    assert cut("Lando Norris", STYLE, 120) == "Lando…"
    assert cut("Andrea Kimi Antonelli", STYLE, 200) == "Andrea Kimi…", "no word is cut in its middle"
    assert cut("Heinz-Harald Frentzen", STYLE, 120) == "Heinz…"
    assert cut("Hülkenberg", STYLE, 80).startswith("Hü"), "unless it is the only one"


def test_words_wrap_and_the_last_line_is_cut() -> None:
    words = "Ten-second time penalty for causing a collision, and two penalty points"
    assert wrap(words, STYLE, 265, 9) == [
        "Ten-second time",
        "penalty for causing a",
        "collision, and two",
        "penalty points",
    ]
    assert wrap(words, STYLE, 265, 2) == ["Ten-second time", "penalty for…"]


@given(names, st.integers(40, 900))
def test_any_text_keeps_to_its_room(text: str, width: int) -> None:
    assert fit(text, STYLE, width).length <= width
    assert all(Line.of(line, STYLE).length <= width for line in wrap(text, STYLE, width, 3))
