"""Following the season: what is fetched, what is news of it, and what can be announced of it."""

import asyncio

from bot.app.announcing import Announcing
from bot.app.roles import Role
from bot.cards.race_stories import RaceStories
from bot.events import Events
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.newsroom import Newsroom
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.pacing.clock import Clock
from storage.incidents.reading import read_circuits
from storage.repositories import Repositories


class Following:
    """The season as it goes, where there is a feed."""

    def __init__(self, stored: Repositories, feed: Jolpica, stories: RaceStories, events: Events, clock: Clock) -> None:
        seasons, announcements = stored.seasons, stored.announcements
        results = ResultsNews(seasons, announcements, clock.now)
        calendar = CalendarNews(seasons, announcements, clock.now)
        intake = SeasonIntake(feed, seasons, clock.now, results, calendar)
        self._watch = SeasonWatch(intake, seasons, clock.now, events, clock.sleep)
        self._newsroom = Newsroom(seasons, announcements, results, calendar, clock.now, clock.sleep)
        self.want = self._watch.want
        self.announcing = Announcing(
            seasons, read_circuits(), intake, results, self._newsroom, announcements, stories, clock
        )

    async def run(self, role: Role) -> None:
        """Follow the season while the role is ours, and look up what is wished for, until cancelled.

        Wishes are looked up by whichever process was asked, as it is the one that can answer.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(role.play(self._follow), name="role")
            group.create_task(self._watch.grant_wishes(), name="wishes")

    async def _follow(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch.follow(), name="season watch")
            group.create_task(self._newsroom.run(), name="newsroom")
