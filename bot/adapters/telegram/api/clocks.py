"""Calls for a Bot API server of one's own that is older than readers' clocks: it refuses a text that shows one."""

from typing import Any

from telegram import InputMediaPhoto

from bot.adapters.telegram.render import without_clocks

TEXTS = {"text", "caption", "message_text"}
"""What a text in Telegram's HTML is called, wherever it stands among a call's parameters."""


def unclocked(parameters: dict[str, Any]) -> dict[str, Any]:
    """A call's parameters with all moments as they are written."""
    return {name: _unclocked(name, value) for name, value in parameters.items()}


def _unclocked(name: str, value: Any) -> Any:
    match value:
        case str() if name in TEXTS:
            return without_clocks(value)
        case dict():
            return unclocked(value)
        case list():
            return [_unclocked(name, each) for each in value]
        case InputMediaPhoto(caption=str(caption)):
            # Its file is one already, which the library takes as it is.
            return InputMediaPhoto(
                value.media, without_clocks(caption), value.parse_mode, has_spoiler=value.has_spoiler
            )
    return value
