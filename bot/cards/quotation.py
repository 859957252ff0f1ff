"""One quotation."""

from bot.cards import incident_text
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.i18n import _
from bot.search.quotation_finder import Saying
from bot.search.words import as_data


def quotation_reply(saying: Saying, asked: str) -> Reply:
    """One quotation with its incident, and buttons for another and for the story."""
    incident = saying.incident
    card = Card(
        incident.title,
        subtitle=incident_text.occasion(incident),
        quotations=(incident_text.quotation(saying.quotation),),
        tone=incident_text.tone(incident),
    )
    buttons = (
        Button(_("Another"), "quote", as_data(asked, room=BUTTON_DATA_BYTES - len("quote "))),
        Button(_("The story"), "crash", incident.id),
    )
    return Reply(card, (buttons,))
