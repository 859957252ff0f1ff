"""The stewards' ruling beside the fans' verdict, and how the fans rate it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.cards import incident_text, noted_text, ruling_text
from bot.cards.fan_season import told
from bot.cards.glance import View, on_one_screen
from bot.cards.poll import SHOWN_TO_VOTERS
from bot.cards.public_pages import incident_page
from bot.cards.rating import rating_buttons, ratings, take_back
from bot.cards.tally_text import FANS, blame_votes, shares, together, turnout
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Instant, Shown, Text, filled, text_of
from bot.chat.replies import Reply
from bot.chat.votes import Votes
from bot.domain.incidents import Incident, Ruling
from bot.domain.noted_incidents import NotedIncident, NotedRuling
from bot.domain.opinions import Share, agreeing_sides
from bot.domain.polls import SMALL, Poll, Question, Tally
from bot.i18n import _
from bot.i18n.formats import capital, day, written

MOST_REPLACED = 4
"""Rulings that were replaced and are told of; there were never more."""


def verdict_reply(
    incident: Incident,
    answers: Mapping[Question, Tally],
    rating: Poll | None = None,
    here: Tally | None = None,
    *,
    hidden: bool = False,
    veiled: bool = False,
) -> Reply:
    """The ruling, its reviews, the fans' opinion of the same question, and what they make of the ruling.

    `answers` are everyone's. `rating` is the poll to rate it in, if that is asked; its message follows both polls. No
    rating is asked for, or shown, where nothing is ruled.
    `here` are a chat's own ratings. Where the votes on blame are `hidden`, it says how many there are; ratings are
    shown all the same. `veiled`, whom it is about is hidden with the rest until somebody taps it.
    """
    ruling, tally = incident.ruling, answers.get(Question.BLAME) if incident.poll else None
    if ruling is None:  # of one that was withdrawn the poll is still there
        rating = None
    link = ruling_text.ruling_link(incident, ruling) if ruling else None
    links = (link,) if link else incident_text.sources(incident) if ruling is None else ()
    frame = Card(
        _("The verdict: {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*incident_text.below(incident, veiled=veiled), *(() if ruling else (no_ruling(incident),))),
        votes=_votes(incident, answers, here, hidden=hidden),
        links=links,
        footer=_("Did they get it right? One tap rates the ruling; you may change it.") if rating else "",
        clock=_clock(incident),
        tone=ruling_text.tone(incident),
    )
    card = on_one_screen(_views(incident, frame, _fans(incident, tally, hidden=hidden)))
    unfold = Button(_("The reasons"), "reasons", incident.id) if card.folded else None
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    picture = () if hidden else _drawable(incident, tally)
    doors = (*who, Button(_("The story"), "crash", incident.id), *picture)
    page = incident_page(incident, hidden=hidden)
    if rating is None:
        return Reply(card, incident_text.rows(doors, 2), unfold, veiled=veiled, page=page)
    rows = (*rating_buttons(incident, rating.choices), *incident_text.rows((*doors, take_back(incident)), 2))
    return Reply(card, rows, unfold, poll=incident.id, question=Question.RATING, veiled=veiled, page=page)


def _votes(
    incident: Incident, answers: Mapping[Question, Tally], here: Tally | None, *, hidden: bool
) -> tuple[Votes, ...]:
    """Everyone's votes on blame, unless they are hidden, and how a ruling is rated, in the chat and everywhere."""
    tally = answers.get(Question.BLAME) if incident.poll else None
    blame = (blame_votes(incident, tally, _whose(incident, tally)),) if tally and tally.votes and not hidden else ()
    rated = answers.get(Question.RATING) if incident.ruling else None
    return (*blame, *(ratings(here, rated) if rated else ()))


def _views(incident: Incident, frame: Card, fans: Sequence[Field]) -> Iterator[View]:
    """The verdict with all that was decided in sight, and with ever more of it folded.

    First what preceded or followed the ruling, then its reason, the votes before and after it, everyone's ratings where
    the chat's own are there, and how the fans agree.
    """
    ruling = incident.ruling
    if ruling is None:
        yield View(replace(frame, fields=tuple(fans)), ())
        return
    when, others, why = _when(incident, ruling), _others(incident, ruling), tuple(filter(None, [_why(ruling)]))
    short = f"{ruling_text.decision(incident, ruling)}{ruling_text.overturned(incident)}."
    in_short, in_full = Field(when, short), Field(when, " ".join((short, *why)))
    yield View(replace(frame, fields=(Field(when, _said(incident, ruling)), *others, *fans)), ())
    yield View(replace(frame, fields=(in_full, *fans)), _lines(others))
    yield View(replace(frame, fields=(in_short, *fans)), (*why, *_lines(others)))
    for votes, kept in ((frame.votes, 1), (frame.votes[:2], 1), (frame.votes[:2], 0)):
        folded = (
            *why,
            *_lines(others),
            *_lines(fans[kept:]),
            *(f"{each.name}: {each.in_words}" for each in frame.votes[len(votes) :]),
        )
        yield View(replace(frame, fields=(in_short, *fans[:kept]), votes=votes), folded)


