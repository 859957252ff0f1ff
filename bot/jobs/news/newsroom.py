"""What is news, as soon as it is, to everybody who asked for it."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import structlog

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.events import CalendarChanged, CaseChanged, DeliveriesMade, Events, ResultStored, RulingMade, Subscription
from bot.jobs.news.amendments import Amendments
from bot.jobs.news.anniversaries import AnniversaryNews
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.incidents import IncidentNews
from bot.jobs.news.reminders import ReminderNews
from bot.jobs.news.results import ResultsNews
from bot.jobs.news.rulings import RulingCorrections
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.announcements import CHUNK, Announcements, Due

log = structlog.get_logger(__name__)

ROUND = 15.0
"""Seconds between two looks at the most: reminders are due to the minute."""

CORRECTION_WAIT = dt.timedelta(minutes=1)
"""How long after it was announced what follows a recap is spread: until then that may go out in words from before."""

TOLD_REMEMBERED = dt.timedelta(days=400)
"""How long it is known who was told what: appeals are decided months later, and then their messages are changed."""

FORGOTTEN_EVERY = dt.timedelta(hours=1)

LIVE = {Kind.INCIDENT, Kind.RULING, Kind.DIGEST}
"""What is told of a running session."""

REMINDING = {Kind.REMINDER, Kind.NEW_START}
"""What a chat may be told by something else as well."""

News: TypeAlias = CalendarChanged | ResultStored | CaseChanged | RulingMade
"""What may be news."""

SPOILERS = {Kind.RECAP, Kind.CORRECTION, Kind.AMENDMENT}
"""What gives a session's result away."""


class Desks(NamedTuple):
    """Who finds each sort of news in what is stored."""

    results: ResultsNews
    rulings: RulingCorrections
    amendments: Amendments
    calendar: CalendarNews
    reminders: ReminderNews
    incidents: IncidentNews
    anniversaries: AnniversaryNews


class Newsroom:
    """Looks for news in what is stored, and has a delivery made for every chat.

    All news is found as a difference between what is stored and what was told: a look that fails, or a process that
    dies, leaves it to the next look.
    """

    def __init__(
        self,
        announcements: Announcements,
        desks: Desks,
        events: Events,
        clock: Clock,
    ) -> None:
        results, rulings, amendments, calendar, reminders, incidents, anniversaries = desks
        self._announcements = announcements
        self._clock = clock
        self._results = results
        self._incidents = incidents
        self._anniversaries = anniversaries
        self._reminders = reminders
        self._events = events
        self._steps = (
            incidents.tell,
            self.spread_live,
            reminders.remind,
            calendar.tell_changes,
            reminders.tell_new_starts,
            results.tell_recaps,
            results.tell_corrections,
            rulings.tell_ruled,
            amendments.amend,
            anniversaries.tell,
            self.spread,
            self.forget,
        )
        self._stored: Subscription[News] = events.subscribe(CalendarChanged, ResultStored, CaseChanged, RulingMade)
        self._due = asyncio.Event()
        self._forgotten: dt.datetime | None = None
        self._failing = Outages[str]()
        self._unspread = Outages[int]()

    async def run(self) -> None:
        """Look for news every 15 seconds, and at once where something was stored that may be some, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tick(), name="newsroom clock")
            group.create_task(self._hear(), name="newsroom events")
            while True:
                await self._due.wait()
                self._due.clear()
                await self.look()

    async def _tick(self) -> None:
        while True:
            self._due.set()
            await self._clock.sleep(ROUND)

    async def _hear(self) -> None:
        async for _event in self._stored:
            self._due.set()

    async def look(self) -> None:
        """Announce all that is news by now, and make the deliveries; a step that fails holds up no other."""
        for step in self._steps:
            try:
                await step()
                self._failing.ends(step.__name__)
            except Exception:
                if self._failing.begins(step.__name__):
                    log.exception("news.look_failed", step=step.__name__)

    async def spread(self) -> None:
        """Make the deliveries of all announcements that lack some, chunk by chunk; one that fails holds up no other."""
        await self._spread_all(await self._announcements.unfinished())

    async def spread_live(self) -> None:
        """The same of what is told while people watch, before anything else is looked for."""
        unfinished = await self._announcements.unfinished()
        await self._spread_all([announcement for announcement in unfinished if announcement.kind in LIVE])

    async def _spread_all(self, unfinished: Sequence[Announcement]) -> None:
        for announcement in unfinished:
            if announcement.follows is not None and self._clock.now() < announcement.made_at + CORRECTION_WAIT:
                continue
            try:
                await self._spread(announcement)
                self._unspread.ends(announcement.id)
            except Exception:
                if self._unspread.begins(announcement.id):
                    log.exception("announcement.spread_failed", announcement=announcement.id)

    async def forget(self) -> None:
        """Forget what was announced so long ago that nothing will be said of it any more; looked for once an hour."""
        now = self._clock.now()
        if self._forgotten is not None and self._forgotten <= now < self._forgotten + FORGOTTEN_EVERY:
            return
        while await self._announcements.forget_some(now - TOLD_REMEMBERED):
            pass
        self._forgotten = now

    async def _spread(self, announcement: Announcement) -> None:
        due, chats = await self._due_of(announcement), 0
        of_reminders = announcement.kind in REMINDING or (announcement.kind is Kind.CALENDAR and announcement.follows)
        instead = await self._reminders.instead(announcement) if of_reminders else None
        while made := await self._announcements.spread(announcement, due, instead):
            chats += made
            self._events.publish(DeliveriesMade())
            if made < CHUNK:
                break
        log.info("announcement.spread", announcement=announcement.id, kind=announcement.kind, chats=chats)

    async def _due_of(self, announcement: Announcement) -> Due:
        if announcement.kind in LIVE:
            return self._incidents.due(announcement)
        if announcement.kind is Kind.REMINDER:
            return await self._reminders.due(announcement)
        if announcement.kind is Kind.ANNIVERSARY:
            return self._anniversaries.due(announcement)
        flag = await self._results.flag(announcement) if announcement.kind in SPOILERS else None
        return partial(_due, announcement, flag)


def _due(announcement: Announcement, flag: dt.datetime | None, settings: ChatSettings) -> dt.datetime:
    return settings.may_be_told_at(announcement.made_at, flag)
