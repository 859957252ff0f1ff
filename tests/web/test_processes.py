"""Pages in a process of their own, beside a bot on the same PostgreSQL database."""

import httpx
import pytest

from bot.app.pages import open_site, serving_pages
from bot.app.settings import Settings
from bot.domain.places import Platform, User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from tests.support.conversation import conversation
from tests.support.incidents import catalogue
from tests.web.reader import NO_LIMITS, told

pytestmark = pytest.mark.postgresql

FAN = User(Platform.TELEGRAM, "7")


async def test_pages_follow_the_votes_that_a_bot_counts(
    settings: Settings, incidents: Incidents, postgresql_url: str
) -> None:
    shared = settings.model_copy(update={"database_url": postgresql_url, "web_url": "http://127.0.0.1", "web_port": 0})
    async with (
        conversation(shared, incidents) as bot,
        open_site(shared, catalogue(), SystemClock()) as site,
        serving_pages(shared, site, NO_LIMITS) as serving,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as http,
        http.stream("GET", "/live/imola-2021", timeout=30) as open_page,
    ):
        moves = told(open_page)
        assert "No fan has voted yet" in await anext(moves)
        assert "No fan has voted yet" in (await http.get("/imola-2021")).text
        await bot.ask("/vote imola-2021 all-russell", FAN)
        while "The only vote blames Russell" not in await anext(moves):
            pass  # the relay tells all that may have been missed when its line is there
        assert "The only vote blames Russell" in (await http.get("/imola-2021")).text


async def test_pages_alone_write_nothing_that_a_bot_reads(settings: Settings, postgresql_url: str) -> None:
    shared = settings.model_copy(update={"database_url": postgresql_url, "web_url": "http://127.0.0.1"})
    async with open_site(shared, catalogue(), SystemClock()):
        pass
    assert not (settings.data_dir / "voter-secret").exists()
