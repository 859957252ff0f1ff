"""The double is as strict as Telegram is, also of what stands deep within a call."""

from typing import Any

import pytest

from tests.adapters.telegram.bot_api_schema import check


def message(**button: Any) -> dict[str, Any]:
    """A message with a button."""
    return {"chat_id": 1, "text": "Imola", "reply_markup": {"inline_keyboard": [[button]]}}


def test_a_call_as_it_should_be_is_taken() -> None:
    check("sendMessage", message(text="Vote", callback_data="vote imola-2021"))
    check("getMe", {})


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("sendMessage", {"chat_id": 1}),
        ("sendMessage", {"chat_id": 1, "text": "Imola", "colour": "red"}),
        ("sendMessage", message(callback_data="without a text")),
        ("sendMessage", message(text="Vote", colour="red")),
        ("sendMessage", message(text="Vote", url=["a", "b"])),
        ("setMyCommands", {"commands": [{"command": "crash"}]}),
    ],
)
def test_what_is_wrong_deep_within_a_call_is_refused(method: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Field required|has no|valid string"):
        check(method, data)
