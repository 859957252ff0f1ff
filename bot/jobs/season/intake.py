"""From the feed into storage: calendars, results and championships, once they can be believed."""

import asyncio
import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import structlog

from bot.domain.calendar_changes import lost
from bot.domain.season import Championship, Classification, Race, Standings
from bot.domain.sessions import SessionKind
from bot.events import CalendarChanged, Events, ResultStored
from bot.feeds import QuestionFailedError
from bot.feeds.jolpica.client import Jolpica
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from storage.championships import Championships
from storage.seasons import Seasons

log = structlog.get_logger(__name__)

MENDED_WITHIN = dt.timedelta(days=2)
"""How long after a race its tables are not believed where they contradict its result; nor is half a calendar."""


class SeasonIntake:
    """Fetches a calendar, a result or a championship, stores it and returns it; None (or no races) while there is none.

    What was stored is published after its commit, as a hint: whoever needs it finds it in what is stored, later, where
    the process dies in between. Everything raises FeedError where the feed gives no answer.
    """

    def __init__(
        self,
        feed: Jolpica,
        circuits: CircuitFinder,
        seasons: Seasons,
        championships: Championships,
        events: Events,
        clock: Clock,
    ) -> None:
        self._feed = feed
        self._circuits = circuits
        self._asks = {
            SessionKind.RACE: feed.result,
            SessionKind.SPRINT: feed.sprint,
            SessionKind.QUALIFYING: feed.qualifying,
        }
        self._seasons = seasons
        self._championships = championships
        self._clock = clock
        self._events = events

    @property
    def trouble(self) -> str:
        """Why the feed's latest question has no answer so far; empty once one has."""
        return self._feed.trouble

    async def calendar(self, season: int) -> tuple[Race, ...]:
        """A season's races by round; none where the feed does not know the season.

        One that lacks most of the races that are known is half a calendar, and not believed before it has stayed so.
        """
        told = await self._feed.schedule(season)
        # In a thread, as the first who asks for a zone has it read from a file.
        races = await asyncio.to_thread(tuple, map(self._circuits.at_the_track, told))
        await self._check_whole(season, races)
        if await self._seasons.store_schedule(season, races, self._clock.now()):
            log.info("calendar.changed", season=season, races=len(races))
            self._events.publish(CalendarChanged(season))
        return races

    async def _check_whole(self, season: int, races: Collection[Race]) -> None:
        """Raise QuestionFailedError where a calendar has lost most of its races of late."""
        known, now = await self._seasons.schedule(season), self._clock.now()
        fetched_at = await self._seasons.updated(known[0]) if known and races and season <= now.year else None
        if fetched_at is None or now - fetched_at >= MENDED_WITHIN or 2 * len(lost(known, races)) <= len(known):
            return
        problem = "most races are missing"
        log.warning("feed.answer_refused", feed="jolpica", path=f"{season}/races/", problem=problem)
        raise QuestionFailedError(f"the calendar of {season} cannot be trusted: {problem}")

    async def classification(self, race: Race, kind: SessionKind) -> Classification | None:
        """The result of a race or a sprint once its points are in, or of qualifying, which has none; as it is read now.

        It is the calendar's race that it is of: the feed's answer knows fewer sessions, and after a change of the
        calendar it may be about another race.
        """
        ask = self._asks[kind]
        classification = await ask(race.season, race.round, await self._drivers(race))
        if classification is None or not (
            kind is SessionKind.QUALIFYING or any(finish.points for finish in classification.finishes)
        ):
            return None
        if classification.race.circuit_id != race.circuit_id:
            raise QuestionFailedError(f"the answer to round {race.round} is about another race than {race.key}")
        classification = replace(classification, race=race)
        before = await self._seasons.store_classification(classification, self._clock.now())
        log.info("result.stored", race=classification.race.key, kind=classification.kind, corrected=before is not None)
        self._events.publish(ResultStored(classification.race.key, classification.kind))
        return await self._seasons.classification(race.key, kind)

    async def _drivers(self, race: Race) -> int:
        """How many drivers a race weekend has, by all that is stored of it."""
        stored = [await self._seasons.classification(race.key, kind) for kind in self._asks]
        results = (result for result in stored if result is not None)
        return max((len({finish.entrant.driver_id for finish in result.finishes}) for result in results), default=0)

    async def standings(self, season: int, kind: Championship) -> Standings | None:
        """A championship at the end of a season that is over."""
        standings = await self._standings(season, kind)
        if standings is not None:
            await self._seasons.store_standings(standings, self._clock.now())
        return standings

    async def standings_after(self, race: Race, kind: Championship) -> Standings | None:
        """A championship after a race; None while it has not the race's own points, or contradicts its result."""
        return await self._store_after(race, await self._standings(race.season, kind, race.round))

    async def latest_standings(self, season: int, kind: Championship, raced: Collection[Race]) -> Standings | None:
        """A championship as it stands; None while the feed counts a round that was not raced, and as above."""
        standings = await self._standings(season, kind)
        race = next((race for race in raced if standings and race.round == standings.round), None)
        return None if race is None else await self._store_after(race, standings)

    async def _standings(self, season: int, kind: Championship, round_number: int | None = None) -> Standings | None:
        ask = self._feed.team_standings if kind is Championship.TEAMS else self._feed.driver_standings
        return await ask(season, round_number)

    async def _store_after(self, race: Race, standings: Standings | None) -> Standings | None:
        """Store a table once it can be believed.

        What the stewards take from a team besides any result is in the table alone. So what contradicts the results is
        believed as well, once the archive has had time to mend it; whether it has is asked again all the same.
        """
        if standings is None:
            return None
        rounds = (await self._championships.rounds(race.season, [race])).with_table(standings)
        fits = rounds.fits(race, standings.kind)
        if fits or (rounds.moved(race, standings.kind) and self._clock.now() >= race.race.over_at + MENDED_WITHIN):
            await self._seasons.store_standings(standings, self._clock.now())
        return standings if fits else None
