"""What somebody asks in private about a channel or group that they look after: `/subscribe recaps @mychannel`."""

import re
from collections.abc import Container
from dataclasses import replace

from bot.chat.buttons import Button
from bot.chat.replies import Reply
from bot.chat.text_limits import UnsendableError

_NAME = re.compile(r"(?<!\S)(@[A-Za-z]\w{3,31}|-100\d{5,15})(?!\S)", re.ASCII)


def named(argument: str) -> tuple[str, str] | None:
    """The channel or group that an argument names, and the rest of it; None where it names none."""
    match = _NAME.search(argument)
    if match is None:
        return None
    return match[1], " ".join((argument[: match.start()] + argument[match.end() :]).split())


def about(name: str, reply: Reply, admins: Container[str]) -> Reply:
    """An answer about a chat, as it is read in private: it says which, and its buttons go on being about that.

    These are the buttons of commands of `admins`; one that has no room for the name is left out.
    """
    card = replace(reply.card, subtitle=" · ".join(filter(None, (name, reply.card.subtitle))))
    rows = (tuple(filter(None, (_about(name, button, admins) for button in row))) for row in reply.buttons)
    return replace(reply, card=card, buttons=tuple(filter(None, rows)))


def _about(name: str, button: Button, admins: Container[str]) -> Button | None:
    if button.command not in admins:
        return button
    try:
        return replace(button, argument=f"{button.argument} {name}".strip())
    except UnsendableError:
        return None
