"""/blame and its buttons: who was to blame, in this chat's opinion and in everyone's."""

import re
from collections.abc import Callable

from bot.dispatch import STALE, Command, UserError
from bot.locales import _, counted, marked, spoken_code
from bot.locales.writing import written
from bot.messages import Button, Card, ChatKind, Field, Post, Reply, Request
from handlers import wording
from handlers.choosing import choose, one_or_choice, suggestions
from storage.ballot_box import Ballot, BallotBox, Receipt
from storage.chats import Chats
from storage.incidents import Incident, Incidents
from storage.incidents.schema import RACING_INCIDENT
from storage.polls import Poll, Polls, Tally
from storage.voters import Voters

POLLS_OFF = marked("This chat's admins have turned polls off.")
NO_POLL = marked("There is no poll on this one; out of respect for what happened, nobody is asked for blame.")

Touched = Callable[[Poll, Post | None], None]
"""Told of each vote: the poll, and the message that was pressed."""


class Blame:
    """Show an incident's poll, and take votes on it."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        ballot_box: BallotBox,
        voters: Voters,
        chats: Chats,
        touched: Touched,
    ) -> None:
        self._incidents = incidents
        self._polls = polls
        self._ballot_box = ballot_box
        self._voters = voters
        self._chats = chats
        self._touched = touched
        self._answers: dict[tuple[int, int | None, str], tuple[Tally, Reply]] = {}

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "blame",
                marked("Who was to blame? Vote, and see how others did"),
                self.show,
                argument=marked("race, drivers or nickname"),
                suggest=lambda typed: suggestions(self._polled(self._incidents.starting(typed))),
            ),
            Command("vote", "Cast a vote", self.vote, argument="incident and choice", listed=False),
        )

    async def show(self, request: Request) -> Reply:
        """The poll with the tallies of this chat and of everyone."""
        if self._chats.polls_off(request.chat):
            raise UserError(_(POLLS_OFF))
        if not request.argument:
            polled = self._polled(self._incidents.starting(""))
            return choose(polled, "blame", _("Who was to blame? Pick an incident."))
        incident = one_or_choice(self._incidents, request.argument, "blame")
        if isinstance(incident, Reply):
            return incident
        poll = self._polls.get(incident.id)
        if poll is None:
            raise UserError(_(NO_POLL))
        everyone = await self._polls.tally(poll)
        here = await self._polls.tally_here(poll, request.chat) if request.chat.kind is ChatKind.GROUP else None
        return poll_reply(incident, poll, here, everyone, replace=request.pressed is not None)

    async def vote(self, request: Request) -> Reply:
        """Count a vote, change it, or take it back; queued before anything is awaited, acknowledged once committed."""
        incident_id, _space, key = request.argument.partition(" ")
        poll, incident = self._polls.get(incident_id), self._incidents.get(incident_id)
        choice = poll.choice(key) if poll is not None else None
        if poll is None or incident is None or choice is None:
            raise UserError(_(STALE))
        if self._chats.polls_off(request.chat):
            raise UserError(_(POLLS_OFF))
        voter = self._voters.pseudonym(request.user)
        receipt = await self._ballot_box.cast(Ballot(poll, choice, voter, request.chat))
        self._touched(poll, request.pressed)
        return self._answer(incident, poll, receipt)

    def _answer(self, incident: Incident, poll: Poll, receipt: Receipt) -> Reply:
        """The reply to a receipt; votes for the same choice that were counted together are answered alike."""
        key = (poll.id, None if receipt.choice is None else receipt.choice.id, spoken_code())
        answer = self._answers.get(key)
        if answer is None or answer[0] is not receipt.tally:
            answer = self._answers[key] = (receipt.tally, receipt_reply(incident, receipt))
        return answer[1]

    def _polled(self, incidents: list[Incident]) -> list[Incident]:
        return [incident for incident in incidents if incident.poll]


def poll_reply(incident: Incident, poll: Poll, here: Tally | None, everyone: Tally, *, replace: bool = False) -> Reply:
    """The poll's message: the bars of `here` (of everyone where there is no here), the cases, the choices."""
    shown = everyone if here is None else here
    fields = []
    if here is not None and everyone.votes:
        name = _("Everywhere ({number})").format(number=written(everyone.votes))
        fields.append(Field(name, wording.shares(incident, everyone)))
    fields += [
        Field(_("The case against {name}").format(name=incident.button_names[suspect.id]), suspect.case)
        for suspect in incident.suspects
    ]
    card = Card(
        _("Who was to blame? {incident}").format(incident=incident.title),
        subtitle=wording.occasion(incident),
        paragraphs=(_turnout(shown, everywhere=here is None),),
        bars=wording.bars(incident, shown),
        fields=tuple(fields),
        tone=wording.tone(incident),
    )
    return Reply(card, _ballot_paper(incident, poll), replace=replace, poll=incident.id)


def _turnout(tally: Tally, *, everywhere: bool) -> str:
    if not tally.votes:
        return _("No votes here yet. One tap is a vote; you may change it.")
    if everywhere:
        return counted("Everywhere: {number} vote", "Everywhere: {number} votes", tally.votes)
    return counted("Here: {number} vote", "Here: {number} votes", tally.votes)


def _ballot_paper(incident: Incident, poll: Poll) -> tuple[tuple[Button, ...], ...]:
    """The choices as buttons, racing incident in a row of its own, and the doors below."""
    buttons = {
        choice.key: Button(wording.choice_label(incident, choice), "vote", f"{incident.id} {choice.key}")
        for choice in poll.choices
    }
    middle = buttons.pop(RACING_INCIDENT)
    rows = list(wording.rows(buttons.values(), 2))
    rows.insert(len(rows) // 2 if len(incident.suspects) == 2 else len(rows), (middle,))  # noqa: PLR2004 - a scale has a middle
    doors = (Button(_("The story"), "crash", incident.id), Button(_("The verdict"), "verdict", incident.id))
    return (*rows, doors)


def receipt_reply(incident: Incident, receipt: Receipt) -> Reply:
    """What the voter alone is told: their choice, how many share it, what the stewards said."""
    bars = wording.bars(incident, receipt.tally)
    if receipt.choice is None:
        card = Card(_("Your vote is withdrawn"), paragraphs=(_("Press a button to vote again."),), bars=bars)
        return Reply(card, private=True)
    same, votes = receipt.tally.count(receipt.choice), receipt.tally.votes
    share = _("{percent} said the same").format(percent=wording.percent(same, votes))
    others = share if votes > 1 else _("You are the first to vote")
    undo = _("Press again to take it back.")
    said = f"{others}{stewards_said(incident)}. {undo}"
    return Reply(Card(wording.choice_label(incident, receipt.choice), paragraphs=(said,), bars=bars), private=True)


def stewards_said(incident: Incident) -> str:
    """The ruling as the second half of a sentence; empty where there is none."""
    ruling = incident.ruling
    if ruling is None:
        return ""
    by = wording.judges(ruling.by)
    if ruling.at_fault:
        blamed = wording.listed([incident.button_names[name] for name in ruling.at_fault])
        return _("; {by} blamed {names}").format(by=by, names=blamed)
    if re.search("racing incident", ruling.decision, re.IGNORECASE):
        return _("; {by} said racing incident").format(by=by)
    return _("; {by} blamed nobody").format(by=by)
