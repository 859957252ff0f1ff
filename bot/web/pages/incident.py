"""`/imola-2021`: an incident on one page: what happened, both sides, the ruling, and the fans' verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import escape

from bot.cards import incident_text, noted_text, ruling_text
from bot.cards.finding import finding
from bot.cards.glance import lede
from bot.cards.incident import by_the_clock, circumstances, timeline
from bot.chat.cards import Link
from bot.chat.instants import Instant, Text, as_written, pieces
from bot.domain.incidents import Incident, Suspect
from bot.domain.noted_incidents import NotedIncident, is_running
from bot.domain.polls import Question, Tally
from bot.domain.quotations import Quotation as Quoted
from bot.i18n import _
from bot.web.pages.frame import SITE, Frame, Image, frame
from bot.web.pages.verdict import Said, verdict_part
from bot.web.pieces import LASTING, Piece
from bot.web.rendering import HOLE, around_holes, rendered
from bot.web.site import Site
from bot.web.visits import Answer, ElsewhereError, NotHereError, Visit

MOST_SOURCES = 12


class Quote(NamedTuple):
    """Somebody's words; where they are from can be looked up at `source`."""

    words: str
    speaker: str
    occasion: str
    """Where and when, and from which language it is translated."""

    source: str


class Side(NamedTuple):
    """One of those who may be blamed: the case against them, and what they say."""

    name: str
    team: str
    case: str
    quotes: tuple[Quote, ...]


class Line(NamedTuple):
    """A line of the timeline; `instant` is its moment as machines read it, empty where only a lap is known."""

    when: str
    what: str
    instant: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """All that an incident's page shows; `verdict` and `story` are HTML of our own making.

    The frame's description and the verdict, which votes change, are holes.
    """

    frame: Frame
    title: str
    occasion: str
    running: bool
    live: str
    """Where its votes are told as they move."""

    verdict: str
    story: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """What of it no vote changes."""

    told: tuple[str, ...]
    """Paragraphs: the crash in short, and the story."""

    untold: bool
    sides: tuple[Side, ...]
    others: tuple[Quote, ...]
    timeline: tuple[Line, ...]
    clock: str
    facts: tuple[Said, ...]
    disputed: tuple[str, ...]
    sources: tuple[Link, ...]


async def incident_page(site: Site, visit: Visit) -> Answer:
    """An incident's page. Raises NotHereError, ElsewhereError."""
    incident = found(site, visit.named["incident"])
    if incident.id != visit.named["incident"]:
        raise ElsewhereError(visit.addresses.incident(incident.id))
    answers = await site.polls.answers(incident.id)
    described = Piece(str(escape(description(incident, answers))).encode())
    verdict = Piece(verdict_part(incident, answers, site.ways()).encode())
    head, between, opening, rest = _lasting(site, incident, visit)
    pieces = (head, described, between, described, opening, verdict, rest)
    return Answer(pieces=pieces, about=frozenset({incident.id}))


def _lasting(site: Site, incident: Incident, visit: Visit) -> Sequence[Piece]:
    """What no vote changes: before, between and after both descriptions and the verdict.

    It is made once, as long as nothing else is known of the incident.
    """
    key = (incident.id, visit.addresses, visit.language)
    kept = site.lasting.get(key)
    if kept is not None and kept[0] is incident:
        return kept[1]
    view = incident_view(incident, story_view(incident, site.incidents.zone(incident)), visit)
    made = [Piece(part, LASTING) for part in around_holes("incident.html", view)]
    site.lasting[key] = incident, made
    return made


def found(site: Site, incident_id: str) -> Incident:
    """The incident of an id, or the one that took it over. Raises NotHereError."""
    incident = site.incidents.get(incident_id)
    if incident is None:
        raise NotHereError
    return incident


def incident_view(incident: Incident, story: StoryView, visit: Visit) -> IncidentView:
    """What the page shows, in the language that is spoken, with holes for what votes change."""
    title, addresses = incident_text.title(incident), visit.addresses
    image = None
    if incident.poll:
        picture = addresses.whole(addresses.page(f"/{incident.id}.png"))
        image = Image(picture, _("The fans' verdict: {incident}").format(incident=title))
    embedding = addresses.embedding(incident.id) if incident.poll else ""
    return IncidentView(
        frame(visit, f"{title} – {SITE}", HOLE, image, embedding),
        title,
        incident_text.occasion(incident),
        is_running(incident),
        addresses.live(incident.id),
        HOLE,
        rendered("story.html", story),
    )


def story_view(incident: Incident, zone: ZoneInfo) -> StoryView:
    """What of it no vote changes, in the language that is spoken."""
    moments = tuple(_lines(timeline(incident, zone)))
    return StoryView(
        _told(incident),
        isinstance(incident, NotedIncident) and not incident.retracted,
        tuple(_side(incident, suspect) for suspect in incident.suspects),
        tuple(quote(each) for side in ("stewards", "others") for each in incident.side(side)),
        moments,
        by_the_clock(zone) if any(line.instant for line in moments) or _has_times(incident) else "",
        tuple(Said(as_written(fact.name), as_written(fact.value)) for fact in circumstances(incident)),
        incident.disputed,
        incident_text.sources(incident, MOST_SOURCES),
    )


def description(incident: Incident, answers: Mapping[Question, Tally]) -> str:
    """What an incident's page says, in a sentence or two, for who decides whether to open it."""
    tally = answers.get(Question.BLAME) if incident.poll else None
    verdict = finding(incident, tally) if tally is not None and tally.votes else ruling_text.ruled(incident)
    return f"{verdict}. {_told(incident)[0]}"


def quote(quoted: Quoted) -> Quote:
    """Somebody's words as the page has them."""
    whole = incident_text.quotation(quoted)
    occasion = whole.by.removeprefix(f"{quoted.speaker}, ")
    return Quote(quoted.words, quoted.speaker, occasion, quoted.link)


def _told(incident: Incident) -> tuple[str, ...]:
    if isinstance(incident, NotedIncident):
        return (noted_text.known(incident),)
    short = lede(incident)
    return (short, incident.summary) if incident.lede and incident.summary else (incident.summary or short,)


def _side(incident: Incident, suspect: Suspect) -> Side:
    return Side(
        incident_text.full_name(suspect), suspect.team, suspect.case, tuple(map(quote, incident.side(suspect.id)))
    )


def _lines(told: Sequence[Text]) -> Iterator[Line]:
    for text in told:
        when, _dash, what = as_written(text).partition(" – ")
        instant = next((piece.at.isoformat() for piece in pieces(text) if isinstance(piece, Instant)), "")
        yield Line(when, what, instant)


def _has_times(incident: Incident) -> bool:
    return any(moment.at for moment in incident.timeline)
