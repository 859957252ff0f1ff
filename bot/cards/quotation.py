"""One quotation; and both sides' face to face."""

from bot.cards import incident_text, ruling_text
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.cards import Card
from bot.chat.replies import Attachment, Reply
from bot.domain.incidents import Incident
from bot.domain.quotations import Quotation as Quoted
from bot.i18n import _
from bot.search.quotation_finder import Saying
from bot.search.words import as_data


def quotation_reply(saying: Saying, asked: str) -> Reply:
    """One quotation with its incident, and buttons for another and for the story."""
    incident = saying.incident
    card = Card(
        incident_text.title(incident),
        subtitle=incident_text.occasion(incident),
        quotations=(incident_text.quotation(saying.quotation),),
        tone=ruling_text.tone(incident),
    )
    buttons = [
        Button(_("Another"), "quote", as_data(asked, room=BUTTON_DATA_BYTES - len("quote "))),
        Button(_("The story"), "crash", incident.id),
    ]
    if both_sides(incident):
        buttons.append(Button(_("Face to face"), "quote", f"{incident.id} picture"))
    return Reply(card, (tuple(buttons),))


def both_sides(incident: Incident) -> tuple[Quoted, Quoted] | None:
    """The first quotation of each of the first two suspects who are quoted; None where fewer are."""
    first: dict[str, Quoted] = {}
    for quoted in incident.quotations:
        first.setdefault(quoted.side, quoted)
    sides = [first[suspect.id] for suspect in incident.suspects if suspect.id in first]
    return (sides[0], sides[1]) if len(sides) > 1 else None


def face_to_face_reply(incident: Incident, picture: Attachment) -> Reply:
    """Both sides as a picture, in a message of its own, with the ways to the poll and to the story."""
    doors = [Button(_("Who was to blame?"), "blame", incident.id)] if incident.poll else []
    doors.append(Button(_("The story"), "crash", incident.id))
    title = _("Both sides: {incident}").format(incident=incident_text.title(incident))
    return Reply(Card(title), (tuple(doors),), separate=True, attachment=picture)
