"""Where race control is heard, as the settings say."""

from typing import TYPE_CHECKING

from bot.app.settings import Settings
from bot.pacing.clock import Clock

if TYPE_CHECKING:
    from bot.feeds.race_control.openf1 import OpenF1
    from bot.feeds.race_control.source import Source

# A bot that does not listen need not know how it is done, so what does is imported where it is built.


def source(settings: Settings, clock: Clock) -> "Source | None":
    """What is listened to: all sources that the settings stand for as one; None where that is off."""
    match sources(settings, clock):
        case (first, reserve):
            from bot.feeds.race_control.with_reserve import WithReserve  # noqa: PLC0415

            return WithReserve(first, reserve, clock)
        case (alone,):
            return alone
        case _:
            return None


def sources(settings: Settings, clock: Clock) -> tuple["Source", ...]:
    """Live timing, and OpenF1 in its reserve where there is an account; OpenF1 alone; or none."""
    if settings.race_control == "off":
        return ()
    if settings.race_control == "openf1":
        return (_openf1(settings, clock),)
    from bot.feeds.race_control.live_timing import LiveTiming  # noqa: PLC0415

    live_timing = LiveTiming(settings.live_timing_url, clock)
    return (live_timing,) if settings.openf1_password is None else (live_timing, _openf1(settings, clock))


def _openf1(settings: Settings, clock: Clock) -> "OpenF1":
    from bot.feeds.race_control.openf1 import OpenF1  # noqa: PLC0415
    from bot.feeds.race_control.openf1_api import Account  # noqa: PLC0415

    username, password = settings.openf1_username, settings.openf1_password
    account = Account(username, password) if username is not None and password is not None else None
    return OpenF1(settings.openf1_url, clock, account)
