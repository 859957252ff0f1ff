import datetime as dt

import pytest

from bot.chat.cards import CARD, Card, Field
from bot.chat.instants import Instant, Shown, Timed, as_written, filled, joined, text_of
from bot.chat.text_limits import CLOCK, UnsendableError, units, weight

START = Instant(dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC), "Sunday 18 April, 15:00 in Rome")


def test_a_moment_stands_inside_a_text_and_is_written_where_no_clock_is_shown() -> None:
    text = filled("It starts on {time}; {left} to go.", time=START, left="a day")
    assert text == Timed(("It starts on ", START, "; a day to go."))
    assert as_written(text) == "It starts on Sunday 18 April, 15:00 in Rome; a day to go."


def test_texts_are_put_together_as_strings_are() -> None:
    lines = joined("\n", [text_of("Race: ", START), "Sprint: unknown"])
    assert lines == Timed(("Race: ", START, "\nSprint: unknown"))
    assert joined(", ", ["a", "b"]) == "a, b"
    assert filled("{first} and {second}", first="a", second="b") == "a and b"
    assert text_of() == joined(", ", []) == ""
    assert text_of("", START, "") == Timed((START,))


def test_the_same_text_is_the_same_value_however_it_was_put_together() -> None:
    assert hash(text_of("on ", text_of("", START), "", ".")) == hash(filled("on {time}.", time=START))


@pytest.mark.parametrize(
    ("at", "unix"),
    [
        (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None),
        (dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC), 1),
        (dt.datetime(1950, 5, 13, 14, tzinfo=dt.UTC), None),
        (dt.datetime(2038, 1, 19, 3, 14, 7, tzinfo=dt.UTC), 2**31 - 1),
        (dt.datetime(2038, 1, 19, 3, 14, 8, tzinfo=dt.UTC), None),
    ],
)
def test_readers_clocks_reach_from_1970_to_2038(at: dt.datetime, unix: int | None) -> None:
    assert Instant(at, "then").unix == unix


def test_an_instant_weighs_what_is_written_or_what_stands_for_it_where_a_clock_is_shown() -> None:
    short = text_of("at ", Instant(START.at, "15:00", Shown.TO_THE_SECOND))
    assert weight(short) == len("at ") + CLOCK
    assert weight(text_of(START)) == weight(START.written) > CLOCK
    assert units(short) == len("at 15:00")


@pytest.mark.parametrize("said", ["", " ", "half \ud800", "tab\there", "x" * (CARD + 1)])
def test_an_instant_that_could_not_be_sent_is_refused(said: str) -> None:
    instant = text_of("at ", Instant(START.at, said))
    for build in (
        lambda: Card("Title", paragraphs=(instant,)),
        lambda: Card("Title", footer=instant),
        lambda: Field("name", instant),
        lambda: Field(instant, "value"),
    ):
        with pytest.raises(UnsendableError):
            build()


def test_a_card_full_of_instants_is_full() -> None:
    line = text_of(Instant(START.at, "15:00"))
    most = (CARD - 48) // (CLOCK + 48) - 1
    Card("Title", paragraphs=(line,) * most)
    with pytest.raises(UnsendableError, match="a card weighs"):
        Card("Title", paragraphs=(line,) * (most + 2))
