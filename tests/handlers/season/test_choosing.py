import datetime as dt
from dataclasses import replace

import pytest

from bot.chat.dispatcher import BROKEN
from handlers.season.choosing import FETCHING
from tests.support.conversation import PIT_WALL, labels
from tests.support.replies import ATTACKS
from tests.support.season import BAHRAIN, MONZA, RESULT, Fans, another_year

AUTUMN = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)


@pytest.fixture
async def informed(fans: Fans) -> Fans:
    """Fans after a season of which every result is known."""
    fans.now = AUTUMN
    await fans.know(calendar=[another_year(BAHRAIN, 2020)])
    for race in await fans.seasons.schedule(2021):
        await fans.know(replace(RESULT, race=race))
    return fans


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("imola 2021", "Emilia Romagna Grand Prix 2021"),
        ("Emilia-Romagna GP", "Emilia Romagna Grand Prix 2021"),
        ("#ImolaGP21", "Emilia Romagna Grand Prix 2021"),
        ("2021-emilia-romagna-grand-prix", "Emilia Romagna Grand Prix 2021"),
        ("imloa", "Emilia Romagna Grand Prix 2021"),
        ("brazil 21", "São Paulo Grand Prix 2021"),
        ("SAO PAULO", "São Paulo Grand Prix 2021"),
        ("interlagos", "São Paulo Grand Prix 2021"),
        ("silverst", "British Grand Prix 2021"),
        ("england", "British Grand Prix 2021"),
        ("the italian grand prix", "Italian Grand Prix 2021"),
        ("last", "São Paulo Grand Prix 2021"),
        ("2021", "São Paulo Grand Prix 2021"),
    ],
)
async def test_a_race_is_found_by_whatever_a_fan_types(informed: Fans, asked: str, found: str) -> None:
    assert (await informed.ask(f"/results {asked}")).card.title == found


@pytest.mark.parametrize(
    "asked",
    [
        "18.04.2021",
        "April 18, 2021",
        "imola 18.4.21",
        "17.4.2021",
        "2021-04-18",
        "18. April 2021",
        "18 de abril de 2021",
    ],
)
async def test_a_race_is_found_by_a_day_of_its_weekend(informed: Fans, asked: str) -> None:
    assert (await informed.ask(f"results {asked}")).card.title == "Emilia Romagna Grand Prix 2021"
    assert (await informed.ask(f"recap {asked}")).card.title.startswith("Emilia Romagna Grand Prix: ")


@pytest.mark.parametrize(
    ("asked", "said", "ways"),
    [
        ("19.04.2021", "No race on 19 April 2021.", ["Emilia Romagna GP 2021", "British GP 2021"]),
        ("monza 18.04.2021", "No race on 18 April 2021.", ["Bahrain GP 2021", "British GP 2021"]),
        ("1.1.2021", "No race on 1 January 2021.", ["Bahrain GP 2021"]),
        ("31.2.2021", "“31.2.2021” is in no calendar.", ["The calendar"]),
    ],
)
async def test_a_day_without_a_race_leads_to_those_around_it(
    informed: Fans, asked: str, said: str, ways: list[str]
) -> None:
    for command in ("results", "recap"):
        reply = await informed.ask(f"{command} {asked}")
        assert (reply.card.title, labels(reply)) == (said, ways)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Kein Rennen am 4. Mai 2021 oder am 5. April 2021."),
        ("es", "Ninguna carrera el 4 de mayo de 2021 o el 5 de abril de 2021."),
    ],
)
async def test_each_of_two_days_has_its_own_preposition(informed: Fans, language: str, said: str) -> None:
    await informed.settings.change(PIT_WALL, language=language)
    assert (await informed.ask("results 4/5/2021")).card.title == said


async def test_a_day_of_a_season_that_is_not_stored_is_fetched_first(fans: Fans) -> None:
    assert (await fans.ask("results 7.7.2019")).card.title == FETCHING
    assert fans.wanted == [(2019, None)]


@pytest.mark.parametrize("asked", ["last year", "letztes Jahr", "im letzten Jahr", "el año pasado"])
async def test_a_season_may_be_named_by_the_present_one(informed: Fans, asked: str) -> None:
    informed.now = AUTUMN.replace(year=2022)
    assert (await informed.ask(f"results imola {asked}")).card.title == "Emilia Romagna Grand Prix 2021"
    assert (await informed.ask(f"calendar {asked}")).card.title == "The 2021 season: 5 races"
    assert (await informed.ask(f"standings teams {asked}")).card.title == "Constructors' championship 2021"
    assert "2021" in (await informed.ask(f"driver hamilton {asked}")).card.subtitle
    assert (await informed.ask(f"stewards {asked}")).card.title == "Fans and stewards 2021"
    assert (await informed.ask(f"blamed {asked} here")).card.title == "The blame championship 2021"


async def test_a_country_with_two_races_is_asked_which(informed: Fans) -> None:
    reply = await informed.ask("/results italy 2021")
    assert labels(reply) == ["Emilia Romagna GP 2021", "Italian GP 2021"]
    assert (await informed.press(reply, "Italian GP 2021")).card.title == "Italian Grand Prix 2021"


async def test_two_races_on_one_circuit_have_buttons_that_tell_them_apart(newcomers: Fans) -> None:
    newcomers.now = AUTUMN
    sakhir = replace(BAHRAIN, name="Sakhir Grand Prix", round=2)
    await newcomers.know(*(replace(RESULT, race=race) for race in (BAHRAIN, sakhir)), calendar=[BAHRAIN, sakhir])
    assert (await newcomers.ask("/results sakhir")).card.title == "Sakhir Grand Prix 2021"
    assert (await newcomers.ask("/results bahrain")).card.title == "Bahrain Grand Prix 2021"


async def test_without_a_season_the_last_race_of_that_name_is_meant(fans: Fans) -> None:
    before = another_year(MONZA, 2020)
    await fans.know(replace(RESULT, race=before), calendar=[before])
    assert (await fans.ask("/results monza")).card.title == "Italian Grand Prix 2020"


async def test_a_season_that_may_have_it_is_fetched_first(fans: Fans) -> None:
    assert (await fans.ask("/results monza")).card.title == FETCHING
    assert fans.wanted == [(2020, None)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("watkins glen 2021", "No race by that name in 2021."),
        ("xy 2021", "No race by that name in 2021."),
        ("xyzzy", "No race by that name in 2020 or 2021."),
        ("monza 1949", "The championship's seasons are 1950 to 2022."),
    ],
)
async def test_what_is_no_race_is_told_to_the_asker(informed: Fans, asked: str, said: str) -> None:
    reply = await informed.ask(f"/results {asked}")
    assert reply.private
    assert reply.card.title == said


async def test_before_anything_is_known_the_latest_is_fetched(newcomers: Fans) -> None:
    assert (await newcomers.ask("/recap")).card.title == FETCHING


async def test_a_season_without_a_race_so_far_has_not_begun(fans: Fans) -> None:
    await fans.know(calendar=[another_year(MONZA, 2022)])
    assert (await fans.ask("/results 2022")).card.title == "The season of 2022 has not begun."


@pytest.mark.parametrize(
    "typed", [*ATTACKS, "\x00", "2021" * 60, "9" * 400, "🏁", "page-9", "- 21", "sprint", "q", "’s 21"]
)
async def test_whatever_is_typed_is_answered(informed: Fans, typed: str) -> None:
    for command in ("next", "calendar", "standings", "results", "recap"):
        assert not (await informed.ask(f"/{command} {typed}")).card.title.startswith(BROKEN[:20])
