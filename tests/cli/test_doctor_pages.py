"""What the doctor finds where WEB_URL is set: real pages on the loopback, as a proxy passes visitors on or does not."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from bot.app.settings import Settings
from bot.cli.doctor.findings import Finding, Mark, ok
from bot.cli.doctor.pages import look_at_pages
from bot.cli.doctor.web import Web
from bot.search.catalogue import Incidents
from tests.support.clock import FakeClock
from tests.support.loopback_site import LoopbackSite
from tests.web.reader import Reader, reading


class Elsewhere(LoopbackSite):
    """A site of somebody else's; its `/api/proxy` can be answered with any JSON, or lead to another address."""

    def __init__(self) -> None:
        self.says: object = {}
        self.leads_to = ""
        app = web.Application()
        app.router.add_get("/api/proxy", self._answer)
        super().__init__(app)

    async def _answer(self, _request: web.Request) -> web.Response:
        if self.leads_to:
            raise web.HTTPFound(self.leads_to)
        return web.json_response(self.says)


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as site:
        yield site


@pytest.fixture
async def reader(settings: Settings, incidents: Incidents) -> AsyncIterator[Reader]:
    async with reading(settings, incidents) as reader:
        yield reader


async def found(url: str) -> list[Finding]:
    async with Web(4.0, FakeClock()) as asking:
        return [*await look_at_pages(asking, url)]


async def test_pages_that_answer_are_fine(reader: Reader) -> None:
    url = str(reader.http.base_url).rstrip("/")
    assert await found(url) == [ok(f"Pages: {url} answers.")]


async def test_nobody_and_somebody_else_are_told_apart(elsewhere: Elsewhere) -> None:
    (nobody,) = await found("http://127.0.0.1:1")
    assert nobody.mark is Mark.PROBLEM
    assert nobody.what == "Pages: http://127.0.0.1:1 is not reached, it refuses connections."
    (other,) = await found(elsewhere.url)
    assert other.mark is Mark.PROBLEM
    assert "somebody else answers (status 200)" in other.what
    (odd,) = await found("http://127.0.0.1:99999")
    assert odd.mark is Mark.PROBLEM


async def test_an_address_that_leads_on_is_not_the_one_to_set(elsewhere: Elsewhere, reader: Reader) -> None:
    elsewhere.leads_to = str(reader.http.base_url).rstrip("/").replace("127.0.0.1", "localhost") + "/api/proxy"
    (leading,) = await found(elsewhere.url)
    assert (leading.mark, leading.what) == (Mark.WARNING, f"Pages: {elsewhere.url} leads on to localhost.")


@pytest.mark.parametrize(
    ("forwarded", "said"),
    [({}, "silent"), ({"X-Forwarded-For": "192.0.2.7"}, "believed"), ({"X-Forwarded-For": ""}, "silent")],
)
async def test_the_site_says_what_became_of_the_proxys_word(
    reader: Reader, forwarded: dict[str, str], said: str
) -> None:
    answer = await reader.http.get("/api/proxy", headers=forwarded)
    assert answer.json() == {"program": "Racing Incident", "proxy": said}
    assert answer.headers["cache-control"] == "no-store"


async def test_a_proxy_that_is_not_named_is_not_believed(settings: Settings, incidents: Incidents) -> None:
    doubting = replace(settings, forwarded_allow_ips="192.0.2.1")
    async with reading(doubting, incidents) as reader:
        answer = await reader.http.get("/api/proxy", headers={"X-Forwarded-For": "192.0.2.7"})
    assert answer.json()["proxy"] == "not believed"


async def test_a_proxy_that_keeps_its_visitors_to_itself_is_told(elsewhere: Elsewhere) -> None:
    elsewhere.says = {"program": "Racing Incident", "proxy": "not believed"}
    _answers, doubted = await found(elsewhere.url)
    assert doubted.mark is Mark.WARNING
    assert "FORWARDED_ALLOW_IPS" in doubted.remedy
