"""Bulletins as they are rendered for chats of the same settings: written once for all of them."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from bot.chat.replies import Bulletin
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Delivery
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

Write: TypeAlias = Callable[[int, ChatSettings], Awaitable[Bulletin | None]]
"""Writes an announcement, by its id, for chats of these settings; None where it is not to be told any more."""

FRESH = dt.timedelta(seconds=20)
"""How long a bulletin is used again before it is written anew from what is known by then."""

MOST_RENDERED = 256
"""Upper bound of bulletins in memory."""


class _Rendered(NamedTuple):
    at: dt.datetime
    bulletin: "asyncio.Future[Bulletin | None]"


class RenderedBulletins:
    """Bulletins by announcement and by the settings that change their words: zone, language, spoilers, delay, blind."""

    def __init__(self, write: Write, clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._rendered: Remembered[tuple[object, ...], _Rendered] = Remembered(MOST_RENDERED)

    async def of(self, delivery: Delivery) -> Bulletin | None:
        """The bulletin of a delivery; None where it is not to be told any more. Raises what `Write` raises."""
        settings = delivery.settings
        key = (
            *(delivery.announcement_id, settings.zone, settings.language),
            *(settings.spoilers, settings.delay_seconds, settings.blind),
        )
        rendered, now = self._rendered.get(key), self._clock.now()
        if rendered is None or now - rendered.at > FRESH or _failed(rendered.bulletin):
            writing = asyncio.ensure_future(self._write(delivery.announcement_id, settings))
            rendered = self._rendered[key] = _Rendered(now, writing)
        if rendered.bulletin.done():
            return rendered.bulletin.result()
        # Shielded: one delivery that is cancelled must not cancel the words of all the others.
        return await asyncio.shield(rendered.bulletin)


def _failed(bulletin: "asyncio.Future[Bulletin | None]") -> bool:
    return bulletin.done() and (bulletin.cancelled() or bulletin.exception() is not None)
