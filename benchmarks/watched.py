"""A Telegram and a Discord that note when each message arrives, and when it is edited."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

from aiohttp import web

from bot.domain.places import Platform
from tests.adapters.discord.api import Discord
from tests.adapters.discord.wire import payload
from tests.adapters.telegram.bot_api import BotApi, Failure, Json


class Arrival(NamedTuple):
    """A message, or an edit of one, at the moment at which it reached the platform."""

    at: float
    platform: Platform
    chat: str
    is_edit: bool
    said: str


class Stand:
    """Who sees everything on both platforms."""

    def __init__(self) -> None:
        self.seen: list[Arrival] = []
        self._news = asyncio.Event()

    def see(self, platform: Platform, chat: str, *, is_edit: bool, given: Any) -> None:
        """Take note of what has just arrived."""
        said = json.dumps(given).replace("\\\\", "")  # what markdown is escaped by
        self.seen.append(Arrival(perf_counter(), platform, chat, is_edit, said))
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so, which is looked at whenever something has arrived."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def quiet(self, seconds: float) -> None:
        """Wait until nothing has arrived for so long."""
        with suppress(TimeoutError):
            while True:
                self._news.clear()
                async with asyncio.timeout(seconds):
                    await self._news.wait()


class WatchedTelegram(BotApi):
    """A Telegram with somebody who watches it; what arrives is there at once, and answered within so many seconds."""

    def __init__(self, stand: Stand, slowest: float = 0.0) -> None:
        super().__init__()
        self._stand = stand
        self._slowest = slowest
        self._random = Random(63)

    async def _fate(self, method: str, data: Json) -> Failure | None:
        if method in {"sendMessage", "editMessageText"}:
            self._stand.see(Platform.TELEGRAM, data["chat_id"], is_edit=method == "editMessageText", given=data)
        return await super()._fate(method, data)

    async def _answer(self, method: str, data: Json) -> web.Response:
        answered = await super()._answer(method, data)
        if method in {"sendMessage", "editMessageText"}:
            await asyncio.sleep(self._random.uniform(0, self._slowest))
        return answered


class WatchedDiscord(Discord):
    """A Discord with somebody who watches it, as slow to answer."""

    def __init__(self, stand: Stand, slowest: float = 0.0) -> None:
        super().__init__(interaction=None)
        self._stand = stand
        self._slowest = slowest
        self._random = Random(63)

    async def _message(self, request: web.Request) -> web.Response:
        self._stand.see(Platform.DISCORD, request.match_info["id"], is_edit=False, given=await payload(request))
        answered = await super()._message(request)
        await asyncio.sleep(self._random.uniform(0, self._slowest))
        return answered

    async def _edit(self, request: web.Request) -> web.Response:
        self._stand.see(Platform.DISCORD, request.match_info["id"], is_edit=True, given=await payload(request))
        answered = await super()._edit(request)
        await asyncio.sleep(self._random.uniform(0, self._slowest))
        return answered
