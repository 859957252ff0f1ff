"""From the feed into storage: calendars, results and championships, once they can be believed."""

from collections.abc import Collection

import structlog

from bot.domain.season import Championship, Classification, Race, SessionKind, Standings
from bot.events import CalendarChanged, Events, ResultStored
from bot.feeds.jolpica.client import Jolpica
from bot.pacing.clock import Clock
from storage.seasons import Seasons

log = structlog.get_logger(__name__)


class SeasonIntake:
    """Fetches a calendar, a result or a championship, stores it and returns it; None (or no races) while there is none.

    What was stored is published after its commit, as a hint: whoever needs it finds it in what is stored, later, where
    the process dies in between. Everything raises FeedError where the feed gives no answer.
    """

    def __init__(self, feed: Jolpica, seasons: Seasons, events: Events, clock: Clock) -> None:
        self._feed = feed
        self._asks = {
            SessionKind.RACE: feed.result,
            SessionKind.SPRINT: feed.sprint,
            SessionKind.QUALIFYING: feed.qualifying,
        }
        self._seasons = seasons
        self._clock = clock
        self._events = events

    async def calendar(self, season: int) -> tuple[Race, ...]:
        """A season's races by round; none where the feed does not know the season."""
        races = await self._feed.schedule(season)
        if await self._seasons.store_schedule(season, races, self._clock.now()):
            log.info("calendar.changed", season=season, races=len(races))
            self._events.publish(CalendarChanged(season))
        return races

    async def classification(self, race: Race, kind: SessionKind) -> Classification | None:
        """The result of a race or a sprint once its points are in, or of qualifying, which has none."""
        ask = self._asks[kind]
        classification = await ask(race.season, race.round)
        if classification is None or not (
            kind is SessionKind.QUALIFYING or any(finish.points for finish in classification.finishes)
        ):
            return None
        before = await self._seasons.store_classification(classification, self._clock.now())
        log.info("result.stored", race=classification.race.key, kind=classification.kind, corrected=before is not None)
        self._events.publish(ResultStored(classification.race.key, classification.kind))
        return classification

    async def standings(self, season: int, kind: Championship, round_number: int | None = None) -> Standings | None:
        """A championship after a round, or at the end of a season that is over.

        None while a round has not its own points, where those of the round before are known.
        """
        standings = await self._standings(season, kind, round_number)
        before = await self._seasons.standings(season, kind, round_number - 1) if round_number else None
        if standings is not None and before is not None and _points(before) == _points(standings):
            return None
        return await self._store(standings)

    async def latest_standings(self, season: int, kind: Championship, raced: Collection[Race]) -> Standings | None:
        """A championship as it stands; None while the feed counts a round that was not raced, or not its points."""
        standings = await self._standings(season, kind)
        if standings is None or standings.round not in {race.round for race in raced}:
            return None
        known = await self._seasons.standings(season, kind)
        if known is not None and known.round < standings.round and _points(known) == _points(standings):
            return None
        return await self._store(standings)

    async def _standings(self, season: int, kind: Championship, round_number: int | None = None) -> Standings | None:
        ask = self._feed.team_standings if kind is Championship.TEAMS else self._feed.driver_standings
        return await ask(season, round_number)

    async def _store(self, standings: Standings | None) -> Standings | None:
        if standings is not None:
            await self._seasons.store_standings(standings, self._clock.now())
        return standings


def _points(standings: Standings) -> dict[str, float]:
    return {standing.id: standing.points for standing in standings.entries if standing.points}
