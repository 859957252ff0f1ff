import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.clock_text import city, clock_face, local_time
from bot.i18n import speaking
from bot.search.time_words import LONGEST_HOLD_MINUTES, hours, length, nights, seconds, span, time_of_day


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("9", 540),
        ("09:00", 540),
        ("9.30", 570),
        ("9h15", 555),
        ("10pm", 1320),
        ("12 am", 0),
        ("12PM", 720),
        (" 0 ", 0),
        ("9 Uhr", 540),
        ("9h", 540),
        ("a las 9", 540),
        ("nine", 540),
        ("noon", 720),
        ("Mitternacht", 0),
        ("9 in the morning", 540),
        ("zehn Uhr abends", 1320),
        ("22 Uhr nachts", 1320),
        ("2 Uhr nachts", 120),
        ("12 at night", 0),
        ("las 7 de la mañana", 420),
        ("9 p.m.", 1260),
        ("9 o'clock", 540),
        ("0930", 570),
    ],
)
def test_a_time_of_day_is_read_however_it_is_typed(typed: str, minute: int) -> None:
    assert time_of_day(typed) == minute


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "13pm", "0am", "9:5", "nineish", "-9", "٩", "99999"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    assert time_of_day(typed) is None


LOCAL_SPANS = ("from 10pm to 8am", "22 Uhr bis 8 Uhr", "von 22 bis 8", "de 22 a 8", "entre las 22 y las 8", "22h-8h")


@pytest.mark.parametrize(
    "typed", ["22:00-08:00", "22-8", "10pm to 8 am", "22.00 – 08.00", "22:00 until 08:00", *LOCAL_SPANS]
)
def test_a_span_is_read_however_it_is_typed(typed: str) -> None:
    assert span(typed) == (1320, 480)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10 to 7", ((1320, 420), (600, 420))),
        ("12-8", ((0, 480), (720, 480))),
        ("10:00-07:00", ((600, 420),)),
        ("9 to 17", ((540, 1020),)),
        ("10pm to 7", ((1320, 420),)),
        ("22-7", ((1320, 420),)),
        ("7", ()),
    ],
)
def test_a_night_by_a_clocks_face_may_be_most_of_a_day(typed: str, meant: tuple[tuple[int, int], ...]) -> None:
    assert nights(typed) == meant


@pytest.mark.parametrize("typed", ["", "22:00", "22:00-", "8-8", "22:00-25:00", "22:00-08:00-09:00"])
def test_what_is_no_span_is_none(typed: str) -> None:
    assert span(typed) is None


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("120", 120),
        ("90 min", 90),
        ("2h", 120),
        ("1 hour", 60),
        ("48h", LONGEST_HOLD_MINUTES),
        ("2 Stunden", 120),
        ("2 horas", 120),
        ("half an hour", 30),
        ("anderthalb Stunden", 90),
        ("un día", 1440),
        ("2 days", LONGEST_HOLD_MINUTES),
        ("eine Stunde", 60),
    ],
)
def test_a_length_of_time_is_in_minutes(typed: str, minutes: int) -> None:
    assert length(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "number"), [("40", 40), ("40s", 40), ("90 Sekunden", 90), ("1 minute", 60), ("2 min", 120)]
)
def test_a_delay_is_in_seconds(typed: str, number: int) -> None:
    assert seconds(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"), [("24", 24), ("nach 24 Stunden", 24), ("2 Tage", 48), ("1 día", 24), ("1 semana", 168)]
)
def test_a_wait_is_in_hours(typed: str, number: int) -> None:
    assert hours(typed) == number


@pytest.mark.parametrize("typed", ["", "0", "-5", "49h", "9999", "3 days", "½"])
def test_what_is_no_length_or_too_long_is_none(typed: str) -> None:
    assert length(typed) is None


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "14:00 in London"),
        ("America/Argentina/Buenos_Aires", "10:00 in Buenos Aires"),
        ("America/Sao_Paulo", "10:00 in São Paulo"),
        ("Europe/Kiev", "16:00 in Kyiv"),
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


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "15:00 in Berlin"), ("es", "15:00 en Berlín")],
)
def test_a_city_is_called_as_the_chat_calls_it(language: str, said: str) -> None:
    with speaking(language):
        assert local_time(dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC), "Europe/Berlin") == said
        assert city("Asia/Tokyo") == "Tokio"
        assert city("Asia/Kolkata") == {"de": "Kalkutta", "es": "Calcuta"}[language]
        assert city("America/Sao_Paulo") == "São Paulo"
        assert city("Etc/GMT-2") == "UTC+2"


@given(st.integers(0, 1439))
def test_what_a_clock_shows_is_read_as_what_it_is(minute: int) -> None:
    assert time_of_day(clock_face(minute)) == minute
