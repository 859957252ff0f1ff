"""/blame and its buttons: who was to blame, in this chat's opinion and in everyone's."""

import re
from collections.abc import Callable

from bot.dispatch import STALE, Command, UserError
from bot.messages import Button, Card, ChatKind, Field, Post, Reply, Request
from handlers import wording
from handlers.choosing import choose, one_or_choice, suggestions
from storage.ballot_box import Ballot, BallotBox, Receipt
from storage.chats import Chats
from storage.incidents import Incident, Incidents
from storage.incidents.schema import RACING_INCIDENT
from storage.polls import Poll, Polls, Tally
from storage.voters import Voters

POLLS_OFF = "This chat's admins have turned polls off."
NO_POLL = "There is no poll on this one; out of respect for what happened, nobody is asked for blame."

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
        self._answers: dict[tuple[int, int | None], tuple[Tally, Reply]] = {}

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "blame",
                "Who was to blame? Vote, and see how others did",
                self.show,
                argument="race, drivers or nickname",
                suggest=lambda typed: suggestions(self._polled(self._incidents.starting(typed))),
            ),
            Command("vote", "Cast a vote", self.vote, argument="incident and choice", listed=False),
        )

    async def show(self, request: Request) -> Reply:
        """The poll with the tallies of this chat and of everyone."""
        if self._chats.polls_off(request.chat):
            raise UserError(POLLS_OFF)
        if not request.argument:
            return choose(self._polled(self._incidents.starting("")), "blame", "Who was to blame? Pick an incident.")
        incident = one_or_choice(self._incidents, request.argument, "blame")
        if isinstance(incident, Reply):
            return incident
        poll = self._polls.get(incident.id)
        if poll is None:
            raise UserError(NO_POLL)
        everyone = await self._polls.tally(poll)
        here = await self._polls.tally_here(poll, request.chat) if request.chat.kind is ChatKind.GROUP else None
        return poll_reply(incident, poll, here, everyone, replace=request.pressed is not None)

    async def vote(self, request: Request) -> Reply:
        """Count a vote, change it, or take it back; queued before anything is awaited, acknowledged once committed."""
        incident_id, _, key = request.argument.partition(" ")
        poll, incident = self._polls.get(incident_id), self._incidents.get(incident_id)
        choice = poll.choice(key) if poll is not None else None
        if poll is None or incident is None or choice is None:
            raise UserError(STALE)
        if self._chats.polls_off(request.chat):
            raise UserError(POLLS_OFF)
        voter = self._voters.pseudonym(request.user)
        receipt = await self._ballot_box.cast(Ballot(poll, choice, voter, request.chat))
        self._touched(poll, request.pressed)
        return self._answer(incident, poll, receipt)

    def _answer(self, incident: Incident, poll: Poll, receipt: Receipt) -> Reply:
        """The reply to a receipt; votes for the same choice that were counted together are answered alike."""
        key = (poll.id, None if receipt.choice is None else receipt.choice.id)
        answer = self._answers.get(key)
        if answer is None or answer[0] is not receipt.tally:
            answer = self._answers[key] = (receipt.tally, receipt_reply(incident, receipt))
        return answer[1]

    def _polled(self, incidents: list[Incident]) -> list[Incident]:
        return [incident for incident in incidents if incident.poll]


def poll_reply(incident: Incident, poll: Poll, here: Tally | None, everyone: Tally, *, replace: bool = False) -> Reply:
    """The poll's message: the bars of `here` (of everyone where there is no here), the cases, the choices."""
    shown = everyone if here is None else here
    where = "Everywhere" if here is None else "Here"
    votes = wording.counted(shown.votes, "vote", "votes")
    fields = []
    if here is not None and everyone.votes:
        fields.append(Field(f"Everywhere ({everyone.votes:,})", wording.shares(incident, everyone)))
    fields += [
        Field(f"The case against {incident.button_names[suspect.id]}", suspect.case) for suspect in incident.suspects
    ]
    card = Card(
        f"Who was to blame? {incident.title}",
        subtitle=wording.occasion(incident),
        paragraphs=(
            f"{where}: {votes}" if shown.votes else "No votes here yet. One tap is a vote; you may change it.",
        ),
        bars=wording.bars(incident, shown),
        fields=tuple(fields),
        tone=wording.tone(incident),
    )
    return Reply(card, _ballot_paper(incident, poll), replace=replace, poll=incident.id)


def _ballot_paper(incident: Incident, poll: Poll) -> tuple[tuple[Button, ...], ...]:
    """The choices as buttons, racing incident in a row of its own, and the doors below."""
    buttons = {choice.key: Button(choice.label, "vote", f"{incident.id} {choice.key}") for choice in poll.choices}
    middle = buttons.pop(RACING_INCIDENT)
    rows = list(wording.rows(buttons.values(), 2))
    rows.insert(len(rows) // 2 if len(incident.suspects) == 2 else len(rows), (middle,))  # noqa: PLR2004 - a scale has a middle
    doors = (Button("The story", "crash", incident.id), Button("The verdict", "verdict", incident.id))
    return (*rows, doors)


def receipt_reply(incident: Incident, receipt: Receipt) -> Reply:
    """What the voter alone is told: their choice, how many share it, what the stewards said."""
    bars = wording.bars(incident, receipt.tally)
    if receipt.choice is None:
        return Reply(
            Card("Your vote is withdrawn", paragraphs=("Press a button to vote again.",), bars=bars), private=True
        )
    same, votes = receipt.tally.count(receipt.choice), receipt.tally.votes
    others = f"{wording.percent(same, votes)} said the same" if votes > 1 else "You are the first to vote"
    said = f"{others}{stewards_said(incident)}. Press again to take it back."
    return Reply(Card(receipt.choice.label, paragraphs=(said,), bars=bars), private=True)


def stewards_said(incident: Incident) -> str:
    """The ruling as the second half of a sentence; empty where there is none."""
    ruling = incident.ruling
    if ruling is None:
        return ""
    if ruling.at_fault:
        return f"; {ruling.by} blamed {wording.listed([incident.button_names[name] for name in ruling.at_fault])}"
    if re.search("racing incident", ruling.decision, re.IGNORECASE):
        return f"; {ruling.by} said racing incident"
    return f"; {ruling.by} blamed nobody"
