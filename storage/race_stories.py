"""How races went, put together from all that is stored."""

from dataclasses import replace

from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.places import Chat
from bot.domain.polls import Tally
from bot.domain.race_cases import Dated, most_argued_first, noted_in, of_the_weekend
from bot.domain.race_story import MOST_INCIDENTS, RaceStory
from bot.domain.season import Championship, Classification, Witness, together
from bot.domain.sessions import SessionKind
from storage.championships import Championships
from storage.polls import Polls
from storage.seasons import Seasons
from storage.shipped_races import NOTHING_SHIPS, ShippedRaces


class RaceStories:
    """The stories of races and sprints."""

    def __init__(
        self,
        seasons: Seasons,
        championships: Championships,
        polls: Polls,
        incidents: Dated,
        shipped: ShippedRaces = NOTHING_SHIPS,
    ) -> None:
        self._seasons = seasons
        self._championships = championships
        self._polls = polls
        self._incidents = incidents
        self._shipped = shipped

    async def of(self, classification: Classification) -> RaceStory:
        """All that is known of a result; points and told incidents of a sprint are told with its race."""
        source = await self._seasons.source(classification)
        argued = await self._argued(classification)
        if source.at is None and (shipped := self._shipped.get(classification.race.key, classification.kind)):
            tables = shipped.drivers, shipped.teams
            return RaceStory(classification, *tables, argued, witness=Witness.SHIPPED)
        if classification.kind is SessionKind.SPRINT:
            return RaceStory(classification, incidents=argued, updated_at=source.at, witness=source.witness)
        race = classification.race
        rounds = await self._championships.rounds(race.season, [race])
        drivers, teams = (rounds.move(race, kind) for kind in (Championship.DRIVERS, Championship.TEAMS))
        witness = together((source.witness, *rounds.witnesses(race)))
        return RaceStory(classification, drivers, teams, argued, source.at, witness=witness)

    async def told_in(self, chat: Chat, story: RaceStory) -> RaceStory:
        """The same story with what one chat's votes are to the rulings; one query more, where there are cases."""
        argued = [(each, poll) for each, _tally in story.incidents if (poll := self._polls.get(each.id))]
        if not story.has_cases or not argued:
            return story
        tallies = await self._polls.tallies_here([poll for _incident, poll in argued], chat)
        here = ((incident, tallies[poll.id]) for incident, poll in argued)
        return replace(story, here=story.agreement_of(here))

    async def _argued(self, classification: Classification) -> tuple[tuple[Incident, Tally | None], ...]:
        """What is told of a weekend, and what race control noted in a session, each with everyone's votes."""
        weekend, kind = of_the_weekend(classification.race, self._incidents), classification.kind
        told = [each for each in weekend if kind is SessionKind.RACE and not isinstance(each, NotedIncident)]
        noted = noted_in(kind, weekend)
        shown = [*told, *noted] if noted else told[:MOST_INCIDENTS]
        polls = {incident.id: poll for incident in shown if incident.poll and (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(polls.values()) if polls else {}
        argued = tuple((each, tallies[polls[each.id].id] if each.id in polls else None) for each in shown)
        return most_argued_first(argued) if noted else argued
