"""What somebody asks in one chat about another that they look after, such as a channel."""

from collections.abc import Container
from dataclasses import replace

from bot.chat.buttons import Button
from bot.chat.replies import Reply
from bot.chat.text_limits import UnsendableError


def about(name: str, reply: Reply, admins: Container[str], called: str = "") -> Reply:
    """An answer about a chat, as it is read in another one: it says which, and its buttons go on being about that.

    These are the buttons of commands of `admins`; one that has no room for the name is left out. `called` is how the
    chat is known to people, where its name is nothing to read.
    """
    card = replace(reply.card, subtitle=" · ".join(filter(None, (called or name, reply.card.subtitle))))
    rows = (tuple(filter(None, (_about(name, button, admins) for button in row))) for row in reply.buttons)
    return replace(reply, card=card, buttons=tuple(filter(None, rows)))


def _about(name: str, button: Button, admins: Container[str]) -> Button | None:
    if button.command not in admins:
        return button
    try:
        return replace(button, argument=f"{button.argument} {name}".strip())
    except UnsendableError:
        return None
