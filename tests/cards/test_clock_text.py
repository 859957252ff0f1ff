import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.clock_text import city, clock_face, local_time
from bot.search.time_words import LONGEST, length, span, time_of_day


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("9", 540), ("09:00", 540), ("9.30", 570), ("9h15", 555), ("10pm", 1320), ("12 am", 0), ("12PM", 720), (" 0 ", 0)],
)
def test_a_time_of_day_is_read_however_it_is_typed(typed: str, minute: int) -> None:
    assert time_of_day(typed) == minute


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "13pm", "0am", "9:5", "nine", "-9", "٩", "99999"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    assert time_of_day(typed) is None


@pytest.mark.parametrize("typed", ["22:00-08:00", "22-8", "10pm to 8 am", "22.00 – 08.00", "22:00 until 08:00"])
def test_a_span_is_read_however_it_is_typed(typed: str) -> None:
    assert span(typed) == (1320, 480)


@pytest.mark.parametrize("typed", ["", "22:00", "22:00-", "8-8", "22:00-25:00", "22:00-08:00-09:00"])
def test_what_is_no_span_is_none(typed: str) -> None:
    assert span(typed) is None


@pytest.mark.parametrize(
    ("typed", "minutes"), [("120", 120), ("90 min", 90), ("2h", 120), ("1 hour", 60), ("48h", LONGEST)]
)
def test_a_length_of_time_is_in_minutes(typed: str, minutes: int) -> None:
    assert length(typed) == minutes


@pytest.mark.parametrize("typed", ["", "0", "-5", "49h", "9999", "2 days", "½"])
def test_what_is_no_length_or_too_long_is_none(typed: str) -> None:
    assert length(typed) is None


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "14:00 in London"),
        ("America/Argentina/Buenos_Aires", "10:00 in Buenos Aires"),
        ("Etc/GMT-2", "15:00 UTC+2"),
        ("Etc/GMT+3", "10:00 UTC-3"),
        ("Etc/GMT", "13:00 UTC"),
        ("UTC", "13:00 UTC"),
        ("CET", "15:00 CET"),
        ("US/Eastern", "09:00 US/Eastern"),
    ],
)
def test_a_moment_is_told_by_the_clocks_of_a_zone(zone: str, said: str) -> None:
    assert local_time(dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC), zone) == said
    assert said.endswith(city(zone))


@given(st.integers(0, 1439))
def test_what_a_clock_shows_is_read_as_what_it_is(minute: int) -> None:
    assert time_of_day(clock_face(minute)) == minute
