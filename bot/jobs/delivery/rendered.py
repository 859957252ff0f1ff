"""How announcements are worded for each sort of chat, written once for all that want it alike."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.chat.messages import Bulletin
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Delivery

Write = Callable[[int, ChatSettings], Awaitable[Bulletin | None]]
"""The words for an announcement, by its id; None where it is not to be told any more."""

FRESH = dt.timedelta(seconds=20)
"""How long words are used again before they are written anew from what is known by then."""

MOST = 256


class _Written(NamedTuple):
    at: dt.datetime
    bulletin: "asyncio.Future[Bulletin | None]"


class RenderedBulletins:
    """Bulletins as they were last written."""

    def __init__(self, write: Write, now: Callable[[], dt.datetime]) -> None:
        self._write = write
        self._now = now
        self._written: dict[tuple[object, ...], _Written] = {}

    async def of(self, delivery: Delivery) -> Bulletin | None:
        """The words of a delivery; None where it is not wanted any more. Raises whatever writing them does."""
        wishes = delivery.settings
        key = (delivery.announcement_id, wishes.zone, wishes.language, wishes.spoilers)
        written = self._written.get(key)
        if written is None or self._now() - written.at > FRESH or _failed(written.bulletin):
            if len(self._written) >= MOST:
                self._written.clear()
            writing = asyncio.ensure_future(self._write(delivery.announcement_id, wishes))
            written = self._written[key] = _Written(self._now(), writing)
        if written.bulletin.done():
            return written.bulletin.result()
        return await asyncio.shield(written.bulletin)


def _failed(bulletin: "asyncio.Future[Bulletin | None]") -> bool:
    return bulletin.done() and (bulletin.cancelled() or bulletin.exception() is not None)
