"""What a terminal's environment says of whoever sits there: their language, and their clock."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.domain.chat_settings import ChatSettings
from bot.i18n import LANGUAGES


def surroundings(environment: Mapping[str, str]) -> ChatSettings:
    """The settings of a terminal in which nobody has chosen any; only what we speak, and zones that there are."""
    return ChatSettings(zone=_zone(environment), language=_language(environment))


def _language(environment: Mapping[str, str]) -> str | None:
    """The language of the first of POSIX's variables that is set: `de_DE.UTF-8` → `de`."""
    said = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = said.partition(".")[0].partition("@")[0].partition("_")[0].casefold()
    return code if code in LANGUAGES else None


def _zone(environment: Mapping[str, str]) -> str | None:
    """The zone that TZ names, as `Europe/Berlin` or `:Europe/Berlin`; its rules by hand, as `CET-1`, name none."""
    name = environment.get("TZ", "").removeprefix(":")
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, OSError, ValueError):  # no such zone, a folder of them, or no name at all
        return None
