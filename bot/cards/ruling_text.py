"""How a ruling is put into words: whose it is, what it says, and what stood before it."""

import datetime as dt

from bot.cards import noted_text
from bot.chat.cards import Link, Tone
from bot.domain.incidents import Incident, Ruling
from bot.domain.noted_incidents import NotedIncident, NotedRuling
from bot.i18n import _, marked
from bot.i18n.formats import capital, day, within

WEEKEND = dt.timedelta(days=3)
"""Rulings that were made so soon are those of the race weekend; of later ones it is said when they were made."""

JUDGES = (
    marked("the stewards"),
    marked("the FIA"),
    marked("the FIA World Motor Sport Council"),
    marked("the FIA International Court of Appeal"),
    marked("the FIA Senate"),
)
"""Who rules as a rule; others stand in the incidents' files by their names."""


def decision(incident: Incident, ruling: Ruling) -> str:
    """A ruling in a line."""
    if isinstance(incident, NotedIncident) and isinstance(ruling, NotedRuling):
        return noted_text.decision(incident, ruling)
    return ruling.decision


def judges(by: str) -> str:
    """Who made a ruling, within a sentence, however it was written down: `the stewards`, `the FIA`."""
    known = within(f"The {by}" if by.startswith("FIA") else by)
    return _(known) if known in JUDGES else within(by)


def ruled(incident: Incident) -> str:
    """The ruling that stands, in short: whose it is, of when where that was not within days, and what it says.

    Where others stood before it that is said as well: race control's by the last of them, all others by where they are.
    """
    ruling = incident.ruling
    if ruling is None:
        return _("No ruling")
    by = capital(judges(ruling.by))
    if ruling.date - incident.date > WEEKEND:
        by = f"{by}, {day(ruling.date)}"
    return f"{by}: {decision(incident, ruling)}{overturned(incident)}"


def overturned(incident: Incident) -> str:
    """What stood before the ruling that stands, as the end of a sentence; empty where nothing is known to have."""
    ruling = incident.ruling
    said = ""
    if isinstance(ruling, NotedRuling) and ruling.replaced:
        said = _("before that: {ruling}").format(ruling=decision(incident, ruling.replaced[0]))
    elif ruling is not None and any(review.date < ruling.date for review in ruling.reviews):
        said = _("after earlier decisions")
    return f" ({said})" if said else ""


def ruling_link(incident: Incident, ruling: Ruling) -> Link | None:
    """Where a ruling can be read, called by the publisher's name where it is one of the sources; None if nowhere."""
    if ruling.link is None:
        return None
    publishers = {source.link: source.publisher for source in incident.sources}
    return Link(publishers.get(ruling.link, _("The ruling")), ruling.link)


def tone(incident: Incident) -> Tone:
    """Grey where nobody was punished, coloured where somebody was or nothing is decided."""
    if incident.ruling is None:
        return Tone.OPEN
    return Tone.PENALTY if incident.ruling.at_fault else Tone.NEUTRAL
