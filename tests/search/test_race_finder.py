import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.domain.season import Race
from bot.domain.sessions import SessionKind
from bot.search.circuit_finder import CircuitFinder
from bot.search.found import CalledOff, Found, Nothing, NotKnownYet, Several
from bot.search.race_finder import RaceFinder, race_words, season_and_words
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.seasons import Seasons
from tests.support.clock import FakeClock
from tests.support.season import BAHRAIN, BRAZIL, CALENDAR, FETCHED, IMOLA, MONZA, RESULT, SILVERSTONE, SPRINT

AUTUMN = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)


@pytest.fixture
async def seasons(sqlite_url: str) -> AsyncIterator[Seasons]:
    """The calendar of 2021 is known."""
    database = open_database(sqlite_url)
    await database.upgrade()
    seasons = Seasons(database)
    await seasons.store_schedule(2021, CALENDAR, FETCHED)
    yield seasons
    await database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(AUTUMN)


@pytest.fixture
def finder(seasons: Seasons, clock: FakeClock) -> RaceFinder:
    return RaceFinder(seasons, CircuitFinder(read_circuits()), clock)


@pytest.mark.parametrize(
    ("season", "words", "found"),
    [
        (2021, ["emilia", "romagna"], IMOLA),
        (2021, ["imloa"], IMOLA),
        (None, ["silverst"], SILVERSTONE),
        (2021, ["sao", "paulo"], BRAZIL),
        (2021, ["brazil"], BRAZIL),
        (2021, [], BRAZIL),
    ],
)
async def test_one_race_is_found(finder: RaceFinder, season: int | None, words: Sequence[str], found: Race) -> None:
    assert await finder.find(season, words) == Found(found)


async def test_several_races_that_fit_as_well_are_all_named(finder: RaceFinder) -> None:
    assert await finder.find(2021, ["italy"]) == Several((IMOLA, MONZA))


async def test_no_race_is_nothing_and_a_season_that_is_not_stored_may_have_it(
    finder: RaceFinder, seasons: Seasons
) -> None:
    assert await finder.find(2021, ["xyzzy"]) == Nothing()
    assert await finder.find(1988, ["suzuka"]) == NotKnownYet(1988)
    assert await finder.find(None, ["xyzzy"]) == NotKnownYet(2020)
    await seasons.store_schedule(2020, [replace(BAHRAIN, season=2020)], FETCHED)
    assert await finder.find(None, ["xyzzy"]) == Nothing()


async def test_without_a_name_it_is_the_latest_with_a_result_or_the_seasons_latest_that_has_begun(
    finder: RaceFinder, seasons: Seasons, clock: FakeClock
) -> None:
    assert await finder.find(None, []) == NotKnownYet(2021)
    for result in (RESULT, SPRINT):
        await seasons.store_classification(result, FETCHED)
    assert await finder.find(None, []) == Found(IMOLA)
    assert await finder.find(None, [], SessionKind.SPRINT) == Found(SILVERSTONE)
    clock.set(dt.datetime(2021, 7, 17, 18, tzinfo=dt.UTC))
    assert await finder.find(2021, []) == Found(IMOLA)
    assert await finder.find(2021, [], SessionKind.SPRINT) == Found(SILVERSTONE), (
        "its sprint has begun, its race has not"
    )


def test_the_latest_is_meant_without_any_words() -> None:
    assert race_words("the latest race of 2021") == (2021, [])


@pytest.mark.parametrize(
    ("asked", "season", "words"),
    [
        ("imola 2021", 2021, ["imola"]),
        ("1988", 1988, []),
        ("brazil 24", 2024, ["brazil"]),
        ("monza 50", 1950, ["monza"]),
        ("70th anniversary", None, ["70", "th", "anniversary"]),
        ("", None, []),
        ("the grand prix of a", None, []),
    ],
)
def test_a_season_is_told_from_the_words(asked: str, season: int | None, words: list[str]) -> None:
    assert season_and_words(asked) == (season, words)


@pytest.mark.parametrize("season", [2021, None])
async def test_a_race_that_was_called_off_is_known_as_such(
    finder: RaceFinder, seasons: Seasons, clock: FakeClock, season: int | None
) -> None:
    lost = dt.datetime(2021, 4, 1, tzinfo=dt.UTC)
    await seasons.store_schedule(2021, [race for race in CALENDAR if race is not IMOLA], lost)
    clock.set(lost + dt.timedelta(hours=5))
    still_on_it = Found(IMOLA) if season else NotKnownYet(2020)
    assert await finder.find(season, ["emilia"]) == still_on_it, "feeds lose races for a moment"
    clock.set(AUTUMN)
    assert await finder.find(season, ["emilia"]) == CalledOff(IMOLA)
    assert await finder.find(season, ["monza"]) == Found(MONZA)
    assert await finder.find(season, ["italy"]) == Found(MONZA), "what is held is meant where both fit as well"
    assert await finder.find(2021, []) == Found(BRAZIL)


async def test_a_race_by_another_name_was_not_called_off(finder: RaceFinder, seasons: Seasons) -> None:
    renamed = replace(IMOLA, name="Made in Italy Grand Prix")
    races = [renamed if race is IMOLA else race for race in CALENDAR]
    await seasons.store_schedule(2021, races, dt.datetime(2021, 4, 1, tzinfo=dt.UTC))
    assert await finder.find(2021, ["emilia", "romagna"]) == Found(renamed)


@pytest.mark.parametrize("asked", ["round 2 2021", "Lauf 2 2021", "2021 ronda 2", "Runde 2 der Saison 2021", "round 2"])
async def test_a_race_is_found_by_its_round_as_cards_count_it(finder: RaceFinder, asked: str) -> None:
    assert await finder.find(*race_words(asked)) == Found(IMOLA)


def test_the_number_of_a_round_is_no_season() -> None:
    assert race_words("round 12") == (None, ["round12"])
    assert race_words("round 12 monza") == (None, ["round", "12", "monza"])


async def test_a_round_that_there_is_not_is_no_other_one(finder: RaceFinder) -> None:
    assert await finder.find(*race_words("round 22 2021")) == Nothing()
