"""Whether a chat is asked at all, which poll is closed there, and what that poll came to."""

from bot.cards import incident_text, ruling_text
from bot.cards.public_pages import incident_page
from bot.cards.tally_text import EVERYWHERE, HERE, blame_votes, side_by_side
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Reply
from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.i18n import _
from bot.i18n.formats import capital


def switch_view(*, on: bool) -> Reply:
    """Whether polls are on in a chat, with a button that switches them, and one that leads to closing one."""
    shown = switched(on=on)
    return Reply(shown.card, ((*shown.buttons[0], Button(_("Close one"), "polls", "close")),))


def switched(*, on: bool) -> Reply:
    """Whether polls are on in a chat, with a button that switches them back."""
    other = Button(_("Turn them off") if on else _("Turn them on"), "polls", "off" if on else "on", turns=True)
    card = Card(_("Blame polls are on in this chat") if on else _("Blame polls are off in this chat"))
    return Reply(card, ((other,),))


def closed(incident: Incident, *, veiled: bool = False) -> Reply:
    """That a poll is closed here; `veiled`, one on an incident of a running session names nobody."""
    card = Card(
        _("Closed here: {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        paragraphs=(_("What it came to is posted here once. Elsewhere it goes on."),),
    )
    return Reply(card, ((Button(_("Open it again"), "polls", f"open {incident.id}", turns=True),),))


def opened(incident: Incident, *, veiled: bool = False) -> Reply:
    """That a poll is open here; `veiled`, one on an incident of a running session names nobody."""
    card = Card(
        _("Open here: {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        paragraphs=(_("Votes that were cast before still count."),),
    )
    who = Button(_("Who was to blame?"), "blame", incident.id)
    return Reply(card, ((who, Button(_("Close it"), "polls", f"close {incident.id}", turns=True)),))


def result(incident: Incident, here: Tally, everyone: Tally, *, veiled: bool = False) -> Reply:
    """What a poll came to: the chat's votes as they were when it was closed, beside everyone's and the ruling.

    No moving tally: it is how the poll ended here, whatever is voted elsewhere. `veiled`, all below the title is
    hidden until somebody taps it, and so are the drivers of a running session.
    """
    fields = []
    if incident.ruling is not None:
        said = f"{ruling_text.decision(incident, incident.ruling)}{ruling_text.overturned(incident)}"
        fields.append(Field(capital(ruling_text.judges(incident.ruling.by)), said))
    names = {_(HERE): _("So voted this chat"), _(EVERYWHERE): _(EVERYWHERE)}
    votes = tuple(
        blame_votes(incident, tally, names[name], exact=exact) for name, tally, exact in side_by_side(here, everyone)
    )
    nobody = () if here.votes else (_("Nobody voted here."),)
    card = Card(
        _("The poll is closed: {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*incident_text.below(incident, veiled=veiled), *nobody),
        fields=tuple(fields),
        votes=votes,
        tone=ruling_text.tone(incident),
    )
    doors = (Button(_("The story"), "crash", incident.id), Button(_("The verdict"), "verdict", incident.id))
    return Reply(card, (doors,), veiled=veiled, page=incident_page(incident))
