"""What an admin is told of a group in which the bot may not post."""

from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.i18n import _


def missing_right_reply(problem: str) -> Reply:
    """Which right is missing and what to do; `problem` is a sentence in English, as an adapter says it."""
    tried = _("I have tried for some hours. Give me that right, or type /unsubscribe there.")
    card = Card(
        _("A chat of yours asked me for news, and I may not post there"),
        paragraphs=(f"{_(problem).removesuffix('.')}. {tried}",),
    )
    return Reply(card)
