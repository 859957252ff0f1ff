"""Incidents of a running session in words: a ruling in a line, and what the digest needs to know of each."""

from bot.cards import noted_text
from bot.cards.incident_text import headline, names_hidden
from bot.cards.public_pages import incident_page
from bot.cards.rating import verdict_door
from bot.cards.ruling_text import decision, judges
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.domain.cases import Outcome
from bot.domain.live_telling import LiveIncident, Stage
from bot.domain.noted_incidents import NotedIncident
from bot.i18n import _
from bot.i18n.formats import capital


def live_incident(incident: NotedIncident) -> LiveIncident:
    """What telling an incident of a running session takes, in the language that is being spoken."""
    case, ruling = incident.case, incident.ruling
    # What a document rules, race control's messages do not know of.
    told = ruling is not None and (case.outcome is Outcome.PENALTY or ruling.message is None)
    penalties = (decision(incident, ruling),) if ruling is not None and told else ()
    names, place = tuple(incident.button_names.values()), noted_text.place(case)
    return LiveIncident(incident.id, names, place, Stage(case.outcome.value), case.opened_at, penalties)


def ruling_reply(incident: NotedIncident, *, veiled: bool = False) -> Reply:
    """The line that tells who decided what, and the way to rate it; `veiled`, whom it is about is hidden like it.

    Raises ValueError where nothing was decided.
    """
    if incident.ruling is None:
        raise ValueError(f"{incident.id} has no ruling")
    said = f"{capital(judges(incident.ruling.by))}: {decision(incident, incident.ruling)}."
    who = (noted_text.names(incident),) if names_hidden(incident, veiled=veiled) else ()
    card = Card(headline(incident, veiled=veiled), paragraphs=(*who, said))
    doors = (verdict_door(incident), Button(_("Who was to blame?"), "blame", incident.id))
    return Reply(card, (doors,), veiled=veiled, page=incident_page(incident))
