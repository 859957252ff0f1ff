"""A quotation is shortened by nothing but leaving out; whatever else is done to it is found out."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.shortened import cut_unmarked, misquoted

WORDS = "I got the slipstream, and just as I pulled out, he didn't\nmove. That put me onto the wet stuff … so I lost it"

SENTENCE = st.lists(st.from_regex(r"[a-z]{1,6}(['’-][a-z]{1,3})?,?", fullmatch=True), min_size=3, max_size=30)


@pytest.mark.parametrize(
    "short",
    [
        WORDS,
        "I got the slipstream … he didn't move.",
        "… as I pulled out, he didn't move.",
        "… as I pulled out …",
        "That put me onto the wet stuff …",
        "That put me onto … so I lost it",
        "I got the slipstream, … just as I pulled out, he didn't  move. … lost it",
    ],
)
def test_what_is_only_left_out_is_told_by_a_mark(short: str) -> None:
    assert misquoted(short, WORDS) is None


@pytest.mark.parametrize(
    ("short", "at_fault"),
    [
        ("He didn't move.", "He didn't move."),
        ("… He didn't move.", "He didn't move."),
        ("as I pulled out, he didn't move.", "as I pulled out, he didn't move."),
        ("I got the slipstream", "I got the slipstream"),
        ("I got the slipstream.", "I got the slipstream."),
        ("I got the slip …", "I got the slip"),
        ("… he didn …", "he didn"),
        ("… t move.", "t move."),
        ("That put me … I got the slipstream …", "I got the slipstream"),
        ("I got the slipstream, and … just as I pulled out …", "just as I pulled out"),
        ("… I got the slipstream …", "I got the slipstream"),
        ("That put me onto the wet stuff … lost it …", "lost it"),
        ("That put me onto the wet stuff so I lost it", "That put me onto the wet stuff so I lost it"),
    ],
)
def test_what_is_more_than_left_out_is_named(short: str, at_fault: str) -> None:
    assert (misquoted(short, WORDS) or "").startswith(f"“{at_fault}” is not so in words")


@pytest.mark.parametrize("short", ["…", "… …", "I got … … he didn't move."])
def test_a_mark_stands_between_words(short: str) -> None:
    assert misquoted(short, WORDS) == "nothing stands between two marks (…)"


def test_a_dash_parts_words_as_a_blank_does() -> None:
    assert misquoted("He came—far too late …", "He came—far too late—and hit me.") is None
    assert misquoted("… and hit me.", "He came—far too late—and hit me.") is None


@given(SENTENCE, st.data())
def test_any_words_may_be_left_out_where_a_mark_says_so(words: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)).filter(any))
    short = [word if keep else "…" for word, keep in zip(words, kept, strict=True)]
    marked_once = [word for n, word in enumerate(short) if word != "…" or n == 0 or short[n - 1] != "…"]
    assert misquoted(" ".join(marked_once), " ".join(words)) is None


@given(SENTENCE, st.data())
def test_a_word_that_goes_unmarked_is_missed(words: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(1, len(words) - 2))
    short = " ".join(words[:gone] + words[gone + 1 :])
    assume(short not in " ".join(words))
    assert misquoted(short, " ".join(words)) is not None


@given(SENTENCE, st.sampled_from(["never", "NOT", "He"]), st.data())
def test_a_word_that_was_not_said_is_found(words: list[str], put: str, data: st.DataObject) -> None:
    assume(put not in words)
    place = data.draw(st.integers(0, len(words)))
    assert misquoted(" ".join([*words[:place], put, *words[place:]]), " ".join(words)) is not None


SPEECH = "I got the slipstream, and he moved very slightly and that just put me off line and put me onto the wet stuff."


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("he moved very slightly and that just put me onto the wet stuff", True),
        ("He moved – very slightly – and that put me off line", True),
        ("he moved very slightly and that just put me … onto the wet stuff", False),
        ("He moved, very slightly, and that just put me off line", False),
        (SPEECH, False),
        ("he moved onto the wet stuff", False),
        ("I got onto the wet stuff and he did not move at all", False),
    ],
)
def test_what_another_text_shows_to_be_left_out_wants_a_mark(text: str, cut: bool) -> None:
    assert cut_unmarked(text, SPEECH) is cut


@given(st.lists(st.sampled_from("abcdefgh"), min_size=8, max_size=30, unique=True).filter(lambda words: len(words) > 7))
def test_one_word_that_is_gone_is_missed_and_a_mark_makes_it_good(words: list[str]) -> None:
    assert cut_unmarked(" ".join(words[:4] + words[5:]), " ".join(words))
    assert not cut_unmarked(" ".join([*words[:4], "…", *words[5:]]), " ".join(words))


@given(st.text(), st.text(alphabet="ab .…'-\n"))
def test_any_two_texts_are_judged(short: str, words: str) -> None:
    misquoted(short, words)
    misquoted(words, short)
    cut_unmarked(short, words)
    cut_unmarked(words, short)
