"""Years that are named by the present one, by a clock that stands in the spring of 2022."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing
from bot.search.quotation_finder import Quotations
from bot.search.years_ago import with_years
from storage.incidents.reading import read_drivers
from tests.support.clock import FakeClock


@pytest.fixture(scope="module")
def in_2022() -> Incidents:
    return Incidents.load(FakeClock(dt.datetime(2022, 4, 24, 12, tzinfo=dt.UTC)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("imola last year", "imola-2021"),
        ("last year's Imola crash", "imola-2021"),
        ("Imola last season", "imola-2021"),
        ("imola letztes Jahr", "imola-2021"),
        ("Imola im vergangenen Jahr", "imola-2021"),
        ("Imola vor einem Jahr", "imola-2021"),
        ("imola el año pasado", "imola-2021"),
        ("Imola hace un año", "imola-2021"),
        ("imola a year ago", "imola-2021"),
        ("monza two years ago", None),
        ("spa vor 24 Jahren", "spa-1998"),
        ("baku hace cuatro años", "baku-2018"),
        ("silverstone this year", "silverstone-2022"),
        ("silverstone dieses Jahr", "silverstone-2022"),
        ("silverstone este año", "silverstone-2022"),
    ],
)
def test_a_year_may_be_named_by_the_present_one(in_2022: Incidents, typed: str, meant: str | None) -> None:
    match in_2022.look_up(typed):
        case Found(incident):
            assert incident.id == meant
        case Nothing(season=season, place=place):
            assert (meant, season, place) == (None, 2020, "Monza")
        case several:
            pytest.fail(f"{typed!r} comes to {several}")


def test_a_year_without_a_crash_there_is_named(in_2022: Incidents) -> None:
    found = in_2022.look_up("imola this year")
    assert isinstance(found, Nothing)
    assert (found.place, found.season, found.there) == ("Imola", 2022, 1)


def test_the_clock_decides_which_year_was_the_last() -> None:
    later = Incidents.load(FakeClock(dt.datetime(2023, 1, 1, tzinfo=dt.UTC)))
    assert isinstance(later.look_up("imola last year"), Nothing)


def test_what_was_said_last_year_is_quoted(in_2022: Incidents) -> None:
    quoted = Quotations(in_2022, read_drivers()).about("russell imola last year")
    assert {(saying.incident.id, saying.quotation.speaker) for saying in quoted} == {("imola-2021", "George Russell")}
    assert {saying.incident.season for saying in Quotations(in_2022, read_drivers()).about("last year")} == {2021}


@pytest.mark.parametrize("typed", ["imola", "the last crash", "hamilton some years ago", "vor den Jahren", "Last Lap"])
def test_what_names_no_year_stays_as_it_was_typed(typed: str) -> None:
    assert with_years(typed, 2022) == typed


PIECES = ["last", "year", "Jahr", "vor", "zwei", "3", "hace", "años", "ago", "imola", "this", "el", "pasado", "99", "²"]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)))
def test_whatever_is_typed_is_answered(in_2022: Incidents, typed: str) -> None:
    in_2022.look_up(typed)
    assert with_years(with_years(typed, 2022), 2022) == with_years(typed, 2022)
