"""Following the season: what is fetched, what is news of it, and what can be asked and announced of it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from bot.app.announcing import Announcing
from bot.app.repositories import Repositories
from bot.app.roles import Role
from bot.cards.race_stories import RaceStories
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.newsroom import Newsroom
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.pictures.painter import Painter
from handlers.season.calendar import Calendar
from handlers.season.choosing import Races
from handlers.season.recap import Recaps
from handlers.season.standings import Championships
from storage.incidents.reading import read_circuits


class Following:
    """The season as it goes, where there is a feed."""

    def __init__(
        self,
        repositories: Repositories,
        feed: Jolpica,
        stories: RaceStories,
        painter: Painter,
        now: Callable[[], dt.datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        seasons = repositories.seasons
        results = ResultsNews(seasons, repositories.announcements, now)
        calendar = CalendarNews(seasons, repositories.announcements, now)
        intake = SeasonIntake(feed, seasons, now, results, calendar)
        self._watch = SeasonWatch(intake, seasons, now, sleep)
        self._newsroom = Newsroom(seasons, repositories.announcements, results, calendar, now, sleep)
        circuits = read_circuits()
        races = Races(seasons, circuits, self._watch.want, now)
        self.announcing = Announcing(
            seasons, circuits, intake, results, self._newsroom, repositories.announcements, stories, now
        )
        self.features = (
            Calendar(seasons, races, repositories.chat_settings, repositories.subscriptions),
            Championships(seasons, races, painter),
            Recaps(races, stories),
        )

    async def run(self, role: Role, arrived: Callable[[str], Awaitable[object]]) -> None:
        """Follow the season while the role is ours, and grant wishes, until cancelled.

        Wishes are granted by whichever process was asked, which is the one that can answer. `arrived` is told the name
        of what was wished for and looked up.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(role.play(self._follow), name="role")
            group.create_task(self._watch.grant_wishes(arrived), name="wishes")

    async def _follow(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch.follow(), name="season watch")
            group.create_task(self._newsroom.run(), name="newsroom")
