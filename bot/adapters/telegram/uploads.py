"""Pictures that Telegram has already: they are sent again by the id that it gave them, not byte by byte."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

from bot.adapters.telegram.api.errors import FileUnknownError
from bot.adapters.telegram.api.shapes import Sent
from bot.pacing.remembered import Remembered

REMEMBERED = 512
"""Upper bound of pictures whose ids are known, the most lately sent ones."""

PATIENCE = 5.0
"""Seconds to wait for another's upload of the same picture, which may itself wait for a busy group."""

Call = Callable[[str | bytes], Awaitable[Sent]]
"""Sends a picture, given its id or what is in it."""


class Uploads:
    """The ids of one bot's pictures; after a restart each picture is uploaded once more."""

    def __init__(self) -> None:
        self._ids: Remembered[bytes, str] = Remembered(REMEMBERED)
        self._under_way: dict[bytes, asyncio.Event] = {}

    async def send(self, content: bytes, call: Call) -> Sent:
        """Make a call with a picture's id, or with the picture itself where Telegram does not have it yet."""
        key = sha256(content).digest()
        while (known := await self._known(key)) is not None:
            try:
                return await call(known)
            except FileUnknownError:
                if self._ids.get(key) == known:
                    del self._ids[key]
        return await self._upload(key, content, call)

    async def _known(self, key: bytes) -> str | None:
        """A picture's id; while somebody else uploads it, wait for it, though not for long."""
        try:
            async with asyncio.timeout(PATIENCE):
                while key not in self._ids and key in self._under_way:
                    await self._under_way[key].wait()
        except TimeoutError:
            return None
        if key in self._ids:
            self._ids.refresh(key)
        return self._ids.get(key)

    async def _upload(self, key: bytes, content: bytes, call: Call) -> Sent:
        ended = asyncio.Event()
        self._under_way.setdefault(key, ended)
        try:
            sent = await call(content)
        finally:
            if self._under_way.get(key) is ended:
                del self._under_way[key]
            ended.set()
        if sent.photo:
            self._ids[key] = sent.photo[-1].file_id
        return sent
