"""From the feed into storage: calendars, results and championships, once they can be believed."""

import datetime as dt
from collections.abc import Callable, Collection

import structlog

from bot.domain.season import Race, SessionKind, Sheet, Table, TableKind
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.results import ResultsNews
from storage.seasons import Seasons

log = structlog.get_logger(__name__)


class SeasonIntake:
    """Fetches one thing at a time, stores it, has its news told, and hands it on; None is what is not there yet.

    Everything raises FeedError where the feed gives no answer.
    """

    def __init__(
        self,
        feed: Jolpica,
        seasons: Seasons,
        now: Callable[[], dt.datetime],
        results: ResultsNews,
        calendar: CalendarNews,
    ) -> None:
        self._feed = feed
        self._asks = {
            SessionKind.RACE: feed.result,
            SessionKind.SPRINT: feed.sprint,
            SessionKind.QUALIFYING: feed.qualifying,
        }
        self._seasons = seasons
        self._now = now
        self._results_news = results
        self._calendar_news = calendar

    async def calendar(self, season: int) -> tuple[Race, ...]:
        """A season's races by round; none where the feed does not know the season."""
        races = await self._feed.schedule(season)
        changes = await self._seasons.store_schedule(season, races, self._now())
        new, moved, cancelled = len(changes.new) + len(changes.back), len(changes.moved), len(changes.cancelled)
        if new or moved or cancelled:
            log.info("calendar changed", season=season, new=new, moved=moved, cancelled=cancelled)
            await self._calendar_news.changed(changes)
        return races

    async def sheet(self, race: Race, kind: SessionKind) -> Sheet | None:
        """The result of a race or a sprint once its points are in, or of qualifying, which has none."""
        ask = self._asks[kind]
        sheet = await ask(race.season, race.round)
        if sheet is None or not (kind is SessionKind.QUALIFYING or any(finish.points for finish in sheet.finishes)):
            return None
        before = await self._seasons.store_sheet(sheet, self._now())
        log.info("result stored", race=sheet.race.key, kind=sheet.kind, corrected=before is not None)
        await self._results_news.checked(sheet)
        return sheet

    async def table(self, season: int, kind: TableKind, round_number: int | None = None) -> Table | None:
        """A championship after a round, or at the end of a season that is over.

        None while a round has not its own points, where those of the round before are known.
        """
        table = await self._table(season, kind, round_number)
        before = await self._seasons.table(season, kind, round_number - 1) if round_number else None
        if table is not None and before is not None and _points(before) == _points(table):
            return None
        return await self._stored(table)

    async def latest_table(self, season: int, kind: TableKind, raced: Collection[Race]) -> Table | None:
        """A championship as it stands; None while the feed counts a round that was not raced, or not its points."""
        table = await self._table(season, kind)
        if table is None or table.round not in {race.round for race in raced}:
            return None
        known = await self._seasons.table(season, kind)
        if known is not None and known.round < table.round and _points(known) == _points(table):
            return None
        return await self._stored(table)

    async def _table(self, season: int, kind: TableKind, round_number: int | None = None) -> Table | None:
        ask = self._feed.team_standings if kind is TableKind.TEAMS else self._feed.driver_standings
        return await ask(season, round_number)

    async def _stored(self, table: Table | None) -> Table | None:
        if table is not None:
            await self._seasons.store_table(table, self._now())
        return table


def _points(table: Table) -> dict[str, float]:
    return {row.id: row.points for row in table.rows if row.points}
