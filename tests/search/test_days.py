"""Days as people write them: which one is read, and which incidents a search finds by it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.catalogue import Incidents
from bot.search.days import MONTHS, named_day, no_such_day
from bot.search.found import Found, Nothing, Several

IMOLA = dt.date(2021, 4, 18)

IMOLA_TYPED = [
    *("18.04.2021", "18.4.2021", "18. 4. 2021", "18.04.21", "18/04/2021", "18/4/21", "18-04-2021", "18-Apr-2021"),
    *("2021-04-18", "2021/4/18", "2021.04.18", "4/18/2021", "2021 April 18"),
    *("18 April 2021", "18th April 2021", "the 18th of April, 2021", "18 apr 21", "18apr2021", "Sunday, 18 April 2021"),
    *("am Sonntag, den 18. April 2021", "domingo 18 de abril de 2021"),
    *("April 18 2021", "April 18, 2021", "Apr. 18th, 2021", "on April the 18th, 2021"),
    *("18. April 2021", "am 18. April 2021", "18 de abril de 2021", "el 18 de abril del 2021", "abril 18, 2021"),
    *("18 aprile 2021", "18 avril 2021", "crash on 18.04.2021.", "what happened on 2021-04-18?"),
]


@pytest.mark.parametrize("typed", IMOLA_TYPED)
def test_a_day_is_read_in_the_ways_that_people_write_one(typed: str) -> None:
    named = named_day(typed)
    assert named is not None
    assert named.days == (IMOLA,)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1. März 2020", dt.date(2020, 3, 1)),
        ("1er mai 1994", dt.date(1994, 5, 1)),
        ("1º de mayo de 1994", dt.date(1994, 5, 1)),
        ("3 dic 98", dt.date(1998, 12, 3)),
        ("29.02.2020", dt.date(2020, 2, 29)),
    ],
)
def test_a_month_is_known_in_several_languages(typed: str, day: dt.date) -> None:
    named = named_day(typed)
    assert named is not None
    assert named.days == (day,)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("4/5/2021", [(5, 4), (4, 5)]),
        ("4-5-2021", [(5, 4), (4, 5)]),
        ("4.5.2021", [(5, 4)]),
        ("5/5/2021", [(5, 5)]),
        ("4.18.2021", [(4, 18)]),
        ("2021-05-04", [(5, 4)]),
    ],
)
def test_where_the_month_may_come_first_both_days_are_meant(typed: str, days: list[tuple[int, int]]) -> None:
    named = named_day(typed)
    assert named is not None
    assert named.days == tuple(dt.date(2021, month, day) for month, day in days)


@pytest.mark.parametrize(
    "typed",
    [
        *("imola 21", "imola 2021", "multi 21", "18 April", "april 2021", "bottas 77 russell 63", "turn 4/5 2021"),
        *("norris 4 verstappen 1 2024", "31.2.2021", "29.02.2021", "0.0.2021", "2021-13-40", "0000-01-01", "1.1.0001"),
        *("1.2.3.4", "10.0.2021.18", "lap 3 - 4 - 5", "mayday 3 2000", "marc 3 2020", "", "18 18 18", "99999-99-99"),
    ],
)
def test_what_is_no_day_is_not_read_as_one(typed: str) -> None:
    assert named_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *(
            (day, day)
            for day in ("31.2.2021", "29.02.2021", "31/4/21", "2021-13-40", "2021-02-31", "18.13.2021", "32.1.2021")
        ),
        *((day, day) for day in ("30 February 2021", "February 30, 2021", "30 de febrero de 2021", "0.0.2021")),
        ("am 30. Februar 2021 in Spa", "30. Februar 2021"),
        ("imola 31.4.2021?", "31.4.2021"),
    ],
)
def test_a_day_that_no_calendar_has_is_known_to_be_none(typed: str, day: str) -> None:
    none = no_such_day(typed)
    assert none is not None
    assert (none.typed, none.year) == (day, 2021)


@pytest.mark.parametrize(
    "typed",
    [
        *("18.04.2021", "31.2.2021 or 1.3.2021", "44/33/2021", "33/4/2021", "77.63.21", "13/13/2021", "1.1.0001"),
        *(
            "verstappen 33 august 2021",
            "1.2.3.4",
            "10.0.2021.18",
            "lap 3 - 4 - 5",
            "imola 2021",
            "norris 4 ham 44 2021",
        ),
    ],
)
def test_what_is_a_day_or_cars_numbers_is_not_said_to_be_no_day(typed: str) -> None:
    assert no_such_day(typed) is None


def test_where_there_is_no_such_day_nothing_is_found_and_a_place_beside_it_is_near(shipped: Incidents) -> None:
    assert shipped.look_up("31.2.2021") == Nothing(no_day="31.2.2021")
    found = shipped.look_up("imola 31.4.2021")
    assert isinstance(found, Nothing)
    assert (found.no_day, [incident.id for incident in found.near]) == ("31.4.2021", ["imola-2021"])


def test_what_is_said_beside_a_day_is_told_apart_from_it() -> None:
    named = named_day("Bottas am 18. April 2021 in Imola")
    assert named is not None
    assert named.beside.split() == ["bottas", "in", "imola"]
    fillers = named_day("what happened on 18.04.2021")
    assert fillers is not None
    assert fillers.beside == ""


@pytest.mark.parametrize("typed", IMOLA_TYPED)
def test_a_day_finds_what_happened_on_it(shipped: Incidents, typed: str) -> None:
    found = shipped.look_up(typed)
    assert isinstance(found, Found), found
    assert found.value.id == "imola-2021"


@pytest.mark.parametrize(
    "typed",
    ["imola 18.04.2021", "18.04.2021 Bottas", "russell bottas 2021-04-18", "imolla 18.04.21", "please 18 April 2021"],
)
def test_a_place_or_a_driver_may_stand_beside_the_day(shipped: Incidents, typed: str) -> None:
    found = shipped.look_up(typed)
    assert isinstance(found, Found), found
    assert found.value.id == "imola-2021"


@pytest.mark.parametrize("typed", ["spa 18.04.2021", "magnussen 18.04.2021", "18.04.2021 f3", "17 April 2021"])
def test_what_was_not_on_that_day_is_near_at_best(shipped: Incidents, typed: str) -> None:
    found = shipped.look_up(typed)
    assert isinstance(found, Nothing), found
    assert [incident.id for incident in found.near] == ["imola-2021"]
    assert found.days == (dt.date(2021, 4, 17 if "17" in typed else 18),)


def test_both_days_are_looked_at_where_either_may_be_meant(shipped: Incidents) -> None:
    found = shipped.look_up("9/12/2021")
    assert isinstance(found, Found)
    assert found.value.id == "monza-2021"


def test_the_days_around_are_near_wherever_what_is_near_is_offered(shipped: Incidents) -> None:
    assert [incident.id for incident in shipped.nearest("imola-2021-04-19")] == ["imola-2021"]
    assert [incident.id for incident in shipped.nearest("20 April 2021 all russell")] == ["imola-2021"]


def test_a_place_is_near_where_the_days_around_are_empty(shipped: Incidents) -> None:
    found = shipped.look_up("imola 1.6.2021")
    assert isinstance(found, Nothing)
    assert found.near[0].id == "imola-2021"


def test_a_day_of_nothing_comes_near_nothing(shipped: Incidents) -> None:
    assert shipped.look_up("24.12.2020") == Nothing(days=(dt.date(2020, 12, 24),))


@given(st.data())
def test_every_incident_is_found_by_its_day(shipped: Incidents, data: st.DataObject) -> None:
    incident = data.draw(st.sampled_from(list(shipped)))
    month = data.draw(st.sampled_from([name for name, number in MONTHS.items() if number == incident.date.month]))
    day = incident.date
    typed = data.draw(
        st.sampled_from(
            [
                day.isoformat(),
                f"{day:%d.%m.%Y}",
                f"{day.day} {month} {day.year}",
                f"{month} {day.day}, {day.year}",
                f"{incident.race} {day:%d/%m/%Y}",
            ]
        )
    )
    match shipped.look_up(typed):
        case Found(found):
            assert found == incident
        case Several(several):
            assert incident in several
        case nothing:
            pytest.fail(f"{typed!r} comes to {nothing}")
    assert incident in shipped.like(typed, 0.8)
    assert incident in shipped.starting(typed)


NUMBERS = st.integers(0, 99_999).map(str)
PIECES = st.sampled_from([*MONTHS, *"./-, ", "of", "de", "th", ".", "imola", "ä", "٣", "İ", "ſept", "²", "2021", "18"])


@given(st.one_of(st.text(max_size=60), st.lists(st.one_of(NUMBERS, PIECES), max_size=12).map("".join)))
def test_whatever_is_typed_is_read_and_answered(shipped: Incidents, typed: str) -> None:
    named = named_day(typed)
    shipped.look_up(typed)
    shipped.like(typed, 0.8)
    if named is not None:
        assert 1 <= len(named.days) <= 2
        again = named_day(named.typed)
        assert again is not None
        assert again.days == named.days, "what is left of a query still names that day"


@pytest.mark.parametrize("typed", ["on " * 66 + "1", "1" + " of" * 66, "1/" * 100, "1 of the " * 22, "2021-" * 40])
def test_what_only_begins_like_a_day_is_soon_given_up(typed: str) -> None:
    assert named_day(typed) is None
