"""What a card folds, for platforms that cannot fold: it is shown to whoever presses for it."""

from dataclasses import replace

from bot.chat.replies import Reply


def unfolded(reply: Reply, *, private: bool) -> Reply:
    """All that a reply's card folds, under its title; the reply itself, with its buttons, where nothing is folded.

    `private`, whoever asks is told alone, and the message that was pressed stays as it is.
    """
    card = reply.card
    if not card.folded:
        return reply
    below = replace(card, paragraphs=card.folded, quotations=(), fields=(), votes=(), folded=(), footer="")
    return Reply(below, private=private, veiled=reply.veiled, page=reply.page)
