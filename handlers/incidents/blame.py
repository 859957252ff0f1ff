"""/blame: who was to blame, in this chat's opinion and in everyone's; and what its buttons and a ruling's do."""

from dataclasses import replace
from functools import partial

from bot.cards.ballot import ballot
from bot.cards.labels import short_titles
from bot.cards.poll import poll_reply
from bot.cards.rating import rated_reply
from bot.cards.receipt import Chosen, everywhere, receipt_reply, said_of_choice
from bot.cards.typed_votes import as_pressed
from bot.cards.unfolded import unfolded
from bot.cards.veiling import is_receipt_veiled, is_veiled, veils
from bot.chat.buttons import Button
from bot.chat.commands import STALE, Command, UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.chat.votes import Votes
from bot.domain.ballots import Ballot, Receipt
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.places import ChatKind
from bot.domain.polls import Poll, Question, Tally, questions
from bot.events import Events, PollMoved
from bot.i18n import _, marked, spoken_code
from bot.pacing.latest import Latest
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import LastTold, choice, one, suggestions
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls
from storage.voters import Voters

CLOSED = marked("This poll is closed here.")
POLLS_OFF = marked("This chat's admins have turned polls off.")
NO_POLL = marked("There is no poll on this one; out of respect for what happened, nobody is asked for blame.")

TYPED = {
    Question.BLAME: marked(
        "Say it as /vote {incident} racing-incident (or withdraw), or press a button below /blame {incident}."
    ),
    Question.RATING: marked(
        "Say it as /rate {incident} correct (or withdraw), or press a button below /verdict {incident}."
    ),
}
"""How an answer to a question is typed, and where its buttons are."""

SHOWN_BY = {Question.BLAME: "blame", Question.RATING: "verdict"}
"""The command that shows a question with its buttons."""

OFFERED = 4
"""Polls that are offered where a typed vote fits none."""


REMEMBERED = 2_000
"""Upper bound of answers to votes that are ready to be given again, of what is drawn in them, and of incidents' names:
there are polls on thousands of incidents, and a storm is on a few of them."""


