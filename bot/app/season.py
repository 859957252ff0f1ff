"""Following the season: what is fetched, what is news of it, and what can be asked and announced of it."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.app.announcing import Announcing
from bot.app.repositories import Repositories
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.newsroom import Newsroom
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from handlers.season.calendar import Calendar
from handlers.season.choosing import Races
from handlers.season.recap import Recaps
from handlers.season.standings import Championships
from storage.incidents.reading import read_circuits
from storage.race_stories import RaceStories
from storage.told_seasons import ToldSeasons


class Following:
    """The season as it goes, where there is a feed."""

    def __init__(
        self,
        repositories: Repositories,
        feed: Jolpica,
        stories: RaceStories,
        painter: Painter,
        clock: Clock,
    ) -> None:
        seasons, announcements = repositories.seasons, repositories.announcements
        told = ToldSeasons(repositories.database, announcements)
        results = ResultsNews(seasons, told, announcements, clock)
        calendar = CalendarNews(seasons, told, announcements, clock)
        self._newsroom = Newsroom(seasons, announcements, results, calendar, clock)
        intake = SeasonIntake(feed, seasons, clock, stored=self._newsroom.look_soon)
        self._watch = SeasonWatch(intake, seasons, clock)
        circuits = read_circuits()
        races = Races(seasons, circuits, self._watch.want, clock.now)
        self.announcing = Announcing(seasons, circuits, intake, results, self._newsroom, announcements, stories, clock)
        self.features = (
            Calendar(seasons, races, repositories.chat_settings, repositories.subscriptions),
            Championships(seasons, races, painter),
            Recaps(races, stories, painter),
        )

    async def run(self, arrived: Callable[[str], Awaitable[object]]) -> None:
        """Follow the season until cancelled; `arrived` is told the name of what was wished for and looked up."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch.run(arrived), name="season watch")
            group.create_task(self._newsroom.run(), name="newsroom")
