"""The newsroom with all that it works with, on a database of its own, at a time that the test sets."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection, select

from bot.domain.announcements import Announcement
from bot.domain.cases import Case
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Outcome, State
from bot.domain.incidents import Incident
from bot.domain.noted_records import KeptRuling
from bot.domain.places import Chat, Platform
from bot.domain.race_control import Session
from bot.domain.season import Classification, Race, Standings
from bot.events import Events
from bot.jobs.news.amendments import Amendments
from bot.jobs.news.anniversaries import AnniversaryNews
from bot.jobs.news.calendar import CalendarNews
from bot.jobs.news.incidents import IncidentNews
from bot.jobs.news.newsroom import Desks, Newsroom
from bot.jobs.news.reminders import ReminderNews
from bot.jobs.news.results import ResultsNews
from bot.jobs.news.rulings import RulingCorrections
from bot.jobs.race_control.recorder import Recorder
from bot.search.catalogue import Incidents
from storage import tables
from storage.announcements import Announcements
from storage.championships import Championships
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.incidents.reading import read_circuits, read_drivers
from storage.noted_incidents import NotedIncidents
from storage.outbox import Outbox
from storage.polls import Polls
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions
from storage.told_chains import ToldChains
from storage.told_recaps import ToldRecaps
from storage.told_seasons import ToldSeasons
from tests.support.cases import DRAFTS, IMOLA_RACE
from tests.support.clock import HeldClock
from tests.support.season import CALENDAR

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FLAG = dt.datetime(2021, 4, 18, 15, tzinfo=dt.UTC)
"""When Imola's chequered flag falls, about."""

START = FLAG - 2 * HOUR
PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
GRANDSTAND = Chat(Platform.TELEGRAM, "-1002")


class PressRoom:
    """What is known, what is announced, and who is told when; it is Imola's flag at first."""

    def __init__(
        self, database: Database, chats: Chats, settings: SettingsStore, told: Iterable[Incident] = ()
    ) -> None:
        self.clock = HeldClock(FLAG)
        self.database = database
        self.chats = chats
        self.seasons = Seasons(database)
        self.announcements = Announcements(database)
        self.subscriptions = Subscriptions(database, chats, HandledUpdates(database))
        self.settings = settings
        self.outbox = Outbox(database)
        self.incidents = Incidents(told, read_circuits(), read_drivers())
        self.restart()

    def restart(self) -> None:
        """Forget all that is not stored."""
        told = ToldSeasons(self.database, self.announcements)
        championships, recaps = Championships(self.database), ToldRecaps(self.database)
        self.results = ResultsNews(self.seasons, championships, told, self.announcements, self.incidents, self.clock)
        rulings = RulingCorrections(recaps, self.announcements, self.incidents, self.clock)
        self.amendments = Amendments(recaps, told, self.seasons, championships, self.announcements, self.clock)
        self.calendar = CalendarNews(told, self.clock)
        reminders = ReminderNews(self.seasons, ToldChains(self.database), self.announcements, self.clock)
        self.live = IncidentNews(self.incidents, self.announcements, self.clock)
        self.events = Events()
        self.newsroom = Newsroom(
            self.announcements,
            Desks(
                self.results,
                rulings,
                self.amendments,
                self.calendar,
                reminders,
                self.live,
                AnniversaryNews(self.incidents, self.announcements, self.clock),
            ),
            self.events,
            self.clock,
        )

    @property
    def now(self) -> dt.datetime:
        """The time of day, which the test sets."""
        return self.clock.now()

    @now.setter
    def now(self, moment: dt.datetime) -> None:
        self.clock.set(moment)

    async def round(self) -> None:
        """Let the newsroom look once."""
        await self.newsroom.look()

    async def know(self, *known: Classification | Standings) -> None:
        """Store what was fetched just now; results are held against what was told."""
        for each in known:
            if isinstance(each, Standings):
                await self.seasons.store_standings(each, self.now)
            else:
                await self.seasons.store_classification(each, self.now)
                await self.results.tell_corrections()

    async def read(self, *races: Race) -> None:
        """Store a calendar that was fetched just now, and announce what is new in it."""
        await self.seasons.store_schedule(races[0].season, races, self.now)
        await self.calendar.tell_changes()

    async def note(self, case: Case, *documents: KeptRuling, session: Session = IMOLA_RACE) -> str:
        """Record what race control noted, as the case is by now, and what documents rule on it; the incident's id."""
        noted = NotedIncidents(self.database, clock=self.clock)
        recorder = Recorder(noted, self.incidents, Polls(self.database, []), DRAFTS, self.events)
        await recorder.record(session, [case], case.stages[-1].index)
        (record,) = [each for each in await noted.all() if each.incident.case.opened == case.opened]
        for document in documents:
            await recorder.rule(record.id, document)
        self.incidents.take_up(await noted.all())  # also where another room has recorded it
        return record.id

    async def subscribe(self, chat: Chat, *topics: str, settings: ChatSettings | None = None) -> None:
        """Let a chat be told of topics, as it wishes."""
        await self.subscriptions.begin(chat, topics)
        if settings is not None:
            await self.settings.change(chat, **asdict(settings))

    async def announced(self) -> list[Announcement]:
        """All announcements so far."""
        numbers = select(tables.announcement.c.id).order_by(tables.announcement.c.id)
        ids = await self.database.read(lambda connection: connection.scalars(numbers).all())
        found = [await self.announcements.get(number) for number in ids]
        return [each for each in found if each is not None]

    async def topics(self) -> list[str]:
        """The topics of all announcements so far."""
        return [each.topic for each in await self.announced()]

    async def last(self) -> Announcement:
        """The last announcement."""
        return (await self.announced())[-1]

    async def due(self, announcement: Announcement) -> dict[str, dt.datetime]:
        """When each chat is told of something, as far as it is known who is."""

        def read(connection: Connection) -> Sequence[tuple[str, int]]:
            rows = select(tables.chat.c.external, tables.delivery.c.due_at).join_from(tables.chat, tables.delivery)
            mine = rows.where(tables.delivery.c.announcement_id == announcement.id)
            return [(external, due_at) for external, due_at in connection.execute(mine)]

        rows = await self.database.read(read)
        return {external: dt.datetime.fromtimestamp(due_at, dt.UTC) for external, due_at in rows}

    async def deliver(self, *chats: Chat) -> None:
        """Deliver now whatever is due in these chats, or anywhere where none is given."""
        for delivery in await self.outbox.due(Platform.TELEGRAM, self.now, 100):
            if not chats or delivery.chat in chats:
                await self.outbox.settle(Outcome(delivery, State.SENT, self.now, message="1"))


@asynccontextmanager
async def at_work(database: Database, told: Iterable[Incident] = ()) -> AsyncIterator[PressRoom]:
    """A press room on a database, in which nothing is known but what is there and what is `told` in files."""
    chats = await Chats.open(database, HandledUpdates(database))
    room = PressRoom(database, chats, SettingsStore(database, chats, HandledUpdates(database)), told)
    room.incidents.take_up(await NotedIncidents(database).all())
    writing = asyncio.create_task(room.outbox.run())
    try:
        yield room
    finally:
        await room.outbox.close()
        await writing


@asynccontextmanager
async def press_room(folder: Path, *calendar: Race) -> AsyncIterator[PressRoom]:
    """A press room in a folder, where a calendar is known already: that of 2021 unless another is given."""
    database = open_database(f"sqlite:///{folder / 'racing-incident.db'}")
    await database.upgrade()
    try:
        async with at_work(database) as room:
            await room.read(*(calendar or CALENDAR))
            yield room
    finally:
        await database.close()
