"""The pages in a real browser: on a phone and a desk, in light and dark, with and without script, by keyboard alone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Request, expect

from bot.app.settings import Settings
from bot.i18n import LANGUAGES
from tests.support.incidents import catalogue
from tests.web.browser import CHROMIUM, DESK, DISCORD, MISSING, PHONE, Screen, browser, violations
from tests.web.reader import TELEGRAM, reading

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.skipif(CHROMIUM is None, reason=MISSING)]

KINDS = ("/", "/imola-2021", "/incidents?q=o&sort=votes")
FURTHER_KINDS = (
    *("/singapore-2017", "/suzuka-2022", "/imola-2021/embed", "/2021", "/drivers", "/drivers/verstappen"),
    *("/circuits/suzuka", "/stewards/2021", "/blamed/2021", "/data", "/de/nowhere"),
    *("/incidents?q=nobody", "/circuits?q=nobody"),
)
EVERY_KIND = (*KINDS, *(pytest.param(path, marks=pytest.mark.exhaustive) for path in FURTHER_KINDS))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Screen]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("read-in-a-browser"))
    async with reading(settings, catalogue(), ways=[TELEGRAM, DISCORD]) as reader, browser() as launched:
        for choice, voters, first in (("all-bottas", 2, 100), ("mostly-russell", 7, 200), ("racing-incident", 4, 300)):
            await reader.vote("imola-2021", choice, voters, first)
        await reader.vote("monza-2021", "all-hamilton", 12)
        await reader.vote("singapore-2017", "vettel", 3)
        await reader.rate("monza-2021", "slightly-too-harsh", 3)
        yield Screen(launched, reader)


@pytest.mark.parametrize("path", EVERY_KIND)
async def test_no_page_keeps_anything_from_anybody(screen: Screen, path: str) -> None:
    async with screen.open(path, width=PHONE) as page:
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE, "nothing is cut off"
        await page.set_viewport_size({"width": DESK, "height": 800})
        await page.emulate_media(color_scheme="dark")
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= DESK


@pytest.mark.parametrize("code", LANGUAGES)
async def test_the_ways_to_other_pages_take_two_rows_of_a_phone(screen: Screen, code: str) -> None:
    async with screen.open(f"/{code}/data", width=PHONE) as page:
        ways = await page.locator(".masthead nav li").evaluate_all(
            "items => items.map(each => each.getBoundingClientRect()).map(({top, right}) => ({top, right}))"
        )
    assert len({each["top"] for each in ways}) <= 2
    assert max(each["right"] for each in ways) <= PHONE


async def test_nothing_comes_from_elsewhere_and_little_from_here(screen: Screen) -> None:
    asked: list[Request] = []
    async with screen.open("about:blank") as page:
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it is given an attribute
        response = await page.goto("/imola-2021", wait_until="load")
        assert response is not None
        assert len(await response.body()) <= 30_000
        sizes = [await each.sizes() for each in asked if "/live/" not in each.url]
    ours = str(screen.reader.http.base_url)
    assert {each.url for each in asked if not each.url.startswith(ours)} == set()
    assert sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes) <= 100_000


async def test_a_page_is_whole_without_script(screen: Screen) -> None:
    async with screen.open("/imola-2021", width=PHONE, script=False) as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Bottas and Russell, Imola 2021")
        await expect(page.get_by_role("row", name="mostly Russell 54 %")).to_be_attached()
        await page.get_by_role("link", name="Incidents").click()
        await page.get_by_role("searchbox").fill("monza")
        await page.get_by_role("combobox").select_option("votes")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_role("status")).to_have_text("1 incident")
        await page.get_by_role("link", name="Hamilton and Verstappen, Monza 2021").click()
        await page.get_by_role("link", name="Deutsch").click()
        await expect(page.get_by_role("heading", name="Was geschah")).to_be_visible()


async def test_a_page_is_read_by_keyboard_alone(screen: Screen) -> None:
    async with screen.open("/imola-2021") as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="To the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        vote = page.get_by_role("link", name="Vote on Telegram")
        await expect(vote).to_be_focused()
        assert await vote.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
        await expect(vote).to_have_attribute("href", "https://t.me/invented_bot?start=imola-2021")


async def test_an_open_page_moves_as_votes_come_and_keeps_the_focus(screen: Screen) -> None:
    async with screen.open("/suzuka-1990", width=PHONE) as page:
        await expect(page.locator(".finding")).to_contain_text("No fan has voted yet")
        vote = page.get_by_role("link", name="Vote on Telegram")
        await vote.focus()
        await screen.reader.vote("suzuka-1990", "all-senna")
        await expect(page.locator(".finding")).to_contain_text("The only vote blames Senna")
        await expect(page.get_by_role("row", name="all Senna 1")).to_be_attached()
        await expect(vote).to_be_focused()
