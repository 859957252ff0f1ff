"""`python -m benchmarks.page_screens`: README's pictures of the pages in a browser; the votes are invented."""

import asyncio
import sys
from itertools import count, cycle
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from playwright.async_api import Browser, async_playwright

from bot.app.compose import open_core
from bot.app.pages import pages_beside
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.requests import Request
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Chat, Platform, User
from bot.domain.polls import SCALE, Question
from bot.search.catalogue import Incidents

DOCS = Path(__file__).parents[1] / "docs"
GROUP = Chat(Platform.TELEGRAM, "-1")
SCALES = ((14, 16, 18, 26, 38), (31, 22, 20, 9, 4), (8, 12, 60, 14, 10), (40, 12, 9, 3, 2), (5, 9, 30, 22, 41))
"""Invented votes from one end of a scale to the other, for one incident after another."""

SHOWN, MOST = "imola-2021", 16
"""The incident that is seen by itself, and how many have votes."""

RATINGS = (4, 11, 38, 15, 6)


class Shot(NamedTuple):
    """A picture of a page: its file, the page, and the screen that it is seen on."""

    name: str
    path: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


SHOTS = (
    Shot("page.png", "/en/imola-2021", 1280, 1060, "light"),
    Shot("page-phone.png", "/en/imola-2021", 390, 1100, "dark"),
    Shot("pages.png", "/en", 1280, 1060, "light"),
)


async def vote(core: Core) -> None:
    """Let invented fans vote on a few incidents, and rate a ruling."""
    fans = count(1)

    async def ask(command: str, argument: str) -> None:
        await core.dispatcher.dispatch(Request(command, argument, User(Platform.TELEGRAM, f"{next(fans)}"), GROUP))

    polls = [
        each for each in core.stored.polls if each.question is Question.BLAME and len(each.choices) == len(SCALES[0])
    ]
    polls.sort(key=lambda poll: poll.incident_id != SHOWN)
    for poll, scale in zip(polls[:MOST], cycle(SCALES), strict=False):
        for choice, votes in zip(poll.choices, scale, strict=True):
            for _vote in range(votes):
                await ask("vote", f"{poll.incident_id} {choice.key}")
    for (key, _side), votes in zip(SCALE, RATINGS, strict=True):
        for _vote in range(votes):
            await ask("rate", f"{SHOWN} {key}")


async def take(executable: str) -> None:
    """Draw all of them."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), web_url="http://127.0.0.1", web_port=0)
        alone = Throttle(person=NO_LIMIT, commands=NO_LIMIT)
        async with open_core(settings, Incidents.load(), limits=alone) as core, pages_beside(settings, core) as pages:
            await vote(core)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
                for shot in SHOTS:
                    await _shoot(browser, shot, f"http://127.0.0.1:{pages.port}")
                await browser.close()


async def _shoot(browser: Browser, shot: Shot, site: str) -> None:
    page = await browser.new_page(viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme)
    await page.goto(f"{site}{shot.path}", wait_until="load")
    await page.screenshot(path=DOCS / shot.name)
    await page.close()


def main() -> int:
    """Draw them; 1 where there is no browser."""
    executable = which("chromium") or which("chromium-browser") or which("google-chrome")
    if executable is None:
        print("There is no Chromium here: no page was drawn.", file=sys.stderr)
        return 1
    asyncio.run(take(executable))
    return 0


if __name__ == "__main__":
    sys.exit(main())
