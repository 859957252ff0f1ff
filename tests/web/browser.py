"""Debian's Chromium, driven by playwright, and a site for it to read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, async_playwright

from bot.chat.platform import Way
from tests.web.reader import Reader

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")

MISSING = "a Chromium is needed to read pages in: apt install chromium"

PHONE, DESK = 360, 1280
"""Pixels that a screen is wide."""


class Screen:
    """A browser that reads a site."""

    def __init__(self, browser: Browser, reader: Reader) -> None:
        self.reader = reader
        self._browser = browser

    @asynccontextmanager
    async def open(self, path: str, *, width: int = DESK, script: bool = True) -> AsyncIterator[Page]:
        """A page as it is once all its parts are there."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            base_url=str(self.reader.http.base_url),
            locale="en-GB",
        )
        try:
            page = await context.new_page()
            await page.goto(path, wait_until="load")
            yield page
        finally:
            await context.close()


async def violations(page: Page) -> Sequence[str]:
    """What axe-core finds wrong with a page, a line each."""
    found = await Axe().run(page)
    return [f"{each['id']}: {node['html'][:120]}" for each in found.response["violations"] for node in each["nodes"]]


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A browser without a window."""
    assert CHROMIUM is not None
    async with async_playwright() as playwright:
        # Chromium refuses to sandbox itself as root, as in a container; it reads nothing but our own pages.
        launched = await playwright.chromium.launch(executable_path=Path(CHROMIUM), args=["--no-sandbox"])
        try:
            yield launched
        finally:
            await launched.close()


DISCORD = Way("Discord", "https://discord.com/oauth2/authorize?client_id=1")
