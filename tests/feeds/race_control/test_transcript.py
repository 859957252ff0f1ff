"""Each line once, whichever source it came from."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.race_control import Message
from bot.feeds.race_control.transcript import MOST_MESSAGES, Transcript

NOON = dt.datetime(2025, 8, 31, 12, tzinfo=dt.UTC)


def message(index: int, text: str, seconds: float = 0) -> Message:
    return Message(index, NOON + dt.timedelta(seconds=seconds), text)


def test_a_message_keeps_its_sources_index_as_long_as_that_is_free() -> None:
    transcript = Transcript()
    assert transcript.take([message(3, "A"), message(5, "B")]) == (message(3, "A"), message(5, "B"))
    assert transcript.take([message(5, "C"), message(4, "D")]) == (message(6, "C"), message(4, "D"))


def test_it_is_known_by_its_second_and_its_text() -> None:
    transcript = Transcript([message(0, "A")])
    assert transcript.take([message(7, "A", seconds=0.9)]) == ()
    assert transcript.take([message(7, "A", seconds=1)]) == (message(7, "A", seconds=1),)


def test_what_is_new_comes_after_what_was_known_to_begin_with() -> None:
    """As it is numbered by somebody else, who counts otherwise."""
    transcript = Transcript([message(8, "A"), message(11, "B")])
    said = (message(0, "A"), message(1, "B"), message(2, "C"), message(20, "D"))
    assert transcript.take(said) == (message(12, "C"), message(20, "D"))


def test_a_session_that_never_ends_is_forgotten_from_its_middle_on() -> None:
    transcript = Transcript(message(n, f"{n}") for n in range(MOST_MESSAGES))
    assert transcript.take([message(0, "ONE MORE")]) == ()


@given(st.lists(st.builds(message, st.integers(0, 5), st.sampled_from("ABC"), st.integers(0, 3))))
def test_no_two_have_the_same_index_and_none_is_told_twice(said: list[Message]) -> None:
    transcript = Transcript()
    taken = [each for one in said for each in transcript.take([one])]
    assert len({each.index for each in taken}) == len(taken)
    assert [(each.at, each.text) for each in taken] == list(dict.fromkeys((each.at, each.text) for each in said))
    assert transcript.take(said) == ()
