"""Following the season: what is fetched, and what can be announced of it."""

import asyncio
from typing import TYPE_CHECKING

from bot.app.announcing import Announcing
from bot.app.leased_role import LeasedRole
from bot.app.news import News
from bot.events import Events
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.jobs.season.wishes import Wishes
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from storage.incidents.reading import read_circuits
from storage.race_stories import RaceStories
from storage.repositories import Repositories

if TYPE_CHECKING:
    from bot.feeds.f1db.client import F1db
    from bot.feeds.jolpica.client import Jolpica


class Following:
    """The season as it goes, where there is an archive, a second witness, or both."""

    def __init__(
        self,
        stored: Repositories,
        archive: "Jolpica | None",
        second: "F1db | None",
        stories: RaceStories,
        news: News,
        events: Events,
        clock: Clock,
    ) -> None:
        seasons, circuits = stored.seasons, read_circuits()
        finder = CircuitFinder(circuits)
        self._jobs = {"newsroom": news.newsroom.run}
        self._wishes: Wishes | None = None
        intake = None
        if archive is not None:
            intake = SeasonIntake(archive, finder, seasons, stored.championships, events, clock)
            self._jobs["season watch"] = SeasonWatch(intake, seasons, stored.championships, clock).follow
            self._wishes = Wishes(intake, seasons, events, clock)
        if second is not None:
            from bot.jobs.season.second_witness import SecondWitness  # noqa: PLC0415 - as with the feeds
            from storage.f1db import F1dbSeasons  # noqa: PLC0415

            f1db = F1dbSeasons(stored.database, seasons)
            witness = SecondWitness(second, finder, seasons, f1db, events, clock, alone=archive is None)
            self._jobs["second witness"] = witness.follow
        self.announcing = Announcing(
            seasons, circuits, intake, news.results, news.newsroom, stored.announcements, stories, clock
        )

    def want(self, season: int, round_number: int | None = None) -> bool:
        """Have a season, or one of its races, fetched soon; False where that is no use, or there is no archive."""
        return self._wishes is not None and self._wishes.want(season, round_number)

    async def run(self, role: LeasedRole | None) -> None:
        """Follow the season while the role is ours, and look up what is wished for, until cancelled.

        None is a process that never has the role. Wishes are looked up by whichever process was asked, as it is the
        one that can answer.
        """
        async with asyncio.TaskGroup() as group:
            if role is not None:
                group.create_task(role.play(self._follow), name="role")
            if self._wishes is not None:
                group.create_task(self._wishes.run(), name="wishes")

    async def _follow(self) -> None:
        async with asyncio.TaskGroup() as group:
            for name, job in self._jobs.items():
                group.create_task(job(), name=name)
