"""Where race control is heard, as the settings say."""

from typing import TYPE_CHECKING

from bot.app.settings import Settings
from bot.pacing.clock import Clock

if TYPE_CHECKING:
    from bot.feeds.race_control.openf1 import OpenF1
    from bot.feeds.race_control.source import Source

# A bot that does not listen need not know how it is done, so what does is imported where it is built.


def source(settings: Settings, clock: Clock) -> "Source | None":
    """Live timing, with OpenF1 in reserve where there is an account; OpenF1 alone; or None where that is off."""
    match settings.race_control:
        case "live-timing":
            from bot.feeds.race_control.live_timing import LiveTiming  # noqa: PLC0415

            live_timing = LiveTiming(settings.live_timing_url, clock)
            if settings.openf1_password is None:
                return live_timing
            from bot.feeds.race_control.with_reserve import WithReserve  # noqa: PLC0415

            return WithReserve(live_timing, _openf1(settings, clock), clock)
        case "openf1":
            return _openf1(settings, clock)
        case "off":
            return None


def _openf1(settings: Settings, clock: Clock) -> "OpenF1":
    from bot.feeds.race_control.openf1 import OpenF1  # noqa: PLC0415
    from bot.feeds.race_control.openf1_api import Account  # noqa: PLC0415

    username, password = settings.openf1_username, settings.openf1_password
    account = Account(username, password) if username is not None and password is not None else None
    return OpenF1(settings.openf1_url, clock, account)
