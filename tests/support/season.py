"""A season in small: some races of 2021 with a result, a sprint and a championship, and fans who ask about them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from bot.app.repositories import open_repositories
from bot.app.settings import Settings
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, User
from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind
from bot.events import Events
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.news.incidents import IncidentNews
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.race_control.recorder import Recorder
from bot.pacing.clock import SystemClock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from handlers import Parts, commands
from storage.ballot_box import BallotBox
from storage.incidents.reading import read_circuits
from storage.race_stories import RaceStories
from storage.repositories import Repositories
from tests.support.cases import DRAFTS
from tests.support.clock import FakeClock
from tests.support.conversation import PIT_WALL, Talk, patience

FAN = User(Platform.TELEGRAM, "7")
FETCHED = dt.datetime(2021, 4, 19, 6, 30, tzinfo=dt.UTC)
DURATION = dt.timedelta(hours=2)


def weekend(start: str, *, sprint: bool = False) -> tuple[Session, ...]:
    """The sessions of a race that starts then: qualifying a day before it, and perhaps a sprint."""
    race = dt.datetime.fromisoformat(start)
    saturday = race - dt.timedelta(days=1)
    before = [SessionKind.SPRINT, SessionKind.QUALIFYING] if sprint else [SessionKind.QUALIFYING]
    starts = [saturday - DURATION, saturday] if sprint else [saturday]
    sessions = [Session(kind, at.date(), at) for kind, at in zip(before, starts, strict=True)]
    return (*sessions, Session(SessionKind.RACE, race.date(), race))


BAHRAIN = Race(
    2021, 1, "Bahrain Grand Prix", "bahrain", "Bahrain International Circuit", "Sakhir", "Bahrain",
    weekend("2021-03-28T15:00+00:00"),
)  # fmt: skip
IMOLA = Race(
    2021, 2, "Emilia Romagna Grand Prix", "imola", "Autodromo Enzo e Dino Ferrari", "Imola", "Italy",
    weekend("2021-04-18T13:00+00:00"),
)  # fmt: skip
SILVERSTONE = Race(
    2021, 3, "British Grand Prix", "silverstone", "Silverstone Circuit", "Silverstone", "UK",
    weekend("2021-07-18T14:00+00:00", sprint=True),
)  # fmt: skip
MONZA = Race(
    2021, 4, "Italian Grand Prix", "monza", "Autodromo Nazionale di Monza", "Monza", "Italy",
    weekend("2021-09-12T13:00+00:00"),
)  # fmt: skip
BRAZIL = Race(
    2021, 5, "São Paulo Grand Prix", "interlagos", "Autódromo José Carlos Pace", "São Paulo", "Brazil",
    weekend("2021-11-14T17:00+00:00"),
)  # fmt: skip
CALENDAR = (BAHRAIN, IMOLA, SILVERSTONE, MONZA, BRAZIL)

VERSTAPPEN = Entrant("max_verstappen", "Max", "Verstappen", "red_bull", "Red Bull", "VER", 33)
HAMILTON = Entrant("hamilton", "Lewis", "Hamilton", "mercedes", "Mercedes", "HAM", 44)
NORRIS = Entrant("norris", "Lando", "Norris", "mclaren", "McLaren", "NOR", 4)
PEREZ = Entrant("perez", "Sergio", "Pérez", "red_bull", "Red Bull", "PER", 11)
VETTEL = Entrant("vettel", "Sebastian", "Vettel", "aston_martin", "Aston Martin", "VET", 5)
BOTTAS = Entrant("bottas", "Valtteri", "Bottas", "mercedes", "Mercedes", "BOT", 77)
RUSSELL = Entrant("russell", "George", "Russell", "williams", "Williams", "RUS", 63)

RESULT = Classification(
    IMOLA,
    SessionKind.RACE,
    (
        Finish(1, "1", VERSTAPPEN, 25, "Finished", 3, 63, "2:02:34.598", FastestLap(2, 60, "1:17.524")),
        Finish(2, "2", HAMILTON, 19, "Finished", 1, 63, "+22.000", FastestLap(1, 60, "1:16.702")),
        Finish(3, "3", NORRIS, 15, "Finished", 7, 63, "+23.702"),
        Finish(4, "4", PEREZ, 0, "Finished", 2, 63, "+1:07.151"),
        Finish(5, "5", VETTEL, 0, "Lapped", 0, 61, "+12.345"),
        Finish(6, "R", BOTTAS, 0, "Collision", 8, 30),
        Finish(7, "R", RUSSELL, 0, "Collision", 12, 30),
    ),
)
SPRINT = Classification(
    SILVERSTONE,
    SessionKind.SPRINT,
    (
        Finish(1, "1", VERSTAPPEN, 3, "Finished", 2, 17, "25:38.426"),
        Finish(2, "2", HAMILTON, 2, "Finished", 1, 17, "+1.430"),
    ),
)


def qualified(position: int, entrant: Entrant, *segments: str) -> Finish:
    """A line of qualifying."""
    return Finish(position, f"{position}", entrant, 0, "", segments=segments)


QUALIFYING = Classification(
    IMOLA,
    SessionKind.QUALIFYING,
    (
        qualified(1, HAMILTON, "1:14.823", "1:14.817", "1:14.411"),
        qualified(2, PEREZ, "1:15.395", "1:14.716", "1:14.446"),
        qualified(3, VERSTAPPEN, "1:15.109", "1:14.884", ""),
        qualified(10, NORRIS, "1:15.009", "1:14.718"),
        qualified(11, RUSSELL, "1:15.826", "1:15.261"),
        qualified(15, VETTEL, "1:15.459"),
        qualified(20, BOTTAS, ""),
    ),
)
"""Some of twenty: in Q3 Verstappen and Norris set no time, in Q2 Vettel did not."""

DRIVERS = Standings(
    2021,
    2,
    Championship.DRIVERS,
    (
        Standing(1, "hamilton", "Lewis Hamilton", 44, 1, "Mercedes", "HAM"),
        Standing(2, "max_verstappen", "Max Verstappen", 43.5, 1, "Red Bull", "VER"),
        Standing(3, "norris", "Lando Norris", 27, 0, "McLaren", "NOR"),
        Standing(None, "bottas", "Valtteri Bottas", 16, 0, "Mercedes", "BOT"),
    ),
)
DRIVERS_BEFORE = Standings(
    2021,
    1,
    Championship.DRIVERS,
    (
        Standing(1, "hamilton", "Lewis Hamilton", 25, 1, "Mercedes", "HAM"),
        Standing(2, "norris", "Lando Norris", 12, 0, "McLaren", "NOR"),
        Standing(3, "max_verstappen", "Max Verstappen", 18.5, 0, "Red Bull", "VER"),
        Standing(None, "bottas", "Valtteri Bottas", 16, 0, "Mercedes", "BOT"),
    ),
)
TEAMS = Standings(
    2021,
    2,
    Championship.TEAMS,
    (Standing(1, "mercedes", "Mercedes", 60, 1), Standing(2, "red_bull", "Red Bull", 53, 1)),
)


class Fans:
    """People who ask about seasons; what is not stored they cannot know, and it is noted as wanted."""

    def __init__(self, stored: Repositories, incidents: Incidents, ballot_box: BallotBox) -> None:
        self.seasons, self.incidents = stored.seasons, incidents
        self.settings, self.subscriptions = stored.chat_settings, stored.subscriptions
        self.clock = FakeClock(dt.datetime(2021, 4, 20, 12, tzinfo=dt.UTC))
        self.wanted: list[tuple[int, int | None]] = []
        self.archive_answers = True
        circuits, painter = read_circuits(), Painter()
        stories = RaceStories(stored.seasons, stored.championships, stored.polls, incidents)
        self.announcements, self.polls = stored.announcements, stored.polls
        self.recorder = Recorder(stored.noted, incidents, stored.polls, DRAFTS, Events())
        self.bulletins = Bulletins(
            stored.announcements,
            stored.seasons,
            stories,
            painter,
            CircuitFinder(circuits),
            incidents,
            stored.polls,
            LiveBulletins(
                incidents, stored.polls, IncidentNews(incidents, stored.announcements, self.clock), self.clock
            ),
            self.clock,
        )
        parts = Parts(incidents, circuits, stored, ballot_box, stories, painter, Events(), self.clock, self._want)
        self.dispatcher = Dispatcher(commands(parts), patience(), language=stored.chat_settings.language)
        self.talk = Talk(self.dispatcher)
        """Whoever types and presses, as anybody, anywhere."""

    @property
    def now(self) -> dt.datetime:
        """The time of day, to be set."""
        return self.clock.now()

    @now.setter
    def now(self, moment: dt.datetime) -> None:
        self.clock.set(moment)

    async def know(self, *known: Classification | Standings, calendar: Iterable[Race] = ()) -> None:
        """Store what the archive has told."""
        if races := [*calendar]:
            await self.seasons.store_schedule(races[0].season, races, FETCHED)
        for each in known:
            if isinstance(each, Classification):
                await self.seasons.store_classification(each, FETCHED)
            else:
                await self.seasons.store_standings(each, FETCHED)

    async def ask(self, line: str, chat: Chat = PIT_WALL) -> Reply:
        """Type a line."""
        return await self.talk.ask(f"/{line.removeprefix('/')}", FAN, chat)

    async def vote(self, incident: str, choice: str, user: User = FAN, chat: Chat = PIT_WALL) -> None:
        """Say who was to blame."""
        await self.talk.send(f"vote {incident} {choice}", user, chat)

    async def press(self, reply: Reply, label: str) -> Reply:
        """Press a button."""
        return await self.talk.press(reply, label, FAN)

    def _want(self, season: int, round_number: int | None) -> bool:
        self.wanted.append((season, round_number))
        return self.archive_answers


@asynccontextmanager
async def curious_fans(settings: Settings, incidents: Incidents) -> AsyncIterator[Fans]:
    """Fans with a database of their own, in which nothing is known yet."""
    async with AsyncExitStack() as stack:
        stored = await open_repositories(settings, incidents, stack, SystemClock())
        ballot_box = BallotBox(stored.database, stored.chats, stored.handled)
        counting = asyncio.create_task(ballot_box.run())
        try:
            yield Fans(stored, incidents, ballot_box)
        finally:
            await ballot_box.close()
            await counting


def another_year(race: Race, season: int) -> Race:
    """The same race in another season, on the same day of the year."""
    moved = tuple(
        replace(
            session,
            day=session.day.replace(year=season),
            starts_at=session.starts_at and session.starts_at.replace(year=season),
        )
        for session in race.sessions
    )
    return replace(race, season=season, sessions=moved)
