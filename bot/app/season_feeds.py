"""Where seasons are read from, as the settings say: the archive, and the second witness."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.app.settings import Settings
from bot.pacing.clock import Clock
from storage.incidents.reading import read_f1db_ids

if TYPE_CHECKING:
    from bot.feeds.f1db.client import F1db
    from bot.feeds.jolpica.client import Jolpica


@asynccontextmanager
async def open_feed(settings: Settings, clock: Clock) -> AsyncIterator["Jolpica | None"]:
    """Where seasons are read from; None where the settings turn that off."""
    if settings.jolpica_url is None:
        yield None
        return
    from bot.feeds.jolpica.client import Jolpica  # noqa: PLC0415 - a bot without a feed need not know how one is read

    async with Jolpica(settings.jolpica_url, clock) as feed:
        yield feed


@asynccontextmanager
async def open_second(settings: Settings) -> AsyncIterator["F1db | None"]:
    """The second witness of seasons; None where the settings turn it off."""
    if settings.f1db_url is None:
        yield None
        return
    from bot.feeds.f1db.client import F1db  # noqa: PLC0415 - as above

    async with F1db(settings.f1db_url, read_f1db_ids()) as second:
        yield second
