"""What is news, as soon as it is, to everybody who asked for it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.season import SessionKind
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.results import ResultsNews, flag_of
from storage.announcements import Announcements
from storage.seasons import Seasons

log = structlog.get_logger(__name__)

ROUND = 15.0
"""Seconds between two looks: reminders are due to the minute."""

SETTLED = dt.timedelta(minutes=1)
"""How long a correction is left alone: until then a recap may be on its way in words from before."""

REMEMBERED = dt.timedelta(days=400)
"""How long it is known who was told what: appeals are decided months later, and then their messages are changed."""

SPOILERS = {Kind.RECAP, Kind.CORRECTION}


class Newsroom:
    """Looks for news in what is stored, round after round, and has a delivery made for every chat."""

    def __init__(
        self,
        seasons: Seasons,
        announcements: Announcements,
        results: ResultsNews,
        calendar: CalendarNews,
        now: Callable[[], dt.datetime],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._seasons = seasons
        self._announcements = announcements
        self._results = results
        self._calendar = calendar
        self._now = now
        self._sleep = sleep

    async def run(self) -> None:
        """Look for news until cancelled."""
        while True:
            for step in (self._calendar.look, self._results.look, self.spread, self.forget):
                try:
                    await step()
                except Exception:
                    log.exception("news missed for now")
            await self._sleep(ROUND)

    async def spread(self) -> None:
        """Make the deliveries of all announcements that lack some, chunk by chunk; one that fails holds up no other."""
        for announcement in await self._announcements.unfinished():
            if announcement.kind is Kind.CORRECTION and self._now() < announcement.made_at + SETTLED:
                continue
            try:
                await self._spread(announcement)
            except Exception:
                log.exception("not spread for now", announcement=announcement.id)

    async def forget(self) -> None:
        """Forget what was announced so long ago that nothing will be said of it any more."""
        while await self._announcements.forget_some(self._now() - REMEMBERED):
            pass

    async def _spread(self, announcement: Announcement) -> None:
        due, chats = partial(_due, announcement, await self._flag(announcement)), 0
        while made := await self._announcements.spread(announcement, due):
            chats += made
        log.info("announced", announcement=announcement.id, kind=announcement.kind, chats=chats)

    async def _flag(self, announcement: Announcement) -> dt.datetime | None:
        """When the session ended whose result an announcement gives away; None where it does not.

        The calendar knows it, as results know no session but the race; where even that does not, it is now.
        """
        if announcement.kind not in SPOILERS:
            return None
        race = await self._seasons.race(announcement.subject["race"])
        flag = flag_of(race, SessionKind(announcement.subject["session"])) if race else None
        return flag or announcement.made_at


def _due(announcement: Announcement, flag: dt.datetime | None, settings: ChatSettings) -> dt.datetime:
    return settings.may_be_told_at(announcement.made_at, flag)
