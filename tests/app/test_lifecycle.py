from bot.adapters.discord import adapter as discord
from bot.adapters.telegram import connection as telegram
from bot.app import lifecycle


def test_a_platform_hangs_up_in_the_time_that_it_has_for_it() -> None:
    """Otherwise it is cut off before it has told which updates it took, and which answers it gave up."""
    assert telegram.GRACE + telegram.FAREWELL < lifecycle.FAREWELL
    assert discord.FAREWELL < lifecycle.FAREWELL


def test_a_bot_that_is_stopped_is_gone_within_five_seconds() -> None:
    assert lifecycle.LAST_MESSAGES + lifecycle.FAREWELL < 5
