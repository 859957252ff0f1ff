"""/crash and /timeline: what happened, and both sides of it."""

from collections.abc import Sequence

from bot.cards import incident_text
from bot.cards.incident import story_reply, timeline_reply
from bot.cards.incident_text import suggestion_label
from bot.chat.commands import Command, Offer, Suggestion
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.i18n import _, marked
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import one_or_latest, suggestions
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls

OFFERED = 10
"""Stories that are offered at once while somebody types."""

WHICH = marked("Which crash? Type a name, or pick one.")


class Crash:
    """Tell an incident, or offer the latest to choose from."""

    def __init__(self, incidents: Incidents, polls: Polls, hidden: HiddenTallies) -> None:
        self._incidents = incidents
        self._polls = polls
        self._hidden = hidden

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "crash",
                marked("What happened, and both sides of it"),
                self.tell,
                argument=marked("race, drivers or nickname"),
                suggest=self.suggest,
            ),
            Command(
                "timeline",
                marked("How it unfolded, and what it meant"),
                self.unfold,
                argument=marked("race, drivers or nickname"),
                suggest=self.suggest,
            ),
        )

    async def tell(self, request: Request) -> Reply:
        """The incident's card; without an argument the latest incidents to pick from."""
        incident = one_or_latest(self._incidents, request.argument, "crash", _(WHICH))
        poll = self._polls.get(incident.id)
        if poll is None:
            return story_reply(incident, None)
        hidden = await self._hidden.in_answer(request.chat, poll, request.user)
        return story_reply(incident, await self._polls.tally(poll), hidden=hidden)

    async def unfold(self, request: Request) -> Reply:
        """The timeline, conditions, result, and where accounts differ; without an argument the latest to pick from."""
        incident = one_or_latest(self._incidents, request.argument, "timeline", _(WHICH))
        return timeline_reply(incident, self._incidents.zone(incident))

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of an incident's name."""
        return suggestions(self._incidents.starting(typed))

    async def offer(self, typed: str, _request: Request) -> Sequence[Offer]:
        """Stories that fit what is being typed, to be posted in any chat."""
        incidents = self._incidents.starting(typed, OFFERED)
        polls = {incident.id: poll for incident in incidents if (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(list(polls.values()))
        offers = []
        for incident in incidents:
            poll = polls.get(incident.id)
            reply = story_reply(incident, tallies[poll.id] if poll else None)
            offers.append(Offer(incident.id, suggestion_label(incident), incident_text.occasion(incident), reply))
        return offers
