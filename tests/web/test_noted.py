"""Incidents that race control noted and nobody has told yet, while a session runs and after it."""

from collections.abc import AsyncIterator

import pytest

from bot.app.settings import Settings
from bot.domain.race_control import Message, Noticed
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import ALB, MONZA, PIA, VER, at, noted, penalised
from tests.support.clock import RacingClock
from tests.web.reader import TELEGRAM, Reader, reading, told

ID = "monza-2025-ver-nor-t4"


@pytest.fixture
async def sunday(settings: Settings, incidents: Incidents) -> AsyncIterator[Reader]:
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    async with reading(settings, catalogue, ways=[TELEGRAM], clock=RacingClock(at(20))) as reader:
        yield reader


async def test_nobody_is_guilty_on_the_page_of_a_case_that_is_open(sunday: Reader) -> None:
    await sunday.bot.core.recorder.record(MONZA, [noted()], 10)
    page = await sunday.page(f"/{ID}")
    assert "<h1>Verstappen and Norris, turn 4, Monza 2025</h1>" in page
    assert "Nobody is guilty of anything yet." in page
    assert "Nobody has told the story of this one yet." in page
    assert '<time datetime="2025-09-07T13:10:00+00:00">15:10:00</time>' in page
    assert "Europe/Rome" in page
    assert f'href="https://t.me/invented_bot?start={ID}"' in page


async def test_a_ruling_is_on_the_page_as_soon_as_it_is_made(sunday: Reader) -> None:
    recorder = sunday.bot.core.recorder
    await recorder.record(MONZA, [noted()], 10)
    async with sunday.http.stream("GET", f"/live/{ID}") as response:
        moves = told(response)
        assert "Nobody is guilty of anything yet." in await anext(moves)
        await recorder.record(MONZA, [penalised(noted(), VER, 15)], 15)
        assert "10-second time penalty for Verstappen" in await anext(moves)
    assert "10-second time penalty for Verstappen" in await sunday.page(f"/{ID}")


async def test_the_first_page_has_what_is_looked_at_right_now_and_follows_it(sunday: Reader) -> None:
    async with sunday.http.stream("GET", "/live") as response:
        moves = told(response)
        assert "Live" not in await anext(moves)
        await sunday.bot.core.recorder.record(MONZA, [noted(), noted(PIA, ALB, opened=12)], 12)
        while "Piastri and Albon" not in (listed := await anext(moves)):
            pass
        assert f'href="/{ID}"' in listed
    assert "Piastri and Albon" in (await sunday.page("/")).partition("Latest")[0]


async def test_what_turned_out_to_be_none_is_asked_about_no_more(sunday: Reader) -> None:
    recorder = sunday.bot.core.recorder
    await recorder.record(MONZA, [noted()], 10)
    await sunday.vote(ID, "all-verstappen")
    correction = Message(12, at(12), "CORRECTION: TURN 4 INCIDENT INVOLVING CAR 1 (VER) NOTED", 12)
    opening = Message(10, at(10), "TURN 4 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED", 12)
    await recorder.record(MONZA, [], 12, Noticed(MONZA.key, (opening, correction)))
    page = await sunday.page(f"/{ID}")
    assert "nobody is asked any more who was to blame" in page
    assert "<figure" not in page
    assert "Vote on" not in page
    assert (await sunday.get(f"/{ID}.png")).status_code == (await sunday.get(f"/{ID}/embed")).status_code == 404


async def test_noted_incidents_are_in_the_lists(sunday: Reader) -> None:
    await sunday.bot.core.recorder.record(MONZA, [noted()], 10)
    for path in ("/2025", "/drivers/norris", "/circuits/monza", "/incidents", "/sitemap.xml", "/api/incidents"):
        assert ID in await sunday.page(path), path
