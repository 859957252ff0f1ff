"""Debian's Chromium, driven by playwright, and a site for it to read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.chat.platform import Way
from tests.web.reader import Reader

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")

AXE = Axe().axe_script
"""axe-core, as a page runs it."""

MISSING = "a Chromium is needed to read pages in: apt install chromium"

PHONE, DESK = 360, 1280
"""Pixels that a screen is wide."""


class Screen:
    """A browser that reads a site; it has one window with scripts and one without, and a tab for each page."""

    def __init__(self, browser: Browser, reader: Reader) -> None:
        self.reader = reader
        self._browser = browser
        self._windows: dict[bool, BrowserContext] = {}

    @asynccontextmanager
    async def open(self, path: str, *, width: int = DESK, script: bool = True) -> AsyncIterator[Page]:
        """A page as it is once all its parts are there."""
        if script not in self._windows:
            self._windows[script] = await self._browser.new_context(
                java_script_enabled=script, base_url=str(self.reader.http.base_url), locale="en-GB"
            )
        page = await self._windows[script].new_page()
        try:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(path, wait_until="load")
            yield page
        finally:
            await page.close()


async def violations(page: Page) -> Sequence[str]:
    """What axe-core finds wrong with a page, a line each."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    # Without all that it finds right, which takes longer to be told than to be looked at.
    found = await page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


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
