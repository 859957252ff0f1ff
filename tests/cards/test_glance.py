from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.glance import View, lede, on_one_screen, short_quotation
from bot.chat.cards import Card, Field, Link
from bot.chat.cards import Quotation as Quoted
from bot.chat.screens import LINES, SCREEN
from bot.domain.incidents import LEDE_WORDS, Incident
from bot.domain.quotations import Quotation
from bot.domain.shortened import misquoted
from bot.forms.reading import read
from bot.search.catalogue import Incidents


def said(words: str, short: str = "") -> Quotation:
    """Something that Hill said."""
    about = {"speaker": "Damon Hill", "side": "hill", "occasion": "after the race", "date": "1994-11-13"}
    return read(Quotation, {**about, "words": words, "short": short, "link": "https://example.org/hill"})


@pytest.fixture
def imola(incidents: Incidents) -> Incident:
    found = incidents.get("imola-2021")
    assert found is not None
    return found


def told(imola: Incident, summary: str, written: str = "") -> Incident:
    return replace(imola, summary=summary, lede=written)


def test_a_crash_in_short_is_as_it_was_written(imola: Incident) -> None:
    assert lede(told(imola, "A long story. It goes on.", "They crashed.")) == "They crashed."


@pytest.mark.parametrize(
    ("summary", "seen"),
    [
        ("One. Two.", "One. Two."),
        ("At St. Devote it rained. " + "Word " * LEDE_WORDS + "end.", "At St. Devote it rained."),
        ("M. Schumacher led. “Out!” he said. " + "Word " * LEDE_WORDS + "end.", "M. Schumacher led. “Out!” he said."),
        ("Word " * LEDE_WORDS + "end. Two.", "Word " * LEDE_WORDS + "end."),
        ("", ""),
    ],
)
def test_of_a_story_without_one_as_many_whole_sentences_are_seen_as_fit(
    imola: Incident, summary: str, seen: str
) -> None:
    assert lede(told(imola, summary)) == seen


@pytest.mark.parametrize(
    ("quoted", "room", "seen"),
    [
        (said("There was a gap, so I went for it."), 60, "There was a gap, so I went for it."),
        (said("There was a gap for two. It was mine, and that was that."), 30, "There was a gap for two. …"),
        (said("There was a gap that I saw there, and then there was none."), 40, "There was a gap that I saw there …"),
        (said("There was a gap that I saw and took at once because it was there."), 30, "There was a gap that I saw …"),
        (said("There was a gap, so I went for it at once.", "There was a gap …"), 30, "There was a gap …"),
        (said("There was, as I said, a gap. I went, as one does.", "There was … a gap. …"), 20, "There was … a gap. …"),
    ],
)
def test_a_quotation_is_shortened_by_sentences_by_clauses_or_by_words(quoted: Quotation, room: int, seen: str) -> None:
    _quoted, shown = short_quotation([quoted], room)
    assert shown.words == seen
    assert len(shown.words) <= room
    assert quoted.words == seen or misquoted(seen, quoted.words) is None


def test_what_fits_whole_is_said_rather_than_something_cut() -> None:
    long, short = said("There was a gap, and I went for it, as one does."), said("He left a gap.")
    quoted, shown = short_quotation([long, short], 30)
    assert (quoted, shown.words) == (short, "He left a gap.")


def test_what_is_cut_after_a_sentence_is_said_rather_than_what_is_cut_within_one() -> None:
    within, after = (
        said("There was a gap that I saw, and I went for it."),
        said("He left a gap there for me. I took it."),
    )
    assert short_quotation([within, after], 35)[1].words == "He left a gap there for me. …"
    little = said("Yes. There was a gap that I saw, and I went for it.")
    assert short_quotation([little], 40)[1].words == "Yes. There was a gap that I saw …", "a word says little by itself"


def test_a_brief_quotation_names_its_speaker_alone() -> None:
    quoted = said("He left a gap.")
    assert short_quotation([quoted], 30)[1].by == "Damon Hill, after the race, 13 November 1994"
    brief = short_quotation([quoted], 30, brief=True)[1]
    assert (brief.by, brief.source) == ("Damon Hill", None)


def test_of_several_views_the_first_that_one_screen_holds_is_shown() -> None:
    long, short = Card("A crash", paragraphs=("x" * SCREEN,)), Card("A crash", paragraphs=("x",))
    assert on_one_screen([View(short, ()), View(long, ())]) == short
    folding = on_one_screen([View(long, ()), View(long, ("more",)), View(short, ("x" * SCREEN,))])
    assert (folding.paragraphs, folding.folded) == (("x",), ("x" * SCREEN,))
    assert on_one_screen([View(long, ()), View(long, ("more",))]) == long, "rather too long than not at all"


def test_a_screen_is_full_of_lines_as_well() -> None:
    tall = Card("A crash", paragraphs=("\n".join("x" * LINES),))
    assert not tall.seen_at_first().fits
    assert tall.seen_at_first().units < SCREEN


def test_what_no_message_can_hold_is_left_out_from_the_end_of_the_fold() -> None:
    card = on_one_screen([View(Card("A crash"), ("first", "x" * 2000, "y" * 2000))])
    assert card.folded == ("first", "x" * 2000)


@given(st.lists(st.text("word \n", min_size=1, max_size=300).filter(str.strip), max_size=4), st.booleans())
def test_what_is_judged_before_a_card_is_made_is_what_is_seen_of_the_card(texts: list[str], folds: bool) -> None:
    frame = Card(
        "A crash", fields=(Field("Stewards", "No further action"),), links=(Link("here", "https://a.example"),)
    )
    view = View(frame, ("More.",) * folds, tuple(Quoted(text, "Hill") for text in texts))
    made = view.holding(len(view.folded))
    assert (made is not None and made.seen_at_first().fits) == view.fits_screen
