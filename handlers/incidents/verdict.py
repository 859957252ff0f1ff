"""/verdict: the stewards' ruling beside the fans'."""

from bot.cards.verdict import verdict_reply
from bot.chat.commands import Command
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.i18n import _, marked
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import one_or_latest, suggestions
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls


class Verdicts:
    """Hold what was decided against what the fans say."""

    def __init__(self, incidents: Incidents, polls: Polls, hidden: HiddenTallies) -> None:
        self._incidents = incidents
        self._polls = polls
        self._hidden = hidden

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "verdict",
                marked("The stewards' ruling beside the fans'"),
                self.compare,
                argument=marked("race, drivers or nickname"),
                suggest=lambda typed: suggestions(self._incidents.starting(typed)),
            ),
        )

    async def compare(self, request: Request) -> Reply:
        """The ruling with its reason, the fans' shares, and how many agree."""
        incident = one_or_latest(self._incidents, request.argument, "verdict", _("Whose verdict? Pick an incident."))
        poll = self._polls.get(incident.id)
        if poll is None:
            return verdict_reply(incident, None)
        hidden = await self._hidden.in_answer(request.chat, poll, request.user)
        return verdict_reply(incident, await self._polls.tally(poll), hidden=hidden)
