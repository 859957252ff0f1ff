"""Somebody who reads pages, over a real socket, beside the bot that counts the votes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from bot.app.pages import serving_pages
from bot.app.settings import Settings
from bot.chat.platform import Way
from bot.domain.places import Platform, User
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from bot.web.addresses import Addresses
from bot.web.app import Limits
from bot.web.site import Site
from tests.support.conversation import Conversation, conversation

PUBLIC = "http://127.0.0.1"
NO_LIMITS = Limits(None, None)

TELEGRAM = Way("Telegram", "https://t.me/invented_bot?startgroup", "https://t.me/invented_bot?start=")


class Reader:
    """A browser without a screen; `bot` is what it reads about, `site` what the pages are made from."""

    def __init__(self, bot: Conversation, site: Site, http: httpx.AsyncClient) -> None:
        self.bot = bot
        self.site = site
        self.http = http

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a path, with headers by their names, an underscore for each hyphen."""
        return await self.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def page(self, path: str, **headers: str) -> str:
        """The page at a path, which has to be there."""
        response = await self.get(path, **headers)
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    async def vote(self, incident_id: str, choice: str, voters: int = 1, first: int = 100) -> None:
        """Let some fans vote, each for themselves."""
        for number in range(voters):
            await self.bot.ask(f"/vote {incident_id} {choice}", User(Platform.TELEGRAM, f"{first + number}"))

    async def rate(self, incident_id: str, choice: str, voters: int = 1) -> None:
        """Let some fans rate a ruling."""
        for number in range(voters):
            await self.bot.ask(f"/rate {incident_id} {choice}", User(Platform.TELEGRAM, f"{100 + number}"))


@asynccontextmanager
async def reading(
    settings: Settings,
    incidents: Incidents,
    *,
    public: str = PUBLIC,
    ways: Sequence[Way] = (),
    clock: Clock | None = None,
    limits: Limits = NO_LIMITS,
) -> AsyncIterator[Reader]:
    """Pages beside a bot, at a port that is free."""
    async with conversation(settings, incidents, clock=clock) as bot:
        parts = bot.core.parts
        site = Site(
            parts.incidents,
            parts.stored.polls,
            parts.stored.database,
            parts.painter,
            parts.events,
            parts.clock,
            Addresses(public),
            lambda: [*ways],
        )
        served = replace(settings, web_url=public, web_port=0)
        async with (
            serving_pages(served, site, limits) as running,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as http,
        ):
            yield Reader(bot, site, http)


async def told(response: httpx.Response) -> AsyncIterator[str]:
    """What an open page is told, one change after the other."""
    lines: list[str] = []
    async for line in response.aiter_lines():
        if line:
            lines.append(line)
            continue
        if lines and lines[0] == "event: moved":
            yield "\n".join(each.removeprefix("data: ") for each in lines[1:])
        lines = []
