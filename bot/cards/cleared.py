"""What is said where a setting was cleared: that it was, what it was, and how to have it again."""

from collections.abc import Iterator
from dataclasses import replace

from bot.cards.clock_text import clock_face
from bot.chat.buttons import Button
from bot.chat.replies import Reply
from bot.domain.chat_settings import ChatSettings, Replaced
from bot.i18n import _


def cleared(view: Reply, replaced: Replaced) -> Reply:
    """A setting's view, with a line and a button on what has just been cleared; as it is where nothing was."""
    again = [*_again(*replaced)]
    if not again:
        return view
    said = [_("Cleared. For what it was: {typed}").format(typed=f"/settings {words}") for words in again]
    undo = tuple(Button(_("Undo"), "settings", words, turns=True) for words in again)
    same = {button.data for button in undo}  # as one that is offered anyway
    others = (tuple(button for button in row if button.data not in same) for row in view.buttons)
    *above, last = filter(None, others)
    card = replace(view.card, paragraphs=("\n".join(said), *view.card.paragraphs))
    return replace(view, card=card, buttons=(*above, (*undo, *last)))


def _again(was: ChatSettings, now: ChatSettings) -> Iterator[str]:
    """What is to be typed after /settings to have again what is none now."""
    if was.zone and not now.zone:
        yield f"zone {was.zone}"
    if was.quiet_from is not None and was.quiet_until is not None and now.quiet_from is None:
        yield f"quiet {clock_face(was.quiet_from)}-{clock_face(was.quiet_until)}"
    if was.delay_seconds and not now.delay_seconds:
        yield f"delay {was.delay_seconds}"
    if was.closing_hours is not None and now.closing_hours is None:
        yield f"closing {was.closing_hours}h"
    if was.language and not now.language:
        yield f"language {was.language}"
