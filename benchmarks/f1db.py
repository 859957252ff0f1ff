"""A whole release of f1db's, every season since 1950: how long it takes to be read and stored, and who waits meanwhile.

The release is invented, and as large as the real one: as many races, results, qualifyings, tables and pit stops.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.figure import Figure
from bot.app.lifecycle import spare_the_collector
from bot.app.settings import Settings
from bot.events import Events
from bot.feeds.f1db.client import F1db
from bot.jobs.season.second_witness import SecondWitness
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from storage.database.open import open_database
from storage.f1db import F1dbSeasons
from storage.incidents.reading import read_circuits, read_f1db_ids
from storage.seasons import Seasons
from tests.support.conversation import conversation
from tests.support.f1db_release import invented_release
from tests.support.f1db_server import F1dbServer
from tests.support.season import FAN

SEASONS, RACES, CARS = range(1950, 2027), 15, 24
A_TICK = 0.001
ASKED = 50
IDLE = 5.0
NOTHING_TO_FETCH = "http://127.0.0.1:1/f1db.zip"


class Lag(NamedTuple):
    """How late the event loop came back, and for how much of that this process worked: the rest is the machine's."""

    late: float
    own: float


def figures() -> list[Figure]:
    """Seconds, megabytes, the longest that anybody waited, and how fast an old race is told afterwards."""
    with TemporaryDirectory() as folder:
        idle, taken, lags, recaps = asyncio.run(_measured(Settings(data_dir=Path(folder), jolpica_url=None)))
        size = sum(file.stat().st_size for file in Path(folder).glob("racing-incident.db*"))
    return [
        Figure.at_most("f1db: all seasons since 1950 read and stored", taken, "s", 20),
        Figure.at_most("f1db: the database with all of them", size / 1e6, "MB", 60),
        Figure.at_most("f1db: the event loop's longest lag meanwhile", max(lags).late * 1e3, "ms", 10),
        Figure.compared("f1db: of a lag at most this process's own work", max(lag.own for lag in lags) * 1e3, "ms"),
        Figure.compared("the event loop's longest lag with nothing to do", idle.late * 1e3, "ms"),
        Figure.at_most("/recap monza 1961, of f1db's", [each * 1e3 for each in recaps], "ms", 5),
    ]


async def _measured(settings: Settings) -> tuple[Lag, float, list[Lag], list[float]]:
    packed = invented_release(SEASONS, races=RACES, cars=CARS).packed(indent=2)
    async with _watched() as lags:
        await asyncio.sleep(IDLE)
    taken, meanwhile = await _read(settings, packed)
    return max(lags), taken, meanwhile, await _recaps(settings)


async def _read(settings: Settings, packed: bytes) -> tuple[float, list[Lag]]:
    """Seconds until a release is stored, and how late the event loop was meanwhile."""
    database = open_database(settings.database)
    await database.upgrade()
    seasons = Seasons(database)
    async with F1dbServer(packed) as server, F1db(server.latest, read_f1db_ids()) as feed:
        f1db, finder = F1dbSeasons(database, seasons), CircuitFinder(read_circuits())
        witness = SecondWitness(feed, finder, seasons, f1db, Events(), SystemClock(), alone=True)
        spare_the_collector()  # as a bot does once everything is open
        async with _watched() as lags:
            started = time.perf_counter()
            await witness.refresh()
            taken = time.perf_counter() - started
    await database.close()
    return taken, lags


@asynccontextmanager
async def _watched() -> AsyncIterator[list[Lag]]:
    """How late the event loop comes back to somebody who sleeps for a moment, again and again."""
    lags: list[Lag] = []

    async def watch() -> None:
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(A_TICK)
            lags.append(Lag(time.perf_counter() - began - A_TICK, time.process_time() - worked))

    watching = asyncio.create_task(watch())
    yield lags
    watching.cancel()


async def _recaps(settings: Settings) -> list[float]:
    """Seconds that the recap of an old race takes, without any network."""
    taken: list[float] = []
    async with (
        F1db(NOTHING_TO_FETCH, read_f1db_ids()) as unreached,
        conversation(settings, Incidents.load(), second=unreached) as bot,
    ):
        for _ in range(ASKED):
            started = time.perf_counter()
            reply = await bot.ask("/recap monza 1961", FAN)
            taken.append(time.perf_counter() - started)
            if "Italian Grand Prix" not in reply.card.title:
                raise RuntimeError(f"no recap: {reply.card.title}")
    return taken
