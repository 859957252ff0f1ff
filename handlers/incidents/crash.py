"""/crash and /timeline: what happened, and both sides of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import incident_text
from bot.cards.incident import story_reply, timeline_reply
from bot.cards.labels import lines
from bot.cards.poll import poll_reply
from bot.cards.public_pages import PublicPages
from bot.cards.unfolded import unfolded
from bot.cards.veiling import is_veiled, veils
from bot.chat.buttons import Button
from bot.chat.commands import Command, Offer, Suggestion
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import tells_result
from bot.i18n import _, marked
from bot.search.argument_words import asks_for_any
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import LastTold, one_or_latest, suggestions
from storage.chats import Chats
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls
from storage.served_quotations import ServedQuotations, key_of
from storage.voters import Voters

OFFERED = 10
"""Stories that are offered at once while somebody types."""

SUGGESTED = 25
"""Completions at once; Discord shows no more."""

WHICH = marked("Which crash? Type a name, or pick one.")


RANDOM = "random"
"""The argument that asks for any incident."""


class Crash:
    """Tell an incident, any of them, or offer the latest to choose from."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        chats: Chats,
        hidden: HiddenTallies,
        served: ServedQuotations,
        voters: Voters,
        last: LastTold,
    ) -> None:
        self._incidents = incidents
        self._polls = polls
        self._chats = chats
        self._hidden = hidden
        self._served = served
        self._voters = voters
        self._last = last
        self._asked_about = {key_of(incident.id): incident for incident in incidents.told if incident.poll}

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "crash",
                marked("What happened, and both sides of it"),
                self.tell,
                argument=marked("race, drivers, nickname or random"),
                option="incident",
                suggest=self.suggest_any,
            ),
            Command(
                "timeline",
                marked("How it unfolded, and what it meant"),
                self.unfold,
                argument=marked("race, drivers or nickname"),
                option="incident",
                suggest=self.suggest,
            ),
            Command(
                "story",
                "The story as a whole, where its card cannot fold",
                self.unfold_story,
                argument="race, drivers or nickname",
                option="incident",
                listed=False,
            ),
        )

    async def tell(self, request: Request) -> Reply:
        """The incident's card, or of `random` that of any; without an argument the latest incidents to pick from."""
        if asks_for_any(request.argument) and self._asked_about:
            reply = await self._story(await self._any(request), request)
            return replace(reply, buttons=(*reply.buttons, (Button(_("Another one"), "crash", RANDOM),)))
        incident = one_or_latest(
            self._incidents, request.argument, "crash", _(WHICH), veiled=veils(self._chats, request)
        )
        return await self._story(incident, request)

    async def unfold_story(self, request: Request) -> Reply:
        """What the incident's card folds; to whoever presses for it alone, as the card stays where it is."""
        incident = one_or_latest(
            self._incidents, request.argument, "story", _(WHICH), veiled=veils(self._chats, request)
        )
        return unfolded(await self._story(incident, request), private=request.pressed is not None)

    async def _any(self, request: Request) -> Incident:
        """A told incident that this chat has not been given at random yet, or longest ago.

        Never one on which nobody is asked for blame: there somebody was hurt, or it would be out of place.
        """
        chat = self._voters.alias(request.chat, request.user)
        return self._asked_about[await self._served.next_for(chat, list(self._asked_about), request.update)]

    async def _story(self, incident: Incident, request: Request) -> Reply:
        self._last.note(request.chat, incident)
        poll, veiled = self._polls.get(incident.id), self._veiled(incident, request)
        if poll is None:
            return story_reply(incident, None, veiled=veiled)
        hidden = await self._hidden.in_answer(request.chat, poll, request.user)
        return story_reply(incident, await self._polls.tally(poll), hidden=hidden, veiled=veiled)

    def _veiled(self, incident: Incident, request: Request) -> bool:
        return is_veiled(self._chats, incident, request)

    async def unfold(self, request: Request) -> Reply:
        """The timeline, conditions, result, and where accounts differ; without an argument of what was told last."""
        last = self._last.in_chat(request.chat)
        incident = one_or_latest(
            self._incidents, request.argument, "timeline", _(WHICH), last, veiled=veils(self._chats, request)
        )
        self._last.note(request.chat, incident)
        return timeline_reply(incident, self._incidents.zone(incident), veiled=self._veiled(incident, request))

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of an incident's name."""
        return suggestions(self._incidents.starting(typed))

    def suggest_any(self, typed: str) -> Sequence[Suggestion]:
        """The same, and `random` where that is begun."""
        begun = typed.casefold().strip()
        any_one = [Suggestion(_("Any of them"), RANDOM)] if begun and RANDOM.startswith(begun) else []
        return [*any_one, *self.suggest(typed)[: SUGGESTED - len(any_one)]]


class Offers:
    """Stories and polls to be posted in any chat, where the bot need not be."""

    def __init__(self, incidents: Incidents, polls: Polls, pages: PublicPages) -> None:
        self._incidents = incidents
        self._polls = polls
        self._pages = pages

    async def offer(self, typed: str, _request: Request) -> Sequence[Offer]:
        """Stories that fit what is being typed, each with its poll below it where there is one, to be posted anywhere.

        Where the bot is no member a story's doors lead to private chats, so a ballot is offered by itself. Who will
        read them is not known, so what may give away how a session goes or went is veiled.
        """
        incidents = self._incidents.starting(typed, OFFERED)
        polls = {incident.id: poll for incident in incidents if (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(list(polls.values()))
        offers = []
        for incident, label in zip(incidents, lines(incidents, veiled=False), strict=True):
            poll = polls.get(incident.id)
            occasion = incident_text.occasion(incident)
            veiled = tells_result(incident)
            reply = story_reply(incident, tallies[poll.id] if poll else None, veiled=veiled)
            offers.append(Offer(incident.id, label, occasion, self._pages.linked(reply)))
            if poll is not None:
                ballot = poll_reply(incident, poll, None, tallies[poll.id], veiled=veiled)
                offers.append(Offer(f"blame-{incident.id}", label, _("Who was to blame?"), self._pages.linked(ballot)))
        return offers
