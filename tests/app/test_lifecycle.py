from collections.abc import Iterator

import pytest

from bot.adapters.discord import answering as discord
from bot.adapters.telegram import connection as telegram
from bot.app import ending, lifecycle
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
