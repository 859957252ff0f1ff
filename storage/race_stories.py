"""How races went, put together from all that is stored."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from bot.domain.incidents import Incident
from bot.domain.race_story import MOST_INCIDENTS, RaceStory, StandingsMove
from bot.domain.season import Championship, Classification, Race, SessionKind
from storage.polls import Polls
from storage.seasons import Seasons

WEEKEND = (dt.timedelta(days=-3), dt.timedelta(days=1))
"""An incident of a race is dated on its weekend, from so long before the race; its day may be another than in UTC."""


class Dated(Protocol):
    """Incidents by their days."""

    def between(self, first: dt.date, last: dt.date) -> Sequence[Incident]:
        """Those of these days, the first to be told of first."""


class RaceStories:
    """The stories of races and sprints."""

    def __init__(self, seasons: Seasons, polls: Polls, incidents: Dated) -> None:
        self._seasons = seasons
        self._polls = polls
        self._incidents = incidents

    async def of(self, classification: Classification) -> RaceStory:
        """All that is known of a result; points and incidents of a sprint are told with its race."""
        updated_at = await self._seasons.updated(classification)
        if classification.kind is SessionKind.SPRINT:
            return RaceStory(classification, updated_at=updated_at)
        told = self._of_the_weekend(classification.race)
        polls = {incident.id: poll for incident in told if (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(polls.values())
        return RaceStory(
            classification,
            await self._championship(classification.race, Championship.DRIVERS),
            await self._championship(classification.race, Championship.TEAMS),
            tuple((incident, tallies[polls[incident.id].id] if incident.id in polls else None) for incident in told),
            updated_at,
        )

    async def _championship(self, race: Race, kind: Championship) -> StandingsMove | None:
        after = await self._seasons.standings(race.season, kind, race.round)
        if after is None:
            return None
        before = await self._seasons.standings(race.season, kind, race.round - 1) if race.round > 1 else None
        return StandingsMove(after, before)

    def _of_the_weekend(self, race: Race) -> Sequence[Incident]:
        first, last = (race.race.day + days for days in WEEKEND)
        return self._incidents.between(first, last)[:MOST_INCIDENTS]
