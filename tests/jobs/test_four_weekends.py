"""Four weekends on a clock of their own, with restarts at every stage: each chat is told each thing once, and right.

A sprint; a disqualification on the Monday after a race; an appeal after two weeks; a race that is called off, is back,
and starts later twice on its day.
"""

import asyncio
import datetime as dt
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, suppress

import pytest
from sqlalchemy import Connection, select

from bot.chat.cards import Card
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform
from bot.domain.season import Championship
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import DeliveryWorker
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.pacing.spacing import Spacing
from bot.pictures.painter import Painter
from bot.search.circuit_finder import CircuitFinder
from storage.championships import Championships
from storage.chat_moves import ChatMoves
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.polls import Polls
from storage.race_stories import RaceStories
from storage.tables import delivery
from storage.unseen_chats import UnseenChats
from tests.support.clock import FakeClock
from tests.support.invented_season import CALENDAR, IMOLA, INTERLAGOS, LOSAIL, MONZA, InventedSeason
from tests.support.jolpica_server import JolpicaServer
from tests.support.platform_double import PlatformDouble
from tests.support.press_room import PressRoom, at_work

HOUR = dt.timedelta(hours=1)
BEGIN, END = dt.datetime(2021, 4, 15, tzinfo=dt.UTC), dt.datetime(2021, 6, 3, tzinfo=dt.UTC)
EVERYTHING, ASLEEP, REMINDED = (Chat(Platform.TELEGRAM, str(-1000 - number)) for number in range(3))
WISHES: Mapping[Chat, tuple[ChatSettings, tuple[str, ...]]] = {
    EVERYTHING: (ChatSettings(), ("recaps", "sprints", "calendar", "day-before", "hour-before")),
    ASLEEP: (ChatSettings("Asia/Tokyo", quiet_from=22 * 60, quiet_until=8 * 60), ("recaps", "hour-before")),
    REMINDED: (ChatSettings("America/New_York"), ("hour-before",)),
}


def at(day: str, hour: str) -> dt.datetime:
    """A moment of 2021 in UTC."""
    return dt.datetime.fromisoformat(f"2021-{day}T{hour}:00+00:00")


def starting(time: str) -> dict[str, object]:
    """Interlagos as it starts by then."""
    return {**INTERLAGOS, "time": f"{time}:00Z"}


def what_happens(season: InventedSeason) -> Iterator[tuple[dt.datetime, Callable[[], None]]]:
    """What the archive comes to say, and when."""
    verstappen, perez, hamilton, bottas, norris, russell = (
        *("max_verstappen", "perez", "hamilton"),
        *("bottas", "norris", "russell"),
    )
    sprint = (hamilton, verstappen, norris, perez, bottas, russell)
    yield at("04-17", "16:00"), lambda: season.result(IMOLA, *sprint, key="SprintResults")
    imola = (verstappen, hamilton, norris, perez, bottas, russell)
    yield at("04-18", "16:00"), lambda: season.result(IMOLA, *imola)
    yield at("04-18", "18:00"), season.tables
    monza = (hamilton, verstappen, norris, bottas, perez, russell)
    yield at("05-02", "16:00"), lambda: season.ended(MONZA, *monza)
    without_him = (verstappen, norris, bottas, perez, russell, f"-{hamilton}")
    yield at("05-03", "10:00"), lambda: season.result(MONZA, *without_him)
    yield at("05-03", "16:00"), season.tables
    losail = (bottas, hamilton, verstappen, perez, norris, russell)
    yield at("05-16", "17:00"), lambda: season.ended(LOSAIL, *losail)
    appealed = (verstappen, bottas, norris, perez, russell, f"-{hamilton}")
    yield at("05-18", "09:00"), lambda: season.ended(MONZA, *appealed)
    yield at("05-28", "09:00"), lambda: season.calendar(*CALENDAR[:-1])
    yield at("05-29", "08:00"), lambda: season.calendar(*CALENDAR)
    yield at("05-30", "07:00"), lambda: season.calendar(*CALENDAR[:-1], starting("16:00"))
    yield at("05-30", "11:00"), lambda: season.calendar(*CALENDAR[:-1], starting("17:00"))
    interlagos = (norris, hamilton, verstappen, bottas, perez, russell)
    yield at("05-30", "20:00"), lambda: season.ended(starting("17:00"), *interlagos)


IMOLA_TOLD = ("Emilia Romagna Grand Prix: to go", "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris")
MONZA_TOLD = (
    *("Italian Grand Prix: to go", "Italian Grand Prix: Hamilton wins from Verstappen and Norris"),
    *("Corrected: Italian Grand Prix 2021", "Corrected: Italian Grand Prix 2021"),
)
"""The disqualification, and what the appeal made of the places behind; tables are mended without a word."""

LOSAIL_TOLD = ("Qatar Grand Prix: to go", "Qatar Grand Prix: Bottas wins from Hamilton and Verstappen")
INTERLAGOS_TOLD = ("São Paulo Grand Prix: to go", "São Paulo Grand Prix: Norris wins from Hamilton and Verstappen")
ON_THE_CALENDAR = (
    *("São Paulo Grand Prix 2021: off the calendar", "São Paulo Grand Prix 2021: back on the calendar"),
    *("São Paulo Grand Prix 2021: moved", "São Paulo Grand Prix 2021: moved"),
)
RACES_TOLD = (*IMOLA_TOLD, *MONZA_TOLD, *LOSAIL_TOLD, *INTERLAGOS_TOLD)
REMINDERS = tuple(title for title in RACES_TOLD if title.endswith("to go"))
TOLD = {
    EVERYTHING: (
        *(*RACES_TOLD, *REMINDERS, *ON_THE_CALENDAR),
        "Emilia Romagna Grand Prix, sprint: Hamilton wins from Verstappen and Norris",
    ),
    ASLEEP: RACES_TOLD,
    REMINDED: REMINDERS,
}
"""The titles of all that each chat is told, in whatever order; each race is reminded of twice where that is wanted."""


