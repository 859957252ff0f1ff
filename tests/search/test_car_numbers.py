"""Numbers of two digits in a query: a season's, or a car's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.car_numbers import without_cars
from bot.search.catalogue import Incidents
from bot.search.found import Nothing


def ids(incidents: Incidents, query: str) -> list[str]:
    return [incident.id for incident in incidents.find(query)]


@pytest.mark.parametrize(
    "query",
    ["bottas 77 russell 63", "77 bottas 63 russell", "BOT 77 RUS 63", "Bottas #77, Russell #63"],
)
def test_the_numbers_of_cars_are_no_seasons(shipped: Incidents, query: str) -> None:
    assert "imola-2021" in ids(shipped, query)


@pytest.mark.parametrize(
    ("query", "without"),
    [
        ("russell 63", "russell"),
        ("verstappen 33", "verstappen"),
        ("sainz 55", "sainz"),
        ("hamilton 44 verstappen 33", "hamilton verstappen"),
        ("leclerc 16 gasly 10", "leclerc gasly"),
        ("hamilton #44 and #33", "hamilton"),
        ("russell car 21", "russell"),
        ("Verstappen Nr. 33 gegen Norris", "verstappen norris"),
    ],
)
def test_a_driver_with_a_number_is_that_driver(shipped: Incidents, query: str, without: str) -> None:
    assert ids(shipped, query) == ids(shipped, without)


@pytest.mark.parametrize(
    "query",
    ["44 vs 33", "#77 vs #63", "car 77 and car 63", "#44", "coche 44", "77 gegen 63", "77 & 63", "no. 44", "44 con 33"],
)
def test_cars_by_their_numbers_alone_are_told_of_no_season(shipped: Incidents, query: str) -> None:
    assert shipped.look_up(query) == Nothing()


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("imola 21", "imola-2021"),
        ("#ImolaGP21", "imola-2021"),
        ("#imola 21", "imola-2021"),
        ("spa 98", "spa-1998"),
        ("spa 98 schumacher", "spa-1998"),
        ("russell 21", "imola-2021"),
        ("senna 89", "suzuka-1989"),
        ("schumacher 94 hill", "adelaide-1994"),
        ("multi 21", "malaysia-2013"),
        ("hamilton 51g", "silverstone-2021"),
    ],
)
def test_a_season_in_two_digits_stays_one(shipped: Incidents, query: str, meant: str) -> None:
    assert ids(shipped, query) == [meant]


@pytest.mark.parametrize(("query", "season"), [("senna 94", 1994), ("hamilton 13", 2013)])
def test_a_season_in_which_a_driver_can_have_raced_is_not_passed_over(
    shipped: Incidents, query: str, season: int
) -> None:
    found = shipped.look_up(query)
    assert isinstance(found, Nothing)
    assert found.season == season


@pytest.mark.parametrize("query", ["44 33", "1=1", "1 1", "77/63", "4 - 1", "2 0 2 1"])
def test_numbers_alone_name_nothing(shipped: Incidents, query: str) -> None:
    assert shipped.look_up(query) == Nothing()


def test_numbers_that_stand_apart_make_no_season(shipped: Incidents) -> None:
    assert "canada-2011" not in ids(shipped, "canada 1 1 0")
    assert [match.incident.id for match in shipped.rank("1=1")] == []


QUERIES = st.lists(
    st.one_of(st.sampled_from(["bottas", "russell", "ver", "max", "imola", "モ"]), st.integers(0, 120).map(str))
)


@given(QUERIES.map(" ".join))
def test_whatever_is_left_of_a_query_has_no_car_in_it(shipped: Incidents, query: str) -> None:
    drivers = {"bottas": {2021}, "russell": {2021}, "ver": {2016, 2025}, "max": set[int]()}
    left = without_cars(query, drivers.get, lambda: 2026)
    assert set(left.split()) <= {*query.split()}
    shipped.look_up(query)


@pytest.mark.parametrize(
    ("query", "incident"),
    [
        *((said, "imola-2021") for said in ("imola lap 31", "Imola Runde 31", "31. Runde Imola", "imola vuelta 31")),
        *(
            (said, "abu-dhabi-2021")
            for said in ("abu dhabi lap 58", "abu dhabi 58 laps", "abu dhabi P2", "Yas Marina top 10")
        ),
        *((said, "austin-2024") for said in ("austin turn 12", "austin T12", "Austin Kurve 12", "austin curva 12")),
        *((said, "brazil-2021") for said in ("Brasilien Kurve 4", "interlagos corner 4", "turn 4 brazil 21")),
    ],
)
def test_laps_corners_and_places_are_no_seasons(shipped: Incidents, query: str, incident: str) -> None:
    assert ids(shipped, query) == [incident]


@pytest.mark.parametrize("query", ["lap 31", "turn 12", "T12", "Kurve 12", "vuelta 58", "top 10", "P10"])
def test_nobody_is_told_of_a_season_that_they_did_not_ask_for(shipped: Incidents, query: str) -> None:
    found = shipped.look_up(query)
    assert isinstance(found, Nothing)
    assert found.season is None
