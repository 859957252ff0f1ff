"""A season that is followed, on a database and an archive of its own."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest

from bot.events import Events
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.results import ResultsNews
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.watch import SeasonWatch
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from storage.announcements import Announcements
from storage.championships import Championships
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.jobs.season.imola import (
    CALENDAR,
    FLAG,
    IMOLA,
    MONZA,
)
from tests.support.clock import FakeClock, HeldClock
from tests.support.jolpica_server import JolpicaServer, races


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
def announcements(database: Database) -> Announcements:
    return Announcements(database)


@pytest.fixture
async def archive() -> AsyncIterator[JolpicaServer]:
    async with JolpicaServer() as server:
        server.publish(CALENDAR, races(IMOLA, MONZA))
        yield server


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(FLAG)


@pytest.fixture
def years_later(clock: HeldClock) -> None:
    """What happened in 2021 is no longer followed."""
    clock.set(dt.datetime(2026, 11, 24, tzinfo=dt.UTC))


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two granted wishes it is remembered when they were."""
    monkeypatch.setattr("bot.jobs.season.wishes.MOST_GRANTED", 2)


@pytest.fixture
def told(database: Database, announcements: Announcements) -> ToldSeasons:
    return ToldSeasons(database, announcements)


@pytest.fixture
def results_news(
    database: Database, seasons: Seasons, told: ToldSeasons, announcements: Announcements, clock: HeldClock
) -> ResultsNews:
    return ResultsNews(seasons, Championships(database), told, announcements, Incidents(()), clock)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
async def intake(
    archive: JolpicaServer, database: Database, seasons: Seasons, clock: HeldClock, events: Events
) -> AsyncIterator[SeasonIntake]:
    async with Jolpica(archive.url, FakeClock()) as feed:
        yield SeasonIntake(feed, CircuitFinder(read_circuits()), seasons, Championships(database), events, clock)


@pytest.fixture
def watch(intake: SeasonIntake, database: Database, seasons: Seasons, clock: HeldClock) -> SeasonWatch:
    return SeasonWatch(intake, seasons, Championships(database), clock, jitter=lambda: 0.0)


@pytest.fixture
async def following(watch: SeasonWatch) -> AsyncIterator[None]:
    """The season is followed."""
    working = asyncio.create_task(watch.follow())
    yield
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
