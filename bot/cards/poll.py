"""The poll on who was to blame: its card, and its buttons."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.cards import incident_text, noted_text, ruling_text
from bot.cards.glance import View, on_one_screen
from bot.cards.public_pages import incident_page
from bot.cards.rating import verdict_door
from bot.cards.tally_text import blame_votes, side_by_side, turnout
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Reply
from bot.chat.votes import Votes
from bot.domain.incidents import RACING_INCIDENT, WITHDRAW, Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.polls import Choice, Poll, Tally
from bot.i18n import _, counted, marked
from bot.i18n.formats import capital, written

NO_VOTES = marked("No votes here yet. One tap is a vote; you may change it.")
NOT_ASKED = marked("Race control has corrected this, so nobody is asked any more who was to blame.")
SHOWN_TO_VOTERS = marked("How it stands is shown to whoever has voted.")


def poll_reply(
    incident: Incident,
    poll: Poll,
    here: Tally | None,
    everyone: Tally,
    *,
    hidden: bool = False,
    closed: bool = False,
    veiled: bool = False,
) -> Reply:
    """The poll's message: the cases, the votes `here` (if there is one) and everywhere, the choices.

    Where how it stands is `hidden`, it says how many voted and no more; where the poll is `closed`, nobody can vote.
    `veiled`, all below the title is hidden until somebody taps it; the drivers of a running session are, too, and have
    numbers on the buttons.
    Where it was dropped, it says that, and shows no votes: they were cast on something else than what is known by now.
    """
    if poll.dropped:
        return _dropped(incident, veiled=veiled)
    turnout = _hidden(here, everyone) if hidden else _nobody(everyone if here is None else here, closed=closed)
    frame = Card(
        _("Who was to blame? {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*_known(incident, by_number=not closed, veiled=veiled), *turnout),
        fields=_ruled(incident),
        votes=() if hidden else _votes(incident, here, everyone, closed=closed),
        tone=ruling_text.tone(incident),
    )
    card = on_one_screen(_views(frame, cases(incident)))
    buttons = (_doors(incident),) if closed else _ballot_paper(incident, poll, veiled=veiled)
    unfold = Button(_("The cases"), "cases", incident.id) if card.folded else None
    page = incident_page(incident, hidden=hidden)
    return Reply(card, buttons, unfold, poll=incident.id, veiled=veiled, page=page)


def cases(incident: Incident) -> tuple[Field, ...]:
    """What speaks against each suspect, as far as anybody has put it."""
    names = incident_text.names_within(incident)
    return tuple(
        Field(_("The case against {name}").format(name=names[suspect.id]), suspect.case)
        for suspect in incident.suspects
        if suspect.case
    )


def _known(incident: Incident, *, by_number: bool, veiled: bool) -> tuple[str, ...]:
    """What is known of an incident that was noted, and whom the numbers stand for where buttons have them."""
    if not isinstance(incident, NotedIncident):
        return ()
    numbered = by_number and incident_text.names_hidden(incident, veiled=veiled)
    return (noted_text.known(incident), *([incident_text.numbered(incident)] if numbered else []))


def _ruled(incident: Incident) -> tuple[Field, ...]:
    """What was ruled on an incident that was noted."""
    if not isinstance(incident, NotedIncident) or incident.ruling is None:
        return ()
    said = f"{ruling_text.decision(incident, incident.ruling)}{ruling_text.overturned(incident)}"
    return (Field(capital(ruling_text.judges(incident.ruling.by)), said),)


def _views(frame: Card, against: tuple[Field, ...]) -> Iterator[View]:
    """The poll with the cases on both sides in sight, or with all of them folded: never with one alone."""
    yield View(replace(frame, fields=(*against, *frame.fields)), ())
    yield View(frame, tuple(f"{case.name}: {case.value}" for case in against))


def _dropped(incident: Incident, *, veiled: bool) -> Reply:
    known = noted_text.known(incident) if isinstance(incident, NotedIncident) else ""
    card = Card(
        incident_text.headline(incident, veiled=veiled),
        subtitle=incident_text.occasion(incident),
        paragraphs=tuple(filter(None, (known, _(NOT_ASKED)))),
        tone=ruling_text.tone(incident),
    )
    return Reply(card, (_doors(incident),), poll=incident.id, veiled=veiled, page=incident_page(incident))


def _votes(incident: Incident, here: Tally | None, everyone: Tally, *, closed: bool) -> tuple[Votes, ...]:
    """How it stands in the chat and everywhere; where the poll is closed, the chat's votes say so."""
    return tuple(
        blame_votes(incident, tally, _("Closed here") if closed and tally is here else name, exact=exact)
        for name, tally, exact in side_by_side(here, everyone)
    )


def _nobody(tally: Tally, *, closed: bool) -> tuple[str, ...]:
    """That nobody has voted, where nobody has."""
    if tally.votes:
        return ()
    return (_("Closed here, without a vote") if closed else _(NO_VOTES),)


def _hidden(here: Tally | None, everyone: Tally) -> tuple[str, str]:
    """How many voted, and that this is all there is to see."""
    if not (everyone if here is None else here).votes:
        return _(NO_VOTES), _(SHOWN_TO_VOTERS)
    if here is None:
        return f"{turnout(everyone)}.", _(SHOWN_TO_VOTERS)
    said = counted(
        "{number} has voted here, {everywhere} everywhere.",
        "{number} have voted here, {everywhere} everywhere.",
        here.votes,
        everywhere=written(everyone.votes),
    )
    return said, _(SHOWN_TO_VOTERS)


def _ballot_paper(incident: Incident, poll: Poll, *, veiled: bool) -> tuple[tuple[Button, ...], ...]:
    """The choices as buttons, and the doors below."""
    return (*choice_buttons(incident, poll.choices, veiled=veiled), (*_doors(incident), take_back(incident)))


def choice_buttons(
    incident: Incident, choices: Iterable[Choice], *, veiled: bool = False, chosen: Choice | None = None
) -> tuple[tuple[Button, ...], ...]:
    """The choices as buttons, racing incident in a row of its own.

    Those of a receipt, whose voter has one of them, turn the receipt, and mark that one.
    """
    buttons = {
        choice.key: Button(
            incident_text.choice_label(incident, choice, veiled=veiled),
            "vote",
            f"{incident.id} {choice.key}",
            turns=chosen is not None,
            chosen=choice == chosen,
        )
        for choice in choices
    }
    middle = buttons.pop(RACING_INCIDENT)
    rows = list(incident_text.rows(buttons.values(), 2))
    rows.insert(len(rows) // 2 if len(incident.suspects) == 2 else len(rows), (middle,))  # noqa: PLR2004 - a scale has a middle
    return tuple(rows)


def _doors(incident: Incident) -> tuple[Button, Button]:
    return Button(_("The story"), "crash", incident.id), verdict_door(incident)


def take_back(incident: Incident, *, turns: bool = False) -> Button:
    """The way to withdraw a vote; a receipt's turns the receipt, a ballot's leaves the ballot as it is."""
    return Button(_("Take my vote back"), "vote", f"{incident.id} {WITHDRAW}", turns=turns)
