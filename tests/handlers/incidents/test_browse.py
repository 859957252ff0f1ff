import pytest

from bot.app.settings import Settings
from bot.chat.instants import as_written
from bot.domain.places import User
from bot.search.catalogue import Incidents
from tests.support.conversation import Ask, Press, conversation, labels


async def test_all_incidents_are_listed_newest_first(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/incidents", al)
    assert reply.card.title == "8 incidents"
    lines = as_written(reply.card.paragraphs[0]).splitlines()
    assert lines[0] == "Suzuka 2022 – Sainz and Gasly"
    assert lines[-1] == "Suzuka 1989 – Prost and Senna"
    assert labels(reply)[0] == "Suzuka 2022"
    assert (await press(reply, "Monza 2021", al)).card.title == "Hamilton and Verstappen, Monza 2021"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2021", ["Monza 2021", "Imola 2021"]),
        ("suzuka", ["Suzuka 2022", "Suzuka 1990", "Suzuka 1989"]),
        ("verstappen", ["Monza 2021", "Baku 2018", "Singapore 2017"]),
        ("italy", ["Monza 2021", "Imola 2021"]),
    ],
)
async def test_a_season_a_circuit_a_driver_or_a_country_narrows_the_list(
    ask: Ask, al: User, asked: str, found: list[str]
) -> None:
    assert labels(await ask(f"/incidents {asked}", al)) == found


async def test_one_is_one_incident(ask: Ask, al: User) -> None:
    assert (await ask("/incidents imola", al)).card.title == "1 incident"


async def test_what_fits_nothing_is_told_to_the_asker_with_the_nearest(ask: Ask, press: Press, al: User) -> None:
    reply = await ask("/incidents monaco", al)
    assert reply.private
    assert reply.card.title.startswith("No crash at Monaco here yet.")
    assert not (await press(reply, labels(reply)[0], al)).private


async def test_pages_are_turned_forth_and_back_until_all_were_seen(
    settings: Settings, shipped: Incidents, al: User
) -> None:
    seen: list[str] = []
    async with conversation(settings, shipped) as bot:
        page = first = await bot.ask("/incidents", al)
        while True:
            seen += as_written(page.card.paragraphs[0]).splitlines()
            if "Older" not in labels(page):
                break
            page = await bot.press(page, "Older", al)
            assert page.replace
        while "Newer" in labels(page):
            page = await bot.press(page, "Newer", al)
    assert len(seen) == len(set(seen)) == len(shipped)
    assert page.card == first.card


async def test_a_filter_survives_the_turning_of_pages(settings: Settings, shipped: Incidents, al: User) -> None:
    async with conversation(settings, shipped) as bot:
        first = await bot.ask("/incidents verstappen", al)
        second = await bot.press(first, "Older", al)
    assert as_written(first.card.footer).startswith("Page 1 of ")
    assert as_written(second.card.footer).startswith("Page 2 of ")
    assert second.card.title == first.card.title


@pytest.mark.parametrize("page", ["page-0", "page-99", "page-9999"])
async def test_a_page_beyond_the_ends_is_the_one_at_the_end(ask: Ask, al: User, page: str) -> None:
    assert (await ask(f"/incidents {page}", al)).card == (await ask("/incidents", al)).card


async def test_a_day_narrows_the_list_to_what_happened_on_it(ask: Ask, al: User) -> None:
    assert (await ask("/incidents 18.04.2021", al)).card.title == (await ask("/incidents imola 2021", al)).card.title
    assert "17 April 2021" in (await ask("/incidents 17.04.2021", al)).card.title
