"""/results: how a race ended, place by place."""

import re

from bot.cards.results import classification_reply
from bot.cards.season_text import updated
from bot.chat.commands import Command, UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.season import SessionKind
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.search.completing import Suggest
from handlers.season.choosing import SPRINT, Races
from storage.seasons import Seasons

_QUALIFYING = re.compile(r"\b(?:quali(?:fying|fication)?|qualy|q[1-3]?)\b", re.IGNORECASE)


class Results:
    """Tell how races, sprints and qualifying ended."""

    def __init__(self, seasons: Seasons, races: Races, clock: Clock, suggest: Suggest) -> None:
        self._suggest = suggest
        self._seasons = seasons
        self._races = races
        self._clock = clock

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        summary = marked("How a race ended, place by place")
        argument = marked("race and season")
        return (Command("results", summary, self.show, argument=argument, option="race", suggest=self._suggest),)

    async def show(self, request: Request) -> Reply:
        """A classification with grid, gaps and retirements; the sprint's or qualifying's where that is asked for."""
        sprint, qualifying = SPRINT.search(request.argument), _QUALIFYING.search(request.argument)
        if sprint and qualifying:
            raise UserError(_("Sprint qualifying is not in the archive. Say sprint, or qualifying."))
        kind = SessionKind.SPRINT if sprint else SessionKind.QUALIFYING if qualifying else SessionKind.RACE
        race = await self._races.one(_QUALIFYING.sub(" ", SPRINT.sub(" ", request.argument)), request, kind)
        classification = await self._races.classification(race, kind, request)
        footer = updated(*await self._seasons.source(classification))
        return classification_reply(classification, footer, race.held(self._clock.now()))
