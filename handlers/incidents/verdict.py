"""/verdict: the stewards' ruling beside the fans', and how the fans rate it."""

from dataclasses import replace

from bot.cards.ballot import ballot
from bot.cards.unfolded import unfolded
from bot.cards.veiling import is_veiled, veils
from bot.cards.verdict import verdict_reply
from bot.chat.commands import Command
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import ChatKind
from bot.domain.polls import Question
from bot.i18n import _, marked
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import LastTold, one_or_latest, suggestions
from storage.chats import Chats
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls
from storage.voters import Voters


class Verdicts:
    """Hold what was decided against what the fans say."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        voters: Voters,
        chats: Chats,
        hidden: HiddenTallies,
        last: LastTold,
    ) -> None:
        self._incidents = incidents
        self._polls = polls
        self._voters = voters
        self._chats = chats
        self._hidden = hidden
        self._last = last

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "verdict",
                marked("The stewards' ruling beside the fans'"),
                self.compare,
                argument=marked("race, drivers or nickname"),
                option="incident",
                suggest=lambda typed: suggestions(self._incidents.starting(typed)),
            ),
            Command(
                "reasons",
                "The reasons for a ruling, where its card cannot fold",
                self.unfold_reasons,
                argument="race, drivers or nickname",
                option="incident",
                listed=False,
            ),
        )

    async def unfold_reasons(self, request: Request) -> Reply:
        """What the verdict's card folds; to whoever presses for it alone, as the verdict stays where it is."""
        return unfolded(await self.compare(request), private=request.pressed is not None)

    async def compare(self, request: Request) -> Reply:
        """The ruling with its reason, the fans' shares, how many agree, and the scale to rate it on."""
        question, last = _("The verdict on which incident?"), self._last.in_chat(request.chat)
        incident = one_or_latest(
            self._incidents, request.argument, "verdict", question, last, veiled=veils(self._chats, request)
        )
        self._last.note(request.chat, incident)
        answers, poll = await self._polls.answers(incident.id), self._polls.get(incident.id)
        hidden = poll is not None and await self._hidden.in_answer(request.chat, poll, request.user)
        veiled = is_veiled(self._chats, incident, request)
        rating = self._polls.get(incident.id, Question.RATING)
        if rating is None or self._chats.polls_off(request.chat):
            return verdict_reply(incident, answers, hidden=hidden, veiled=veiled)
        here = await self._polls.tally_here(rating, request.chat) if request.chat.kind is ChatKind.GROUP else None
        shown = verdict_reply(incident, answers, rating, here, hidden=hidden, veiled=veiled)
        chosen = await self._voters.choice_of(request.user, rating) if request.may_be_for_one else None
        return replace(shown, chosen=ballot(rating, chosen))
