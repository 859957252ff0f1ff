import pytest

from bot.app.settings import Settings
from bot.cards.public_pages import race_page
from bot.search.catalogue import Incidents
from tests.web.reader import Reader, reading


@pytest.mark.asyncio(loop_scope="session")
async def test_a_season_a_driver_and_a_circuit_have_their_incidents(resting: Reader) -> None:
    for path, there, absent in (
        ("/2021", "monza-2021", "baku-2018"),
        ("/drivers/verstappen", "baku-2018", "suzuka-1990"),
        ("/circuits/suzuka", "suzuka-1990", "monza-2021"),
    ):
        page = (await resting.page(path)).partition("<main")[2]
        assert f'href="/{there}"' in page
        assert f'href="/{absent}"' not in page


@pytest.mark.asyncio(loop_scope="session")
async def test_who_has_no_incident_has_no_page(resting: Reader) -> None:
    for path in ("/1999", "/drivers/nobody", "/circuits/nowhere", "/circuits/spa", "/stewards/1999", "/99999999999"):
        assert (await resting.get(path)).status_code == 404


@pytest.mark.asyncio(loop_scope="session")
async def test_a_list_is_filtered_by_words_and_their_beginnings(resting: Reader) -> None:
    page = await resting.page("/incidents?q=versta monz")
    assert "1 incident" in page
    assert 'href="/monza-2021"' in page
    assert 'value="versta monz"' in page


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_asked_for_stands_there_as_text(resting: Reader) -> None:
    page = await resting.page('/incidents?q="><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert "0 incidents" in page


async def test_a_list_is_sorted_by_votes(reader: Reader) -> None:
    await reader.vote("adelaide-1994", "all-hill", voters=2)
    page = await reader.page("/incidents?sort=votes")
    assert page.index('href="/adelaide-1994"') < page.index('href="/monza-2021"')
    newest = await reader.page("/incidents?sort=whatever&page=99999999")
    assert newest.index('href="/monza-2021"') < newest.index('href="/adelaide-1994"')


@pytest.mark.asyncio(loop_scope="session")
async def test_indexes_count_incidents(resting: Reader) -> None:
    page = await resting.page("/drivers?sort=incidents")
    assert page.index("Max Verstappen") < page.index("George Russell")
    assert '<a href="/circuits/suzuka">Suzuka</a></th><td class="number">3</td>' in await resting.page(
        "/circuits?q=suz"
    )


async def test_a_driver_is_told_who_blames_them(reader: Reader) -> None:
    await reader.vote("monza-2021", "all-verstappen")
    page = await reader.page("/drivers/verstappen")
    assert "In 2 of 3 incidents with a ruling" in page
    assert "In 1 of 1 incident with votes" in page


async def test_a_season_of_fans_against_stewards_is_a_table_and_a_picture(reader: Reader) -> None:
    assert "Nobody has voted on an incident of 2021 yet." in await reader.page("/stewards/2021")
    assert (await reader.get("/stewards/2021.png")).status_code == 404
    await reader.vote("monza-2021", "all-hamilton", voters=2)
    page = await reader.page("/de/stewards/2021")
    assert '<a href="/de/monza-2021">Hamilton und Verstappen, Monza 2021</a>' in page
    assert "2 von 2" in page
    picture = await reader.get("/de/stewards/2021.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


async def test_the_blame_championship_leads_to_its_drivers(reader: Reader) -> None:
    await reader.vote("monza-2021", "mostly-hamilton")
    page = await reader.page("/blamed/2021")
    assert '1. <a href="/drivers/hamilton">Lewis Hamilton</a>' in page
    assert "18.8" in page or "18.75" in page
    assert (await reader.get("/blamed/2021.png")).content.startswith(b"\x89PNG")


@pytest.mark.asyncio(loop_scope="session")
async def test_where_a_races_cards_lead_its_incidents_are_listed(resting: Reader) -> None:
    monza = resting.site.incidents.get("monza-2021")
    assert monza
    page = await resting.page(race_page(monza))
    assert 'href="/monza-2021"' in page
    assert 'href="/imola-2021"' not in page


@pytest.mark.asyncio(loop_scope="session")
async def test_a_list_in_which_nothing_is_found_leads_back(resting: Reader) -> None:
    for path in ("/incidents", "/2021", "/drivers", "/circuits"):
        page = await resting.page(f"{path}?q=nobody")
        assert f'Nothing in this list has these words. <a href="{path}">The whole list</a>' in page
        assert "Nothing in this list" not in await resting.page(path)


async def test_names_are_in_the_order_that_a_list_says(settings: Settings, shipped: Incidents) -> None:
    """People by their surnames, a son by his father's; places by their names as a whole."""
    async with reading(settings, shipped) as reader:
        drivers, circuits = await reader.page("/drivers"), await reader.page("/circuits")
    for page, names in (
        (drivers, ("Ocon", "Nelson Piquet Jr", "Prost")),
        (circuits, ("Adelaide", "Albert Park", "Austin", "Jerez", "Marina Bay", "Mexico City", "Suzuka", "Yas Marina")),
    ):
        places = [page.index(f"{name}</a>") for name in names]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "typed", "there"),
    [
        ("de", "Österreich", "austria-2019"),
        ("de", "Großer Preis von Ungarn", "hungary-2010"),
        ("de", "Rennleitung", "abu-dhabi-2021"),
        ("es", "gran bretaña hamilton", "silverstone-2021"),
        ("en", "interlagos", "brazil-2018"),
    ],
)
async def test_a_list_is_filtered_by_what_stands_in_it(
    settings: Settings, shipped: Incidents, language: str, typed: str, there: str
) -> None:
    async with reading(settings, shipped) as reader:
        page = await reader.page(f"/incidents?q={typed}", accept_language=language)
    assert f'href="/{there}"' in page
    assert 'href="/suzuka-1990"' not in page
