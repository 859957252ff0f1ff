from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.search.letters import Letters
from bot.search.similarity import alike

NAMES = st.text("abcmnos", min_size=1, max_size=9)
MISSED = 2


@given(st.lists(NAMES, unique=True, max_size=40).map(sorted), NAMES, st.integers(0, 3))
@example(["mansell", "maso", "mason", "nosam", "senna"], "masno", 1)
def test_no_name_is_left_out_that_so_few_wrong_letters_make_of_a_word(names: list[str], word: str, wrong: int) -> None:
    found = Letters(names).alike(word, MISSED, wrong)
    assert found == [name for name in names if name in found], "in their order, each once"
    assert all(abs(len(name) - len(word)) <= MISSED for name in found)
    meant = [name for name in names if abs(len(name) - len(word)) <= MISSED and OSA.distance(word, name) <= wrong]
    assert set(meant) <= {*found}


@given(st.lists(NAMES, unique=True, max_size=40).map(sorted), st.text("abcmnos", min_size=5, max_size=9))
def test_the_likeliest_of_them_are_those_of_all(names: list[str], word: str) -> None:
    least = 1 - 2 / (len(word) + MISSED)
    assert alike(word, Letters(names).alike(word, MISSED, 2), least, 4) == alike(word, names, least, 4)


def test_what_has_other_letters_is_left_out() -> None:
    names = Letters(["mason", "monaco", "monza", "suzuka"])
    assert names.alike("monsa", MISSED, 1) == ["mason", "monaco", "monza"]
    assert names.alike("befgh", MISSED, 1) == []
