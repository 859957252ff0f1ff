"""Following the season: what is fetched, and what can be announced of it."""

import asyncio

from bot.app.announcing import Announcing
from bot.app.news import News
from bot.app.roles import Role
from bot.events import Events
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.jobs.season.wishes import Wishes
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from storage.incidents.reading import read_circuits
from storage.race_stories import RaceStories
from storage.repositories import Repositories


class Following:
    """The season as it goes, where there is a feed."""

    def __init__(
        self, stored: Repositories, feed: Jolpica, stories: RaceStories, news: News, events: Events, clock: Clock
    ) -> None:
        seasons, announcements, circuits = stored.seasons, stored.announcements, read_circuits()
        intake = SeasonIntake(feed, CircuitFinder(circuits), seasons, stored.championships, events, clock)
        self._newsroom = news.newsroom
        self._watch = SeasonWatch(intake, seasons, stored.championships, clock)
        self._wishes = Wishes(intake, seasons, events, clock)
        self.want = self._wishes.want
        self.announcing = Announcing(
            seasons, circuits, intake, news.results, news.newsroom, announcements, stories, clock
        )

    async def run(self, role: Role) -> None:
        """Follow the season while the role is ours, and look up what is wished for, until cancelled.

        Wishes are looked up by whichever process was asked, as it is the one that can answer.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(role.play(self._follow), name="role")
            group.create_task(self._wishes.run(), name="wishes")

    async def _follow(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch.follow(), name="season watch")
            group.create_task(self._newsroom.run(), name="newsroom")