class Bot:
    """All that follows a season and tells of it, which may die and start again; chats keep what they were sent."""

    def __init__(self, room: PressRoom, feed: Jolpica) -> None:
        self.room = room
        self._feed = feed
        self._circuits = CircuitFinder(read_circuits())
        self.platform = PlatformDouble(Platform.TELEGRAM)
        self._delivering: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin with nothing but what is stored, whatever was there before."""
        await self.stop()
        room, circuits = self.room, self._circuits
        room.restart()
        championships, polls = Championships(room.database), Polls(room.database, [])
        intake = SeasonIntake(self._feed, circuits, room.seasons, championships, room.events, room.clock)
        self._watch = SeasonWatch(intake, room.seasons, championships, room.clock, jitter=lambda: 0.0)
        stories = RaceStories(room.seasons, championships, polls, room.incidents)
        live = LiveBulletins(room.incidents, polls, room.live, room.clock)
        bulletins = Bulletins(
            *(room.announcements, room.seasons, stories, Painter(), circuits, room.incidents, polls, live, room.clock)
        )
        rendered = RenderedBulletins(bulletins.write, room.clock)
        tools = Tools(
            *(room.outbox, room.subscriptions, UnseenChats(room.database), rendered),
            *(ChatMoves(room.database, room.chats).move, lambda problem: Reply(Card(problem)), room.clock),
        )
        self._worker = DeliveryWorker(self.platform, tools, Spacing(FakeClock()))
        self._delivering = asyncio.create_task(self._worker.run())

    async def stop(self) -> None:
        """Die, as far as it is at work."""
        if self._delivering is not None:
            self._delivering.cancel()
            with suppress(asyncio.CancelledError):
                await self._delivering

    async def look(self) -> None:
        """Ask the archive for all that is due, make news of it, and deliver that."""
        await self._watch.refresh()
        await self.room.round()
        self._worker.wake()
        while self.platform.under_way or await self.room.database.read(self._due):
            await self.room.clock.wake()

    def _due(self, connection: Connection) -> bool:
        mine = (delivery.c.state == State.PENDING) & (delivery.c.due_at <= int(self.room.now.timestamp()))
        return connection.execute(select(delivery.c.chat_id).where(mine)).first() is not None

    def told(self, chat: Chat) -> list[str]:
        """The titles of all that a chat was sent, in turn."""
        return [sent.said for sent in self.platform.sent if sent.chat == chat.id]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


def steps() -> Iterator[dt.datetime]:
    """Every hour by day from Saturday to Monday, and four times a day otherwise."""
    now = BEGIN
    while now < END:
        yield now
        now += HOUR if now.weekday() in {5, 6, 0} and now.hour >= 6 else 6 * HOUR


def in_short(title: str) -> str:
    """A message's title, whatever hour it was sent: reminders say how long there is to go."""
    return re.sub(r": .* to go$", ": to go", title)


def without_places(standings: str) -> str:
    """A championship as a recap tells it, without the places that were won."""
    return re.sub(", [↑↓]\\d+", "", standings)


def recaps_in(bot: Bot, chat: Chat) -> dict[str, Card]:
    """How races' recaps look by now, by the race's name."""
    cards = [reply.card for post, reply in bot.platform.messages.items() if post.chat == chat]
    return {
        card.title.partition(":")[0]: card for card in cards if " wins " in card.title and "sprint" not in card.title
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("restarts_at", [0, 1])
async def test_each_chat_is_told_each_thing_once_and_right(database: Database, restarts_at: int) -> None:
    async with AsyncExitStack() as stack:
        archive = await stack.enter_async_context(JolpicaServer())
        room = await stack.enter_async_context(at_work(database))
        feeds_clock = FakeClock(BEGIN)  # what waits for its turn to ask lets a moment pass at once
        feed = await stack.enter_async_context(Jolpica(archive.url, feeds_clock))
        season, bot = InventedSeason(archive), Bot(room, feed)
        stack.push_async_callback(bot.stop)
        for chat, (settings, topics) in WISHES.items():
            await room.subscribe(chat, *topics, settings=settings)
        to_come = [*what_happens(season)]
        for number, now in enumerate(steps()):
            room.now = now
            feeds_clock.set(now)
            while to_come and to_come[0][0] <= now:
                to_come.pop(0)[1]()
            if number % 2 == restarts_at or number == 0:
                await bot.start()
            await bot.look()
        for chat, expected in TOLD.items():
            assert Counter(map(in_short, bot.told(chat))) == Counter(expected)
        for chat in (EVERYTHING, ASLEEP):
            recaps = recaps_in(bot, chat)
            for number, weekend in enumerate(CALENDAR, 1):
                facts = {field.name: as_written(field.value) for field in recaps[weekend["raceName"]].fields}
                assert without_places(facts["Championship"]) == season.leaders(number)
                assert without_places(facts["Constructors"]) == season.leaders(number, Championship.TEAMS)
        assert recaps_in(bot, EVERYTHING)["Italian Grand Prix"].title.endswith("Verstappen wins from Bottas and Norris")
