"""The poll on who was to blame, and what a voter is told."""

import re

from bot.cards import incident_text, noted_text
from bot.cards.rating import verdict_door
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import NOTICE, Reply
from bot.domain.ballots import Receipt
from bot.domain.incidents import RACING_INCIDENT, WITHDRAW, Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.opinions import agreeing_sides
from bot.domain.polls import Poll, Tally
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
    """The poll's message: the bars of `here` (of everyone where there is no here), the cases, the choices.

    Where how it stands is `hidden`, it says how many voted and no more; where the poll is `closed`, nobody can vote.
    `veiled`, the drivers of a running session are hidden until somebody taps them, and have numbers on the buttons.
    Where it was dropped, it says that, and shows no votes: they were cast on something else than what is known by now.
    """
    if poll.dropped:
        return _dropped(incident, veiled=veiled)
    shown = everyone if here is None else here
    fields = []
    if here is not None and everyone.votes and not hidden:
        name = _("Everywhere ({number})").format(number=written(everyone.votes))
        fields.append(Field(name, incident_text.shares(incident, everyone)))
    fields += [
        Field(_("The case against {name}").format(name=incident.button_names[suspect.id]), suspect.case)
        for suspect in incident.suspects
        if suspect.case
    ]
    turnout = _hidden(here, everyone) if hidden else (_turnout(shown, everywhere=here is None, closed=closed),)
    known: tuple[str, ...] = ()
    if isinstance(incident, NotedIncident):
        known = (noted_text.known(incident), *([incident_text.numbered(incident)] if veiled and not closed else []))
        if incident.ruling is not None:
            judges = capital(incident_text.judges(incident.ruling.by))
            said = f"{incident_text.decision(incident, incident.ruling)}{incident_text.overturned(incident)}"
            fields.append(Field(judges, said))
    card = Card(
        _("Who was to blame? {incident}").format(incident=incident_text.headline(incident, veiled=veiled)),
        subtitle=incident_text.occasion(incident),
        paragraphs=(*known, *turnout),
        bars=() if hidden else incident_text.bars(incident, shown),
        fields=tuple(fields),
        tone=incident_text.tone(incident),
    )
    buttons = (_doors(incident),) if closed else _ballot_paper(incident, poll, veiled=veiled)
    return Reply(card, buttons, poll=incident.id, veiled=veiled)


def _dropped(incident: Incident, *, veiled: bool) -> Reply:
    known = noted_text.known(incident) if isinstance(incident, NotedIncident) else ""
    card = Card(
        incident_text.headline(incident, veiled=veiled),
        subtitle=incident_text.occasion(incident),
        paragraphs=tuple(filter(None, (known, _(NOT_ASKED)))),
        tone=incident_text.tone(incident),
    )
    return Reply(card, (_doors(incident),), poll=incident.id, veiled=veiled)


def _turnout(tally: Tally, *, everywhere: bool, closed: bool) -> str:
    if closed:
        closed_with = counted("Closed here: {number} vote", "Closed here: {number} votes", tally.votes)
        return closed_with if tally.votes else _("Closed here, without a vote")
    if not tally.votes:
        return _(NO_VOTES)
    if everywhere:
        return counted("Everywhere: {number} vote", "Everywhere: {number} votes", tally.votes)
    return counted("Here: {number} vote", "Here: {number} votes", tally.votes)


def _hidden(here: Tally | None, everyone: Tally) -> tuple[str, str]:
    """How many voted, and that this is all there is to see."""
    if not (everyone if here is None else here).votes:
        return _(NO_VOTES), _(SHOWN_TO_VOTERS)
    if here is None:
        return f"{incident_text.turnout(everyone)}.", _(SHOWN_TO_VOTERS)
    said = counted(
        "{number} has voted here, {everywhere} everywhere.",
        "{number} have voted here, {everywhere} everywhere.",
        here.votes,
        everywhere=written(everyone.votes),
    )
    return said, _(SHOWN_TO_VOTERS)


def _ballot_paper(incident: Incident, poll: Poll, *, veiled: bool) -> tuple[tuple[Button, ...], ...]:
    """The choices as buttons, racing incident in a row of its own, and the doors below."""
    labels = {choice.key: incident_text.choice_label(incident, choice, veiled=veiled) for choice in poll.choices}
    buttons = {key: Button(label, "vote", f"{incident.id} {key}") for key, label in labels.items()}
    middle = buttons.pop(RACING_INCIDENT)
    rows = list(incident_text.rows(buttons.values(), 2))
    rows.insert(len(rows) // 2 if len(incident.suspects) == 2 else len(rows), (middle,))  # noqa: PLR2004 - a scale has a middle
    return (*rows, (*_doors(incident), _take_back(incident)))


def _doors(incident: Incident) -> tuple[Button, Button]:
    return Button(_("The story"), "crash", incident.id), verdict_door(incident)


def _take_back(incident: Incident) -> Button:
    return Button(_("Take my vote back"), "vote", f"{incident.id} {WITHDRAW}")


def receipt_reply(incident: Incident, receipt: Receipt, *, blind: bool = False) -> Reply:
    """What the voter alone is told: their choice, how many share it, what the stewards said; or that there is none.

    In a `blind` chat it is all there is to see of how the poll stands, so it says that in words too, as toasts have no
    bars; who has no vote is shown nothing.
    """
    bars = () if blind and receipt.choice is None else incident_text.bars(incident, receipt.tally)
    if receipt.choice is None:
        title = _("Your vote is withdrawn") if receipt.changed else _("You have no vote here to take back.")
        again = (_("Press a button to vote again."),) if receipt.changed and incident.poll else ()
        return Reply(Card(title, paragraphs=again, bars=bars), private=True)
    same, votes = receipt.tally.count(receipt.choice), receipt.tally.votes
    share = _("{percent} said the same").format(percent=incident_text.percent(same, votes))
    others = share if votes > 1 else _("Nobody else has voted yet")
    said = f"{others}{stewards_said(incident)}."
    if not receipt.changed:
        counted_before = _("Already counted.")
        said = f"{counted_before} {said}"
    label = incident_text.choice_label(incident, receipt.choice)
    if blind:
        shares = incident_text.shares(incident, receipt.tally)
        stands = f"{said} {shares[:1].upper()}{shares[1:]}."
        said = stands if len(f"{label}. {stands}") <= NOTICE else said
    card = Card(label, paragraphs=(said,), bars=bars)
    return Reply(card, ((_take_back(incident),),), private=True, optional_buttons=True)


def stewards_said(incident: Incident) -> str:
    """The ruling as the second half of a sentence; empty where there is none, or one on who was not in it after all."""
    ruling = incident.ruling
    if ruling is None:
        return ""
    by = incident_text.judges(ruling.by)
    if ruling.at_fault:
        blamed = incident_text.listed([incident.button_names[name] for name in ruling.at_fault])
        return _("; {by} blamed {names}").format(by=by, names=blamed)
    if not agreeing_sides(incident, ruling):
        return ""
    if re.search("racing incident", ruling.decision, re.IGNORECASE):
        return _("; {by} said racing incident").format(by=by)
    return _("; {by} blamed nobody").format(by=by)
