"""The stewards' ruling beside the fans' verdict, and how the fans rate it."""

from collections.abc import Mapping

from bot.cards import incident_text, noted_text
from bot.cards.fan_season import told
from bot.cards.poll import SHOWN_TO_VOTERS
from bot.cards.rating import rating_buttons, rating_fields, take_back
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Instant, Shown, Text, filled, text_of
from bot.chat.replies import Reply
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
) -> Reply:
    """The ruling, its reviews, the fans' opinion of the same question, and what they make of the ruling.

    `answers` are everyone's. `rating` is the poll to rate it in, if that is asked; its message follows both polls. No
    rating is asked for, or shown, where nothing is ruled.
    `here` are a chat's own ratings. Where the votes on blame are `hidden`, it says how many there are; ratings are
    shown all the same.
    """
    ruling, tally = incident.ruling, answers.get(Question.BLAME) if incident.poll else None
    if ruling is None:  # of one that was withdrawn the poll is still there
        rating = None
    fields = []
    if ruling is not None:
        fields += [Field(_when(incident, ruling), _said(incident, ruling))]
        if isinstance(ruling, NotedRuling):
            fields += [
                Field(_before(incident, each), _said(incident, each)) for each in ruling.replaced[:MOST_REPLACED]
            ]
        fields += [
            Field(f"{day(review.date)}, {incident_text.judges(review.by)}", review.decision)
            for review in ruling.reviews
        ]
    if tally is not None:
        fields += [_hidden(tally)] if hidden and tally.votes else _opinion(incident, tally)
    if ruling is not None and Question.RATING in answers:
        fields += rating_fields(here, answers[Question.RATING])
    link = incident_text.ruling_link(incident, ruling) if ruling else None
    links = (link,) if link else incident_text.sources(incident) if ruling is None else ()
    card = Card(
        _("The verdict: {incident}").format(incident=incident_text.title(incident)),
        subtitle=incident_text.occasion(incident),
        paragraphs=() if ruling else (_no_ruling(incident),),
        bars=incident_text.bars(incident, tally) if tally is not None and not hidden else (),
        fields=tuple(fields),
        links=links,
        footer=_("Did they get it right? One tap rates the ruling; you may change it.") if rating else "",
        clock=_clock(incident),
        tone=incident_text.tone(incident),
    )
    who = (Button(_("Who was to blame?"), "blame", incident.id),) if incident.poll else ()
    picture = () if hidden else _drawable(incident, tally)
    doors = (*who, Button(_("The story"), "crash", incident.id), *picture)
    if rating is None:
        return Reply(card, incident_text.rows(doors, 2))
    rows = (*rating_buttons(incident, rating), *incident_text.rows((*doors, take_back(incident)), 2))
    return Reply(card, rows, poll=incident.id, question=Question.RATING)


def _drawable(incident: Incident, tally: Tally | None) -> tuple[Button, ...]:
    return (Button(_("As a picture"), "chart", incident.id),) if tally is not None and tally.votes else ()


def _no_ruling(incident: Incident) -> str:
    if isinstance(incident, NotedIncident):
        return noted_text.state(incident)
    return _("No ruling was made, or none that was published.")


def _when(incident: Incident, ruling: Ruling) -> Text:
    """Who ruled, and when; written by the clock at the track where the moment is known."""
    when: str | Instant = day(ruling.date)
    if isinstance(incident, NotedIncident) and isinstance(ruling, NotedRuling):
        said = f"{when}, {ruling.made_at.astimezone(incident.zone):%H:%M}"
        when = Instant(ruling.made_at, said, Shown.DATE_AND_TIME)
    return text_of(capital(incident_text.judges(ruling.by)), ", ", when)


def _before(incident: Incident, ruling: Ruling) -> Text:
    return filled(_("Before that: {when}"), when=_when(incident, ruling))


def _clock(incident: Incident) -> str:
    """By whose clock a ruling's time is written, where it has one."""
    if not isinstance(incident, NotedIncident) or incident.ruling is None:
        return ""
    return _("Times are those of the clocks at the track ({zone}).").format(zone=incident.zone.key)


def _said(incident: Incident, ruling: Ruling) -> str:
    reason = noted_text.reason_in_words(ruling.reason) if isinstance(ruling, NotedRuling) else ruling.reason
    decision = incident_text.decision(incident, ruling)
    return f"{decision}. {capital(reason).rstrip('.')}." if reason else f"{decision}."


def _hidden(tally: Tally) -> Field:
    return Field(_("Fans"), f"{incident_text.turnout(tally)}. {_(SHOWN_TO_VOTERS)}")


def _agree(agree: int, votes: int) -> str:
    """How many agree with the stewards: `67 % of the fans agree`; while there are few, `2 of 3`."""
    if votes < SMALL:
        return told(Share(agree, votes))
    return _("{percent} of the fans agree").format(percent=incident_text.percent(agree, votes))


def _opinion(incident: Incident, tally: Tally) -> list[Field]:
    """The fans' shares, their agreement with the ruling, and their votes before and after it."""
    if not tally.votes:
        return [Field(_("Fans"), _("No votes yet."))]
    fields = [Field(_("Fans"), incident_text.fans(incident, tally))]
    if incident.ruling is not None:
        if sides := agreeing_sides(incident, incident.ruling):
            agree = sum(tally.by_side()[side] for side in sides)
            fields.append(Field(_("With the stewards"), _agree(agree, tally.votes)))
        before = _("Votes before the ruling ({number})").format(number=written(tally.before.votes))
        after = _("Votes after the ruling ({number})").format(number=written(tally.after.votes))
        parts = ((before, tally.before), (after, tally.after))
        fields += [Field(name, incident_text.shares(incident, part)) for name, part in parts if part.votes]
    return fields
