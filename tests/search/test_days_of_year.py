"""Days without their year: which one is read, and which incidents a search finds by it."""

import datetime as dt

import pytest

from bot.search.catalogue import Incidents
from bot.search.days_of_year import day_of_year
from bot.search.found import Found, Nothing, Several

IMOLA_TYPED = [
    *("18 April", "18th April", "the 18th of April", "April 18", "april 18th", "18 apr", "Sunday 18 April"),
    *(
        "18. April",
        "am 18. April",
        "18.4.",
        "18.04.",
        "18. 4.",
        "18.04",
        "18/4",
        "4/18",
        "18 de abril",
        "el 18 de abril",
    ),
    *(
        "imola 18 april",
        "18 April Bottas",
        "russell 18.4.",
        "imola 18/4",
        "18 april imola 2021",
        "what happened on 18 April",
    ),
]


@pytest.mark.parametrize("typed", IMOLA_TYPED)
def test_a_day_without_its_year_finds_what_happened_on_it_in_any(shipped: Incidents, typed: str) -> None:
    found = shipped.look_up(typed)
    assert isinstance(found, Found), found
    assert found.value.id == "imola-2021"
    assert found.value in shipped.like(typed, 0.8)
    assert found.value in shipped.starting(typed)


def test_of_two_years_both_are_offered(shipped: Incidents) -> None:
    found = shipped.look_up("13 November")
    assert isinstance(found, Several)
    assert {(incident.date.day, incident.date.month) for incident in found.values} == {(13, 11)}


def test_every_incident_is_found_by_its_day_without_the_year(shipped: Incidents) -> None:
    for incident in shipped.told:
        assert incident in shipped.find(f"{incident.date.day}.{incident.date.month}.")


@pytest.mark.parametrize("typed", ["30 October", "monza 18 April", "30.10.", "am 30. Oktober"])
def test_a_day_on_which_nothing_happened_in_any_year_has_those_around_it_near(shipped: Incidents, typed: str) -> None:
    found = shipped.look_up(typed)
    assert isinstance(found, Nothing)
    assert found.every_year
    assert found.near


def test_a_month_before_a_number_may_be_a_years_where_nothing_happened_on_that_day(shipped: Incidents) -> None:
    found = shipped.look_up("silverstone july 21")
    assert isinstance(found, Found)
    assert found.value.id == "silverstone-2021"


@pytest.mark.parametrize(
    "typed",
    [
        "18 April 2021",
        "31 April",
        "imola 21",
        "multi 21",
        "77/63",
        "april 2021",
        "lap 31",
        "1 + 1",
        "51g",
        "18",
        "",
        "1.2.3.4",
    ],
)
def test_what_is_no_day_or_one_with_its_year_is_not_read_as_one(typed: str) -> None:
    assert day_of_year(typed) is None


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("18 April", (2021, 4, 20), (2021, 4, 18)),
        ("18 April", (2021, 4, 18), (2021, 4, 18)),
        ("18 April", (2021, 4, 17), (2020, 4, 18)),
        ("29 February", (2023, 3, 1), (2020, 2, 29)),
        ("18 April imola 2019", (2021, 4, 20), (2019, 4, 18)),
    ],
)
def test_the_last_of_them_is_the_one_before(typed: str, today: tuple[int, int, int], day: tuple[int, int, int]) -> None:
    of_year = day_of_year(typed)
    assert of_year is not None
    named = of_year.last(dt.date(*today))
    assert named is not None
    assert named.days == (dt.date(*day),)
