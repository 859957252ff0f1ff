"""Incidents in a list that sorts and filters, a page of it at a time: a season's, a driver's, a circuit's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from bot.cards import incident_text
from bot.domain.incidents import Incident
from bot.domain.opinions import Opinion, disputes
from bot.i18n import _, counted
from bot.i18n.races import race_name
from bot.search.words import split
from bot.web.pages.entries import Entry, entries
from bot.web.pages.frame import SITE, Door, Frame, frame
from bot.web.pages.verdict import Said
from bot.web.rendering import rendered
from bot.web.site import Site
from bot.web.visits import Answer, Visit
from storage.incidents.reading import read_circuits
from storage.opinions import read_opinions

HEEDED = ("q", "sort", "page")
"""What the query of a list may name: words that are in it, its order, and the page."""

PAGE = 24

NEWEST, VOTES, DISPUTED = "newest", "votes", "disputed"


class Option(NamedTuple):
    """An order that the list may have."""

    value: str
    label: str
    chosen: bool


class Topic(NamedTuple):
    """What a list is of: what it is called, what is said above it, and the ways to others."""

    title: str
    facts: tuple[Said, ...] = ()
    others: tuple[Door, ...] = ()


@dataclass(frozen=True, slots=True)
class ListView:
    """What a list's page shows."""

    frame: Frame
    topic: Topic
    total: str
    entries: tuple[Entry, ...]
    path: str
    asked: str
    options: tuple[Option, ...]
    turns: tuple[Door, ...]
    """The ways to newer and older incidents."""

    page: str


async def list_page(site: Site, visit: Visit, incident_ids: Sequence[str], topic: Topic) -> Answer:
    """The page of a list that the query asks for, or the nearest there is."""
    opinions = {each.incident.id: each for each in await read_opinions(site.polls, site.incidents.get, incident_ids)}
    incidents = [*site.incidents.of_ids(incident_ids)]
    view = list_view(incidents, opinions, topic, visit)
    return Answer(rendered("list.html", view).encode())


def list_view(incidents: Sequence[Incident], opinions: Mapping[str, Opinion], topic: Topic, visit: Visit) -> ListView:
    """What a list's page shows, in the language that is spoken."""
    asked, order = visit.query.get("q", ""), visit.query.get("sort", NEWEST)
    found = _sorted(_filtered(incidents, asked), opinions, order)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(_number(visit.query.get("page", "1")), 1), pages)
    tallies = {incident_id: opinion.blame for incident_id, opinion in opinions.items()}
    total = counted("{number} incident", "{number} incidents", len(found))
    return ListView(
        frame(visit, f"{topic.title} – {SITE}", f"{topic.title}: {total}"),
        topic,
        total,
        tuple(entries(found[(page - 1) * PAGE : page * PAGE], tallies, visit.addresses)),
        visit.addresses.page(visit.path),
        asked,
        _options(order),
        tuple(_turns(visit, page, pages)),
        incident_text.page_of(page, pages),
    )


def _filtered(incidents: Sequence[Incident], asked: str) -> list[Incident]:
    """Those that have every word, or its beginning, in their title, their race, its place or their drivers' names.

    What stands there in the reader's language counts as well as what the incident's file says.
    """
    words = split(asked)
    return [each for each in incidents if all(_has(each, word) for word in words)]


def _has(incident: Incident, word: str) -> bool:
    return any(known.startswith(word) for text in _names(incident) for known in split(text))


def _names(incident: Incident) -> Iterator[str]:
    yield from (
        incident.title,
        incident.race,
        incident.circuit,
        incident_text.title(incident),
        race_name(incident.race),
    )
    yield from (name for each in incident.suspects for name in (each.name, incident_text.full_name(each)))
    if circuit := read_circuits().get(incident.circuit):
        yield from (circuit.name, circuit.country, *circuit.also)


def _sorted(incidents: Sequence[Incident], opinions: Mapping[str, Opinion], order: str) -> list[Incident]:
    newest = sorted(incidents, key=lambda each: each.date, reverse=True)
    if order == VOTES:
        return sorted(
            newest, key=lambda each: opinions[each.id].blame.votes if each.id in opinions else 0, reverse=True
        )
    if order == DISPUTED:
        known = [opinions[each.id] for each in newest if each.id in opinions]
        places = {each.incident.id: number for number, each in enumerate(disputes(known))}
        return sorted(newest, key=lambda each: places.get(each.id, len(places)))
    return newest


def _options(order: str) -> tuple[Option, ...]:
    labels = ((NEWEST, _("Newest first")), (VOTES, _("Most votes first")), (DISPUTED, _("Most disputed first")))
    return tuple(Option(value, label, value == order) for value, label in labels)


def _turns(visit: Visit, page: int, pages: int) -> list[Door]:
    ways = [(_("Previous page"), page - 1)] if page > 1 else []
    ways += [(_("Next page"), page + 1)] if page < pages else []
    path = visit.addresses.page(visit.path)
    return [Door(label, f"{path}?{urlencode({**visit.query, 'page': number})}") for label, number in ways]


def _number(said: str) -> int:
    """A page's number; the first where none is said."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1  # noqa: PLR2004 - there are no more
