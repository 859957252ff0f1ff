import pytest

from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from tests.web.reader import Reader, reading


@pytest.mark.asyncio(loop_scope="session")
async def test_an_incident_has_both_sides_the_ruling_and_its_sources(resting: Reader) -> None:
    page = await resting.page("/imola-2021")
    assert "<h1>Bottas and Russell, Imola 2021</h1>" in page
    assert "I had left room enough in 2021 for 2 cars." in page
    assert "<b>George Russell</b>, after the race, 18 April 2021" in page
    assert "No further action. There was room for both." in page
    assert 'href="https://example.org/paper"' in page
    assert "Sunday evening" in page


async def test_a_vote_is_on_the_page_at_once(reader: Reader) -> None:
    assert "No fan has voted yet" in await reader.page("/imola-2021")
    await reader.vote("imola-2021", "all-russell", voters=3)
    page = await reader.page("/imola-2021")
    assert "3 of 3 votes blame Russell; the stewards blamed nobody for it." in page
    assert "Fewer than 10 votes, which say little." in page
    assert "%" not in page.partition("<main")[2].partition("</table>")[0], "of few votes no hundredths are told"


async def test_many_votes_are_told_in_hundredths(reader: Reader) -> None:
    await reader.vote("imola-2021", "all-russell", voters=9)
    await reader.vote("imola-2021", "racing-incident", voters=3, first=200)
    page = await reader.page("/imola-2021")
    assert "Most fans blame Russell" in page
    assert '<tr><th scope="row">all Russell</th><td>75 %</td></tr>' in page
    assert "say little" not in page


async def test_who_sees_no_bar_has_a_table(reader: Reader) -> None:
    await reader.vote("singapore-2017", "vettel")
    page = await reader.page("/singapore-2017")
    assert page.count('aria-hidden="true"') == page.count("<table") == 1
    assert '<th scope="row">Vettel</th><td>1</td>' in page


@pytest.mark.asyncio(loop_scope="session")
async def test_where_nobody_is_asked_nobody_is_blamed(resting: Reader) -> None:
    page = await resting.page("/suzuka-2022")
    assert "<figure" not in page
    assert "Vote on" not in page


@pytest.mark.asyncio(loop_scope="session")
async def test_only_a_ruling_that_blames_somebody_is_marked(resting: Reader) -> None:
    assert 'class="ruling blames"' in await resting.page("/monza-2021")
    for path in ("/imola-2021", "/suzuka-2022"):
        assert 'class="ruling"' in await resting.page(path), path


@pytest.mark.asyncio(loop_scope="session")
async def test_a_way_to_vote_leads_to_the_incidents_card(resting: Reader) -> None:
    assert 'href="https://t.me/invented_bot?start=imola-2021"' in await resting.page("/imola-2021")


async def test_without_a_bot_beside_there_is_no_way_to_vote(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents) as reader:
        assert "Vote on" not in await reader.page("/imola-2021")
