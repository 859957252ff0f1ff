"""What somebody is told who voted on who was to blame, or took that back."""

import re
from typing import NamedTuple

from bot.cards import incident_text, ruling_text, tally_text
from bot.cards.poll import choice_buttons, take_back
from bot.cards.rating import verdict_door
from bot.cards.tally_text import EVERYWHERE, blame_votes
from bot.chat.buttons import Button, Rows
from bot.chat.cards import Card
from bot.chat.replies import NOTICE, Reply
from bot.chat.votes import Votes
from bot.domain.ballots import Receipt
from bot.domain.incidents import Incident
from bot.domain.opinions import agreeing_sides
from bot.domain.polls import SMALL, Choice, Poll, Tally
from bot.i18n import _
from bot.i18n.formats import written


class Chosen(NamedTuple):
    """What a receipt says of the choice that somebody has made, whatever the tally is; made by `said_of_choice`."""

    label: str
    """What the choice is called; empty where none is chosen."""

    ruling: str
    """The ruling as the second half of a sentence."""

    ballot: Rows
    """The buttons, which turn the receipt: to another choice, or none; who has none is shown to the poll."""


def said_of_choice(incident: Incident, poll: Poll, choice: Choice | None, *, veiled: bool = False) -> Chosen:
    """What a receipt says of a choice, or of none; nothing that is `veiled`, as no toast can be."""
    if choice is None:
        door = ((Button(_("Who was to blame?"), "blame", incident.id),),) if incident.poll else ()
        return Chosen("", "", door)
    ways = (verdict_door(incident), take_back(incident, turns=True))
    label = incident_text.choice_label(incident, choice, veiled=veiled)
    choices = choice_buttons(incident, poll.choices, veiled=veiled, chosen=choice)
    return Chosen(label, "" if veiled else stewards_said(incident), (ways, *choices))


def receipt_reply(
    incident: Incident, receipt: Receipt, drawn: Votes, chosen: Chosen, *, blind: bool = False, veiled: bool = False
) -> Reply:
    """What the voter alone is told: their choice, how many share it, what the stewards said; or that there is none.

    `drawn` is what `everywhere` makes of the receipt's tally, and `chosen` what `said_of_choice` makes of its choice:
    the same for all who voted alike.

    In a `blind` chat it is all there is to see of how the poll stands, so it says that in words too, as toasts have no
    scale; who has no vote is shown nothing. `veiled`, it names nobody of a running session.
    """
    shown = receipt.tally.votes and not (blind and receipt.choice is None)
    card = _card(incident, receipt, (drawn,) if shown else (), chosen, blind=blind, veiled=veiled)
    return Reply(card, chosen.ballot, private=True, optional_buttons=True)


def everywhere(incident: Incident, tally: Tally, *, veiled: bool = False) -> Votes:
    """How a receipt shows what all have voted."""
    return blame_votes(incident, tally, _(EVERYWHERE), veiled=veiled)


def _card(
    incident: Incident, receipt: Receipt, votes: tuple[Votes, ...], chosen: Chosen, *, blind: bool, veiled: bool
) -> Card:
    if receipt.choice is None:
        title = _("Your vote is withdrawn") if receipt.changed else _("You have no vote here to take back.")
        again = (_("Press a button to vote again."),) if receipt.changed and incident.poll else ()
        return Card(title, paragraphs=again, votes=votes)
    said = f"{_said_the_same(receipt.tally, receipt.choice)}{chosen.ruling}."
    if not receipt.changed:
        counted_before = _("Already counted.")
        said = f"{counted_before} {said}"
    if blind:
        shares = tally_text.shares(incident, receipt.tally, veiled=veiled)
        stands = f"{said} {shares[:1].upper()}{shares[1:]}."
        said = stands if len(f"{chosen.label}. {stands}") <= NOTICE else said
    return Card(chosen.label, paragraphs=(said,), votes=votes)


def _said_the_same(tally: Tally, choice: Choice) -> str:
    """How many share a vote, the one who is told so included: `41 % said the same`; while few voted, `2 of 3 …`."""
    same, votes = tally.count(choice), tally.votes
    if votes == 1:
        return _("Nobody else has voted yet")
    if votes < SMALL:
        return _("{same} of {number} said the same").format(same=written(same), number=written(votes))
    return _("{percent} said the same").format(percent=tally_text.in_hundredths(same, tally.hundredths(choice)))


def stewards_said(incident: Incident) -> str:
    """The ruling as the second half of a sentence; empty where there is none, or one on who was not in it after all."""
    ruling = incident.ruling
    if ruling is None:
        return ""
    by = ruling_text.judges(ruling.by)
    if ruling.at_fault:
        blamed = incident_text.listed([incident_text.names_blamed(incident)[name] for name in ruling.at_fault])
        return _("; {by} blamed {names}").format(by=by, names=blamed)
    if not agreeing_sides(incident, ruling):
        return ""
    if re.search("racing incident", ruling.decision, re.IGNORECASE):
        return _("; {by} said racing incident").format(by=by)
    return _("; {by} blamed nobody").format(by=by)
