"""What fans and those who ruled say of an incident: the part of its page that moves with each vote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.cards import ruling_text
from bot.cards.finding import finding
from bot.cards.poll import NOT_ASKED
from bot.cards.rating import ratings
from bot.cards.tally_text import FANS, blame_votes
from bot.cards.verdict import no_ruling, opinion, rulings
from bot.chat.cards import Field, Tone
from bot.chat.instants import as_written
from bot.chat.platform import Way
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.opinions import agreeing_sides
from bot.domain.polls import Question, Tally
from bot.i18n import _
from bot.i18n.formats import capital
from bot.web.pages.frame import Door
from bot.web.rendering import rendered
from bot.web.scale import Drawing, drawing


class Said(NamedTuple):
    """A fact with its name."""

    name: str
    value: str


class RulingLink(NamedTuple):
    """Where a ruling can be read."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The fans' verdict beside the ruling; where nobody is asked, `fans` is None and `finding` empty."""

    finding: str
    not_asked: str
    fans: Drawing | None
    before: Drawing | None
    after: Drawing | None
    agreed: str
    rating: Drawing | None
    blames: bool
    """Whether the ruling that stands blames anybody."""

    in_force: Said | None
    history: tuple[Said, ...]
    ruling_link: RulingLink | None
    undecided: str
    votes: tuple[Door, ...]
    """The ways to vote."""


def verdict_view(incident: Incident, answers: Mapping[Question, Tally], ways: Sequence[Way]) -> VerdictView:
    """What is said of an incident, by everybody's `answers`."""
    ruling, tally = incident.ruling, answers.get(Question.BLAME) if incident.poll else None
    rating = answers.get(Question.RATING) if ruling is not None else None
    parts = (tally.before, tally.after) if tally is not None and ruling is not None else None
    apart = parts if parts is not None and all(part.votes for part in parts) else None
    names = (_("Fans, before the ruling"), _("Fans, after the ruling"))
    before, after = (
        (drawing(blame_votes(incident, part, name)) for part, name in zip(apart, names, strict=True))
        if apart
        else (None, None)
    )
    told = [Said(as_written(each.name), capital(as_written(each.value))) for each in _ruled(incident)]
    link = ruling_text.ruling_link(incident, ruling) if ruling else None
    return VerdictView(
        finding(incident, tally) if tally is not None else "",
        _(NOT_ASKED) if isinstance(incident, NotedIncident) and incident.retracted else "",
        drawing(blame_votes(incident, tally, _(FANS))) if tally is not None else None,
        before,
        after,
        _agreed(incident, tally),
        drawing(ratings(None, rating)[0]) if rating is not None and rating.votes else None,
        ruling_text.tone(incident) is Tone.PENALTY,
        told[0] if told else None,
        tuple(told[1:]),
        RulingLink(link.label, link.url) if link else None,
        "" if ruling else no_ruling(incident),
        tuple(_doors(incident, ways)),
    )


def _ruled(incident: Incident) -> list[Field]:
    return [] if incident.ruling is None else rulings(incident, incident.ruling)


def verdict_part(incident: Incident, answers: Mapping[Question, Tally], ways: Sequence[Way]) -> str:
    """The same as HTML, to stand in the page, or in place of what stands there."""
    return rendered("verdict.html", verdict_view(incident, answers, ways))


def _doors(incident: Incident, ways: Sequence[Way]) -> Iterator[Door]:
    """The ways to vote: the poll itself where a platform has an address for it, else the bot."""
    if not incident.poll:
        return
    for way in ways:
        yield Door(_("Vote on {platform}").format(platform=way.platform), way.to(incident.id))


def _agreed(incident: Incident, tally: Tally | None) -> str:
    """How many fans say what the ruling says; empty where that cannot be said."""
    ruling = incident.ruling
    if tally is None or not tally.votes or ruling is None or not agreeing_sides(incident, ruling):
        return ""
    return as_written(opinion(incident, tally)[0].value)
