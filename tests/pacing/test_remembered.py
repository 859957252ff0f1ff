"""A bounded memory against the longest list that it could be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.remembered import Remembered


def test_what_was_set_longest_ago_is_forgotten_first() -> None:
    memory: Remembered[str, int] = Remembered(2)
    memory["a"], memory["b"], memory["a"], memory["c"] = 1, 2, 3, 4
    assert dict(memory) == {"a": 3, "c": 4}


def test_what_is_refreshed_stays() -> None:
    memory: Remembered[str, int] = Remembered(2)
    memory["a"], memory["b"] = 1, 2
    memory.refresh("a")
    memory["c"] = 3
    assert [*memory] == ["a", "c"]
    with pytest.raises(KeyError):
        memory.refresh("b")


@given(keys=st.lists(st.integers(0, 20)), most=st.integers(1, 8))
def test_it_holds_the_newest_entries_and_no_more(keys: list[int], most: int) -> None:
    memory: Remembered[int, int] = Remembered(most)
    for moment, key in enumerate(keys):
        memory[key] = moment
    newest = list(dict.fromkeys(reversed(keys)))[:most]
    assert {*memory} == {*newest}
