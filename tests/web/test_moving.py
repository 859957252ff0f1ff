import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.app.settings import Settings
from bot.chat.platform import Way
from bot.search.catalogue import Incidents
from bot.web.app import Limits
from bot.web.moving import Moving, Shown
from bot.web.visits import PAGE_SECONDS
from tests.support.clock import HeldClock
from tests.web.reader import TELEGRAM, Reader, reading, told


@asynccontextmanager
async def follow(reader: Reader, path: str) -> AsyncIterator[AsyncIterator[str]]:
    """What an open page is told, one event after the other."""
    async with reader.http.stream("GET", path, timeout=20) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield told(response)


async def test_an_open_page_is_told_how_the_verdict_moves(reader: Reader) -> None:
    async with follow(reader, "/de/live/imola-2021") as moves:
        assert "Noch hat kein Fan abgestimmt" in await anext(moves)
        await reader.vote("imola-2021", "all-russell")
        assert "Die einzige Stimme" in await anext(moves)


async def test_a_bot_that_is_connected_later_is_told_of_by_pages_that_open_then(
    settings: Settings, incidents: Incidents
) -> None:
    clock, ways = HeldClock(), list[Way]()
    async with reading(settings, incidents, clock=clock, ways=ways) as reader:
        async with follow(reader, "/live/imola-2021") as moves:
            assert "Vote on Telegram" not in await anext(moves)
        ways.append(TELEGRAM)
        clock.pass_by(PAGE_SECONDS)
        assert "Vote on Telegram" in await reader.page("/imola-2021")
        async with follow(reader, "/live/imola-2021") as moves:
            assert "Vote on Telegram" in await anext(moves)


async def test_many_who_open_a_page_at_once_have_it_made_once(reader: Reader) -> None:
    moving, shown = Moving(reader.site, None), Shown("imola-2021", "en", "")
    made = await asyncio.gather(*(moving.now(shown) for _ in range(20)))
    assert len({id(each) for each in made}) == 1
    assert "No fan has voted yet" in made[0]


async def test_what_is_made_while_a_vote_comes_is_not_kept(reader: Reader) -> None:
    moving, shown = Moving(reader.site, None), Shown("imola-2021", "en", "")
    running = asyncio.create_task(moving.run())
    asked = [asyncio.create_task(moving.now(shown))]
    await reader.vote("imola-2021", "all-russell")
    async with asyncio.timeout(10):
        while "The only vote" not in await moving.now(shown):
            asked.append(asyncio.create_task(moving.now(shown)))
            await asyncio.sleep(0)
    await asyncio.gather(*asked)
    assert "The only vote" in await moving.now(shown)
    running.cancel()
    await asyncio.wait({running})


async def test_a_page_is_told_once_a_second_at_most(settings: Settings, incidents: Incidents) -> None:
    clock = HeldClock()
    async with reading(settings, incidents, clock=clock) as reader, follow(reader, "/live/imola-2021") as moves:
        await anext(moves)
        await reader.vote("imola-2021", "all-russell", voters=1)
        assert "The only vote" in await anext(moves)
        await reader.vote("imola-2021", "all-russell", voters=4, first=200)
        later = asyncio.ensure_future(anext(moves))
        await asyncio.wait({later}, timeout=0.05)
        assert not later.done()
        began = clock.monotonic()
        await clock.go_on_while(lambda: not later.done())
        assert clock.monotonic() - began >= 1
        assert "5 of 5 votes" in await later, "and what it is told is how it stands by then"


@pytest.mark.asyncio(loop_scope="session")
async def test_what_nobody_knows_does_not_move(resting: Reader) -> None:
    assert (await resting.get("/live/nowhere")).status_code == 204
    assert (await resting.http.head("/live/imola-2021")).status_code == 204


async def test_one_address_has_only_so_many_pages_open(settings: Settings, incidents: Incidents) -> None:
    async with reading(settings, incidents, limits=Limits(None, 1)) as reader:
        async with follow(reader, "/live/imola-2021") as moves:
            await anext(moves)
            assert (await reader.get("/live/imola-2021")).status_code == 204
        async with asyncio.timeout(10):
            while (answer := await first_status(reader)) != 200:
                assert answer == 204


async def first_status(reader: Reader) -> int:
    async with reader.http.stream("GET", "/live/imola-2021") as response:
        return response.status_code


async def test_open_pages_are_let_go_when_the_bot_is_stopped(settings: Settings, incidents: Incidents) -> None:
    async with httpx.AsyncClient() as http:
        async with reading(settings, incidents) as reader:
            request = http.build_request("GET", f"{reader.http.base_url}/live")
            response = await http.send(request, stream=True)
        async with asyncio.timeout(5):
            async for _chunk in response.aiter_bytes():
                pass
        await response.aclose()