def rulings(incident: Incident, ruling: Ruling) -> list[Field]:
    """All that was ruled: what stands with its reason, what was ruled before, and what came of it."""
    return [Field(_when(incident, ruling), _said(incident, ruling)), *_others(incident, ruling)]


def _lines(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(f"{field.name}: {field.value}" for field in fields)


def _others(incident: Incident, ruling: Ruling) -> list[Field]:
    """What was ruled before, and what came of it."""
    replaced = ruling.replaced[:MOST_REPLACED] if isinstance(ruling, NotedRuling) else ()
    return [
        *(Field(_before(incident, each), _said(incident, each)) for each in replaced),
        *(Field(f"{day(review.date)}, {ruling_text.judges(review.by)}", review.decision) for review in ruling.reviews),
    ]


def _drawable(incident: Incident, tally: Tally | None) -> tuple[Button, ...]:
    return (Button(_("As a picture"), "chart", incident.id),) if tally is not None and tally.votes else ()


def no_ruling(incident: Incident) -> str:
    """That there is no ruling, or how a case stands that is not decided yet."""
    if isinstance(incident, NotedIncident):
        return noted_text.state(incident)
    return _("No ruling was made, or none that was published.")


def _when(incident: Incident, ruling: Ruling, *, within: bool = False) -> Text:
    """Who ruled, and when, `within` a sentence or at its beginning.

    It is written by the clock at the track where the moment is known.
    """
    when: str | Instant = day(ruling.date)
    if isinstance(incident, NotedIncident) and isinstance(ruling, NotedRuling):
        said = f"{when}, {ruling.made_at.astimezone(incident.zone):%H:%M}"
        when = Instant(ruling.made_at, said, Shown.DATE_AND_TIME)
    by = ruling_text.judges(ruling.by)
    return text_of(by if within else capital(by), ", ", when)


def _before(incident: Incident, ruling: Ruling) -> Text:
    return filled(_("Before that: {when}"), when=_when(incident, ruling, within=True))


def _clock(incident: Incident) -> str:
    """By whose clock a ruling's time is written, where it has one."""
    if not isinstance(incident, NotedIncident) or incident.ruling is None:
        return ""
    return _("Times are those of the clocks at the track ({zone}).").format(zone=incident.zone.key)


def _said(incident: Incident, ruling: Ruling) -> str:
    return f"{ruling_text.decision(incident, ruling)}. {_why(ruling)}".strip()


def _why(ruling: Ruling) -> str:
    """The reason for a ruling as a sentence; empty where none is known."""
    reason = noted_text.reason_in_words(ruling.reason) if isinstance(ruling, NotedRuling) else ruling.reason
    return f"{capital(reason).rstrip('.')}." if reason else ""


def _fans(incident: Incident, tally: Tally | None, *, hidden: bool) -> list[Field]:
    """What is said of the fans' votes beside their scale."""
    if tally is None:
        return []
    return [_hidden(tally)] if hidden and tally.votes else opinion(incident, tally)


def _hidden(tally: Tally) -> Field:
    return Field(_("Fans"), f"{turnout(tally)}. {_(SHOWN_TO_VOTERS)}")


def _whose(incident: Incident, tally: Tally) -> str:
    """Whose votes these are; where there is a ruling, and all were cast before it or all after it, that as well."""
    if incident.ruling is None:
        return _(FANS)
    if tally.before.votes == tally.votes:
        return _("Fans, before the ruling")
    return _(FANS) if tally.before.votes else _("Fans, after the ruling")


def _agree(tally: Tally, sides: Sequence[str]) -> str:
    """How many agree with the ruling: `67 % of the fans agree`; while there are few, `2 of 3`."""
    if tally.votes < SMALL:
        return told(Share.of(tally, sides))
    return _("{percent} of the fans agree").format(percent=together(tally, sides))


def opinion(incident: Incident, tally: Tally) -> list[Field]:
    """That nobody voted, or how many agree with the ruling, and the votes before and after it."""
    if not tally.votes:
        return [Field(_("Fans"), _("No votes yet."))]
    fields = []
    if incident.ruling is not None:
        if sides := agreeing_sides(incident, incident.ruling):
            fields.append(Field(_("With the ruling"), _agree(tally, sides)))
        before = _("Votes before the ruling ({number})").format(number=written(tally.before.votes))
        after = _("Votes after the ruling ({number})").format(number=written(tally.after.votes))
        parts = ((before, tally.before), (after, tally.after))
        if all(part.votes for _name, part in parts):
            fields += [Field(name, shares(incident, part)) for name, part in parts]
    return fields