class Blame:
    """Show an incident's poll; take votes on it, and on its ruling."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        ballot_box: BallotBox,
        voters: Voters,
        chats: Chats,
        hidden: HiddenTallies,
        last: LastTold,
        events: Events,
    ) -> None:
        self._incidents = incidents
        self._polls = polls
        self._ballot_box = ballot_box
        self._voters = voters
        self._chats = chats
        self._hidden = hidden
        self._last = last
        self._events = events
        self._answers = Latest[tuple[int, int | None, bool, bool, bool, str], Tally, Reply](REMEMBERED)
        self._drawn = Latest[tuple[int, bool, str], Tally, Votes](REMEMBERED)
        self._chosen = Latest[tuple[int, int | None, bool, str], Incident, Chosen](REMEMBERED)

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "blame",
                marked("Who was to blame? Vote, and see how others did"),
                self.show,
                argument=marked("race, drivers or nickname"),
                option="incident",
                suggest=lambda typed: suggestions(self._polled(self._incidents.starting(typed))),
            ),
            Command(
                "cases",
                "The cases against each, where a poll's card cannot fold",
                self.unfold_cases,
                argument="race, drivers or nickname",
                option="incident",
                listed=False,
            ),
            *(
                Command(name, summary, partial(self.vote, question), argument="incident and choice", listed=False)
                for name, summary, question in (
                    ("vote", "Cast a vote", Question.BLAME),
                    ("rate", "Rate a ruling", Question.RATING),
                )
            ),
        )

    async def show(self, request: Request) -> Reply:
        """The poll with the tallies of this chat and of everyone."""
        if self._chats.polls_off(request.chat):
            raise UserError(_(POLLS_OFF), Button(_("All incidents"), "incidents"))
        asked = request.argument or self._last.in_chat(request.chat)
        if not asked:
            polled = self._polled(self._incidents.starting(""))
            raise choice(polled, "blame", _("Who was to blame? Pick an incident."), veiled=veils(self._chats, request))
        incident = one(self._incidents, asked, "blame", veiled=veils(self._chats, request))
        self._last.note(request.chat, incident)
        poll = self._polls.get(incident.id)
        if poll is None:
            raise UserError(_(NO_POLL), Button(_("The story"), "crash", incident.id))
        everyone = await self._polls.tally(poll)
        here = await self._polls.tally_here(poll, request.chat) if request.chat.kind is ChatKind.GROUP else None
        hidden = await self._hidden.in_answer(request.chat, poll, request.user)
        closed = self._chats.closed(request.chat, poll.id)
        veiled = is_veiled(self._chats, incident, request)
        shown = poll_reply(incident, poll, here, everyone, hidden=hidden, closed=closed, veiled=veiled)
        chosen = await self._voters.choice_of(request.user, poll) if request.may_be_for_one else None
        return replace(shown, chosen=ballot(poll, chosen))

    async def unfold_cases(self, request: Request) -> Reply:
        """What the poll's card folds; to whoever presses for it alone, as the poll stays where it is."""
        return unfolded(await self.show(request), private=request.pressed is not None)

    async def vote(self, question: Question, request: Request) -> Reply:
        """Count a vote on a question, change it, or take it back, also where polls are off by now.

        Where the poll is closed that is refused. It is queued before anything is awaited, and acknowledged once
        committed.
        """
        said = request.argument
        if request.pressed is None:
            said = as_pressed(said, self._incidents, partial(self._polls.get, question=question))
        incident_id, _space, key = said.partition(" ")
        poll, incident = self._polls.get(incident_id, question), self._incidents.get(incident_id)
        withdrawn = key == WITHDRAW
        if poll is None or incident is None:
            raise self._not_a_ballot(question, request)
        # Where a ruling was withdrawn there is none to be rated, but what was said of it can still be taken back.
        choice = poll.choice(key) if question in questions(incident) else None
        if choice is None and not withdrawn:
            raise self._not_a_ballot(question, request)
        preferences = self._chats.preferences(request.chat)
        if poll.id in preferences.closed or not (preferences.polls or withdrawn):
            await self._ballot_box.refuse(request.chat, request.update)
            raise _refused(CLOSED if poll.id in preferences.closed else POLLS_OFF, incident, request)
        voter = self._voters.pseudonym(request.user)
        receipt = await self._ballot_box.cast(Ballot(poll, choice, voter, request.chat, request.update))
        if receipt.closed:
            await self._ballot_box.refuse(request.chat, request.update)
            raise _refused(CLOSED, incident, request)
        if preferences.blind and question is Question.BLAME:
            self._hidden.note(request.chat, poll, voted=receipt.choice is not None)
        # The button may sit on the receipt, or nowhere where a press was made up: that must not turn into the poll.
        shows_it = request.offered and not request.turned and not withdrawn
        self._events.publish(PollMoved(incident.id, request.pressed if shows_it else None, question))
        veiled = is_receipt_veiled(self._chats, incident, request)
        return self._answer(incident, poll, receipt, blind=preferences.blind, veiled=veiled)

    def _not_a_ballot(self, question: Question, request: Request) -> UserError:
        """What to say where a vote fits no poll: of a button that it is old; of a typed one how it is typed."""
        asked = request.argument
        named = self._asked_of(question, self._incidents.find(asked) or self._incidents.nearest(asked))
        veiled = veils(self._chats, request)
        meant = named or self._asked_of(question, self._incidents.starting(""))
        if request.pressed is not None or not meant:
            return UserError(_(STALE))
        return UserError(
            _(TYPED[question]).format(incident=meant[0].id),
            *(
                Button(label, SHOWN_BY[question], incident.id)
                for label, incident in zip(short_titles(meant[:OFFERED], veiled=veiled), meant[:OFFERED], strict=True)
            ),
        )

    def _answer(self, incident: Incident, poll: Poll, receipt: Receipt, *, blind: bool, veiled: bool) -> Reply:
        """The reply to a receipt; ratings are not hidden in a `blind` chat, and nothing is told that is `veiled`.

        A thousand votes that were counted together share a tally, and so what is drawn of it; those for the same choice
        are answered alike, and have the same buttons whatever the tally is.
        """
        tally, choice, language = receipt.tally, receipt.choice, spoken_code()
        choice_id = None if choice is None else choice.id

        def made() -> Reply:
            if poll.question is Question.RATING:
                return rated_reply(incident, receipt)
            drawn = self._drawn.get(
                (poll.id, veiled, language), tally, lambda: everywhere(incident, tally, veiled=veiled)
            )
            say = partial(said_of_choice, incident, poll, choice, veiled=veiled)
            chosen = self._chosen.get((poll.id, choice_id, veiled, language), incident, say)
            return receipt_reply(incident, receipt, drawn, chosen, blind=blind, veiled=veiled)

        return self._answers.get((poll.id, choice_id, receipt.changed, blind, veiled, language), tally, made)

    def _polled(self, incidents: list[Incident]) -> list[Incident]:
        return [incident for incident in incidents if incident.poll]

    def _asked_of(self, question: Question, incidents: list[Incident]) -> list[Incident]:
        return [incident for incident in incidents if question in questions(incident)]


def _refused(why: str, incident: Incident, request: Request) -> UserError:
    """That a vote is not counted; who typed it has no card with a way on in sight."""
    return UserError(_(why), *([] if request.pressed else [Button(_("The story"), "crash", incident.id)]))
