"""Parameters of calls, as the Bot API takes them."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram.constants import ParseMode

from bot.adapters.telegram.render import Keyboard

Json: TypeAlias = dict[str, Any]

_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to send: the id that Telegram knows it by, or what is in it; `veiled` until somebody taps it."""

    file: str | bytes
    name: str
    caption: str
    veiled: bool


def article(result: str, title: str, description: str, text: str, keyboard: Keyboard | None) -> Json:
    """A result of an inline query: what the list shows, and the message that is posted."""
    shown = {"type": "article", "id": result, "title": title, "description": description}
    content = {"message_text": text, "parse_mode": ParseMode.HTML, "link_preview_options": _NO_PREVIEW}
    markup = {"reply_markup": keyboard} if keyboard else {}
    return {**shown, "input_message_content": content, **markup}


def shown_text(text: str) -> Json:
    """A message's text, without a preview of the pages that it links to."""
    return {"text": text, "parse_mode": ParseMode.HTML, "link_preview_options": _NO_PREVIEW}


def edit_method(what: str, post: Json) -> str:
    """The method that changes a message's text, caption or media; of one that one person sees it is another."""
    return f"edit{'Ephemeral' if 'ephemeral_message_id' in post else ''}Message{what}"


def reply_parameters(message: int | None, where: Json) -> Json | None:
    """The message that another answers, of one person's messages where that is for one person."""
    if message and "receiver_user_id" in where:
        return {"ephemeral_message_id": message}
    return {"message_id": message, "allow_sending_without_reply": True} if message else None
