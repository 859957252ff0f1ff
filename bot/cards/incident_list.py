"""A page of the catalogue."""

from collections.abc import Sequence

from bot.cards.incident_text import page_of, rows
from bot.cards.labels import lines, short_titles
from bot.chat.buttons import BUTTON_DATA_BYTES, TURNING, Button
from bot.chat.cards import Card
from bot.chat.paging import at_page
from bot.chat.replies import Reply
from bot.domain.incidents import Incident
from bot.i18n import _, counted
from bot.search.words import as_data

PAGE = 8


def page_reply(
    incidents: Sequence[Incident], asked: str, page: int, command: str = "incidents", *, veiled: bool = False
) -> Reply:
    """A page of the list, or the nearest there is: a line and a button for each incident, and buttons to turn it.

    `command` is whose list it is, `asked` the argument that it was asked for with. `veiled`, it names
    nobody who was in an incident of a running session.
    """
    pages = -(-len(incidents) // PAGE)
    page = min(max(page, 1), pages)
    shown = incidents[(page - 1) * PAGE : page * PAGE]
    filtered = as_data(asked, room=BUTTON_DATA_BYTES - len(f"{TURNING}{command}  page-9999"))
    turn = []
    if page > 1:
        turn.append(Button(_("Newer"), command, at_page(filtered, page - 1), turns=True))
    if page < pages:
        turn.append(Button(_("Older"), command, at_page(filtered, page + 1), turns=True))
    labels = short_titles(shown, veiled=veiled)
    buttons = rows((Button(label, "crash", each.id) for label, each in zip(labels, shown, strict=True)), 2)
    card = Card(
        counted("{number} incident", "{number} incidents", len(incidents)),
        paragraphs=("\n".join(lines(shown, veiled=veiled)),),
        footer=page_of(page, pages),
    )
    return Reply(card, (*buttons, tuple(turn)) if turn else buttons)
