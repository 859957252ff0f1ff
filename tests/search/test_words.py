import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.words import fold, split, telling


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Räikkönen", ["raikkonen"]),
        ("SÃO PAULO", ["sao", "paulo"]),
        ("#ImolaGP21", ["imola", "gp", "21"]),
        ("imolagp", ["imola", "gp"]),
        ("monza21", ["monza", "21"]),
        ("Gran Premio d'Italia", ["gran", "premio", "italia"]),
        ("Norris’s all my bad", ["norris", "all", "my", "bad"]),
        ("Multi-21, Seb!", ["multi", "21", "seb"]),
        ("f1 2021", ["f1", "2021"]),
        ("Großbritannien", ["grossbritannien"]),
        ("🏎️ 💥", []),
        ("", []),
    ],
)
def test_case_accents_marks_and_glue_do_not_matter(typed: str, read: list[str]) -> None:
    assert split(typed) == read


def test_fillers_are_left_out_unless_there_is_nothing_else() -> None:
    assert telling(split("what happened at Imola")) == ["imola"]
    assert telling(split("the crash")) == ["the", "crash"]


@given(st.text())
def test_what_is_folded_stays_so(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_plain_and_split_no_further(text: str) -> None:
    words = split(text)
    assert all(word.isascii() and word.isalnum() and not any(map(str.isupper, word)) for word in words)
    assert split(" ".join(words)) == words
    assert telling(telling(words)) == telling(words)
