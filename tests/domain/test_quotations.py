from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quotations import Quotation
from bot.forms.mistakes import FormError
from bot.forms.reading import read

WORDS = "There was room enough."


def quotation(words: str = WORDS, speaker: str = "Dan Dale", occasion: str = "after the race") -> Quotation:
    return read(
        Quotation,
        {
            "speaker": speaker,
            "side": "dale",
            "words": words,
            "occasion": occasion,
            "date": "2021-04-18",
            "link": "https://example.org/",
        },
    )


def test_a_quotations_key_is_about_who_and_what_alone() -> None:
    assert quotation().key == quotation(occasion="on team radio").key
    assert len({quotation().key, quotation("There was no room at all.").key, quotation(speaker="Harry Hill").key}) == 3


@given(st.text())
def test_a_text_is_one_printable_paragraph_or_refused(words: str) -> None:
    try:
        read = quotation(words).words
    except FormError:
        return
    assert read.isprintable()
    assert read == " ".join(words.split())
    assert 8 <= len(read) <= 480
