import asyncio
import math
from collections.abc import Iterator

import pytest

from bot.adapters.discord import answering as discord
from bot.adapters.telegram import connection as telegram
from bot.app import ending, lifecycle
from bot.app.roles import Role
from bot.app.settings import Settings
from bot.chat.platform import SetUpWronglyError
from tests.support.bare_settings import settings_in
from tests.support.platform_double import PlatformDouble


def test_a_platform_hangs_up_in_the_time_that_it_has_for_it() -> None:
    """Otherwise it is cut off before it has told which updates it took, and which answers it gave up."""
    assert telegram.GRACE + telegram.FAREWELL < ending.FAREWELL
    assert discord.FAREWELL < ending.FAREWELL


def test_a_bot_that_is_stopped_is_gone_within_five_seconds() -> None:
    assert ending.LAST_MESSAGES + ending.FAREWELL < 5


class Unwanted(PlatformDouble):
    """A platform that will not have us."""

    async def run(self) -> None:
        raise SetUpWronglyError("Discord wants shards.")


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is no process of its own, with a platform that states a pace that is none."""
    platform = PlatformDouble()
    platform.deliveries_a_second = math.nan
    monkeypatch.setattr(lifecycle, "spare_the_collector", lambda: None)
    monkeypatch.setattr(lifecycle, "adapters", lambda *_: iter([platform]))


@pytest.mark.usefixtures("ours")
async def test_a_bot_whose_deliveries_have_ended_by_a_mistake_ends_as_well(settings: Settings) -> None:
    known = settings_in(settings.data_dir, discord_token="hush.hush.hush")
    async with asyncio.timeout(20):
        with pytest.raises(ExceptionGroup, match="unhandled errors") as mistake:
            await lifecycle.serve(known)
    assert mistake.group_contains(ValueError, match="NaN")


@pytest.mark.usefixtures("ours")
async def test_pages_that_have_ended_by_a_mistake_end_the_process_as_well(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mistaken(_pages: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.web.moving.Moving.run", mistaken)
    known = settings_in(settings.data_dir, web_url="http://localhost", web_port=0)
    async with asyncio.timeout(20):
        with pytest.raises(ExceptionGroup, match="unhandled errors") as mistake:
            await lifecycle.serve(known, frozenset({Role.WEB}))
    assert mistake.group_contains(ZeroDivisionError)


async def test_a_bot_that_no_platform_will_have_ends_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwanted(*_: object) -> Iterator[PlatformDouble]:
        yield Unwanted()

    monkeypatch.setattr(lifecycle, "adapters", unwanted)
    monkeypatch.setattr(lifecycle, "spare_the_collector", lambda: None)  # which is for a whole process
    known = settings_in(settings.data_dir, discord_token="hush.hush.hush")
    with pytest.raises(SetUpWronglyError, match="Discord wants shards"):
        await lifecycle.serve(known)
