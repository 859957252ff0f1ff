"""`/feed.atom`: the latest verdicts, for who reads news in one place."""

import datetime as dt
from collections.abc import Sequence
from heapq import nlargest
from xml.etree.ElementTree import Element, SubElement

from bot.cards import incident_text, ruling_text
from bot.cards.finding import finding
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedRuling
from bot.domain.polls import Question, Tally
from bot.i18n import spoken_code
from bot.web.addresses import Addresses
from bot.web.machines.open_data import every_incident
from bot.web.machines.xml import written
from bot.web.pages.frame import SITE
from bot.web.site import Site
from bot.web.visits import Answer, Visit

ATOM = "http://www.w3.org/2005/Atom"
MOST = 20
SECONDS = 60.0


async def feed_answer(site: Site, visit: Visit) -> Answer:
    """The incidents that were ruled on last, each with what fans and the ruling say."""
    latest = nlargest(MOST, [each for each in await every_incident(site) if each.ruling], key=ruled_at)
    tallies = {
        incident_id: answers[Question.BLAME]
        async for incident_id, answers in site.polls.voted([each.id for each in latest])
        if Question.BLAME in answers
    }
    return Answer(feed(latest, tallies, visit), "application/atom+xml; charset=utf-8", seconds=SECONDS)


def feed(latest: Sequence[Incident], tallies: dict[str, Tally], visit: Visit) -> bytes:
    """The feed, in the language that is spoken."""
    addresses = visit.addresses
    here = addresses.whole(addresses.page("/feed.atom"))
    root = Element("feed", {"xmlns": ATOM, "xml:lang": spoken_code()})
    for name, text in (("id", here), ("title", SITE), ("updated", _moment(latest[0]) if latest else _NEVER)):
        SubElement(root, name).text = text
    SubElement(SubElement(root, "author"), "name").text = SITE
    SubElement(root, "link", {"rel": "self", "href": here})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": addresses.whole(addresses.home)})
    for incident in latest:
        _add(root, incident, tallies.get(incident.id), addresses)
    return written(root)


def ruled_at(incident: Incident) -> dt.datetime:
    """When the ruling that stands was made: to the second where that is known, else at noon of its day, in UTC."""
    ruling = incident.ruling
    if isinstance(ruling, NotedRuling):
        return ruling.made_at
    day = incident.date if ruling is None else ruling.date
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def _add(root: Element, incident: Incident, tally: Tally | None, addresses: Addresses) -> None:
    entry = SubElement(root, "entry")
    page = addresses.whole(addresses.incident(incident.id))
    verdict = f"{finding(incident, tally)}." if tally is not None and tally.votes else ""
    summary = " ".join(filter(None, (f"{ruling_text.ruled(incident)}.", verdict)))
    for name, text in (
        ("id", page),
        ("title", incident_text.title(incident)),
        ("updated", _moment(incident)),
        ("summary", summary),
    ):
        SubElement(entry, name).text = text
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})


def _moment(incident: Incident) -> str:
    return ruled_at(incident).astimezone(dt.UTC).isoformat(timespec="seconds")


_NEVER = "1970-01-01T00:00:00+00:00"
