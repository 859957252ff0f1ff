"""Incidents as lists show them: a line on each, and a bar."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.cards import incident_text, ruling_text
from bot.cards.finding import finding
from bot.cards.tally_text import FANS, blame_votes
from bot.domain.incidents import Incident
from bot.domain.polls import SMALL, Tally
from bot.i18n import _
from bot.i18n.formats import day
from bot.i18n.races import race_name
from bot.web.addresses import Addresses
from bot.web.scale import Drawing, drawing


class Entry(NamedTuple):
    """An incident in a list: where its page is, what it is about, what is said of it, and how its votes lie."""

    path: str
    title: str
    occasion: str
    said: str
    bar: Drawing | None


def entries(incidents: Iterable[Incident], tallies: Mapping[str, Tally], addresses: Addresses) -> Iterable[Entry]:
    """Incidents as lists show them."""
    for incident in incidents:
        tally = tallies.get(incident.id)
        voted = tally is not None and tally.votes
        yield Entry(
            addresses.incident(incident.id),
            incident_text.title(incident),
            f"{race_name(incident.race)}, {day(incident.date)}",
            finding(incident, tally) if tally is not None and voted else ruling_text.ruled(incident),
            drawing(blame_votes(incident, tally, _(FANS))) if tally is not None and tally.votes >= SMALL else None,
        )
