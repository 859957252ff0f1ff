"""f1db is read when there is another release, whole, and again where the process died in between."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.domain.season import Championship
from bot.domain.season import Witness as ByWitness
from bot.domain.sessions import SessionKind
from bot.events import CalendarChanged, Events, ResultStored
from bot.feeds import FeedError
from bot.feeds.f1db.client import F1db
from bot.jobs.season.second_witness import SecondWitness
from bot.search.circuit_finder import CircuitFinder
from storage.database.base import Database
from storage.f1db import READING, F1dbSeasons
from storage.incidents.reading import read_circuits, read_f1db_ids
from storage.seasons import Seasons
from storage.tables import f1db_release
from tests.support.clock import HeldClock
from tests.support.f1db_release import F1dbRelease, invented_release
from tests.support.f1db_server import F1dbServer, Trouble
from tests.support.power_cut import PowerCut, PowerCutError

BEFORE = dt.date(2025, 2, 1)
FLAG = dt.datetime(2025, 3, 1, 15, tzinfo=dt.UTC)
"""The end of the first race of 2025."""

SPRINT_FLAG = dt.datetime(2025, 7, 13, 11, tzinfo=dt.UTC)
SECOND_FLAG = dt.datetime(2025, 7, 14, 15, tzinfo=dt.UTC)
"""The ends of the sprint and of the race of the second weekend of 2025."""

Witness = Callable[[bool], SecondWitness]


def up_to(day: dt.date) -> F1dbRelease:
    """A release of that day: three seasons of two races."""
    return invented_release([2023, 2024, 2025], until=day)


async def read_by_an_earlier_version(database: Database) -> None:
    """Let the release that is known have been read in another way than today's."""
    earlier = f1db_release.update().values(reading=READING - 1)
    await database.write(lambda connection: connection.execute(earlier).close())


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(FLAG - dt.timedelta(days=2))


@pytest.fixture
async def server() -> AsyncIterator[F1dbServer]:
    async with F1dbServer(up_to(BEFORE).packed()) as running:
        yield running


@pytest.fixture
async def feed(server: F1dbServer) -> AsyncIterator[F1db]:
    async with F1db(server.latest, read_f1db_ids(), timeout=5) as feed:
        yield feed


@pytest.fixture
def f1db(database: Database, seasons: Seasons) -> F1dbSeasons:
    return F1dbSeasons(database, seasons)


@pytest.fixture
def witness(feed: F1db, seasons: Seasons, f1db: F1dbSeasons, events: Events, clock: HeldClock) -> Witness:
    """Who reads f1db, alone or beside an archive."""

    def make(alone: bool) -> SecondWitness:
        finder = CircuitFinder(read_circuits())
        return SecondWitness(feed, finder, seasons, f1db, events, clock, alone=alone, jitter=lambda: 0.0)

    return make


@pytest.fixture
async def following(witness: Witness) -> AsyncIterator[None]:
    """f1db is followed, alone."""
    working = asyncio.create_task(witness(True).follow())
    yield
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_alone_it_is_what_the_season_is_followed_by(witness: Witness, seasons: Seasons, clock: HeldClock) -> None:
    await witness(True).refresh()
    coming = await seasons.next_race(clock.now())
    assert coming is not None
    assert (coming.key, coming.race.starts_at) == (
        "2025-bahrain-grand-prix",
        dt.datetime(2025, 3, 1, 13, tzinfo=dt.UTC),
    )
    assert [len(await seasons.results(year)) for year in (2023, 2024, 2025)] == [3, 3, 0]
    assert await seasons.standings(2024, Championship.TEAMS) is not None


async def test_beside_an_archive_the_calendar_is_the_archives_but_of_seasons_long_gone(
    witness: Witness, seasons: Seasons
) -> None:
    await witness(False).refresh()
    assert [len(await seasons.schedule(year)) for year in (2023, 2024, 2025)] == [2, 0, 0]
    assert len(await seasons.results(2023)) == 3


async def test_the_same_release_is_not_read_again(
    witness: Witness, server: F1dbServer, f1db: F1dbSeasons, clock: HeldClock
) -> None:
    await witness(True).refresh()
    clock.pass_by(dt.timedelta(hours=5))
    await witness(True).refresh()
    known = await f1db.release()
    assert [asked.status for asked in server.asked] == [200, 304]
    assert known is not None
    assert known.checked_at - known.fetched_at == dt.timedelta(hours=5)


@pytest.mark.parametrize("alone", [True, False])
async def test_what_an_earlier_version_read_of_a_calendar_is_read_anew_though_the_release_is_the_same(
    alone: bool, witness: Witness, seasons: Seasons, database: Database, clock: HeldClock
) -> None:
    await witness(alone).refresh()
    whole = await seasons.schedule(2023)
    races_alone = [replace(race, sessions=race.sessions[-1:]) for race in whole]
    await seasons.store_schedule(2023, races_alone, clock.now(), ByWitness.F1DB)
    await read_by_an_earlier_version(database)
    await witness(alone).refresh()
    assert await seasons.schedule(2023) == whole
    assert await seasons.classification(whole[1].key, SessionKind.SPRINT) is not None


async def test_the_archives_calendar_of_a_season_long_gone_stays(
    witness: Witness, seasons: Seasons, database: Database, clock: HeldClock
) -> None:
    await witness(False).refresh()
    theirs = tuple(replace(race, locality="elsewhere") for race in await seasons.schedule(2023))
    await seasons.store_schedule(2023, theirs, clock.now())
    await read_by_an_earlier_version(database)
    await witness(True).refresh()
    assert await seasons.schedule(2023) == theirs


async def test_a_new_release_brings_the_new_race(
    witness: Witness, server: F1dbServer, seasons: Seasons, events: Events, clock: HeldClock
) -> None:
    await witness(True).refresh()
    stored = events.subscribe(ResultStored, CalendarChanged)
    clock.set(FLAG + dt.timedelta(hours=5))
    server.body = up_to(FLAG.date()).packed()
    await witness(True).refresh()
    published = aiter(stored)
    assert await anext(published) == ResultStored("2025-bahrain-grand-prix", SessionKind.RACE)
    result = await seasons.classification("2025-bahrain-grand-prix")
    assert result is not None
    assert result.finishes[4].penalty == 5.0


async def test_half_a_release_changes_nothing(
    witness: Witness, server: F1dbServer, seasons: Seasons, f1db: F1dbSeasons
) -> None:
    release = up_to(BEFORE)
    release.rows("races", 2023)[0]["circuitId"] = "nowhere"
    server.body = release.packed()
    with pytest.raises(FeedError):
        await witness(True).refresh()
    assert [len(await seasons.schedule(year)) for year in (2023, 2024, 2025)] == [0, 0, 0]
    assert await f1db.release() is None


@pytest.mark.parametrize("commit", range(1, 8))
async def test_after_a_power_cut_the_next_reading_repairs_it(
    commit: int, feed: F1db, database: Database, events: Events, clock: HeldClock, witness: Witness, seasons: Seasons
) -> None:
    doomed = PowerCut(commit).threaten(database)
    dying = Seasons(doomed)
    finder = CircuitFinder(read_circuits())
    mortal = SecondWitness(feed, finder, dying, F1dbSeasons(doomed, dying), events, clock, alone=True)
    with pytest.raises(PowerCutError):
        await mortal.refresh()
    await witness(True).refresh()
    assert [len(await seasons.results(year)) for year in (2023, 2024, 2025)] == [3, 3, 0]


@pytest.mark.usefixtures("following")
async def test_on_a_races_evening_it_is_looked_for_every_half_hour(
    server: F1dbServer, clock: HeldClock, f1db: F1dbSeasons
) -> None:
    await clock.asleep()
    asked = [len(server.asked)]
    for after in (-60, 1, 20, 40, 60, 80):
        clock.set(FLAG + dt.timedelta(minutes=after))
        if after == 40:
            server.body = up_to(FLAG.date()).packed()
        await clock.wake()
        await clock.asleep()
        asked.append(len(server.asked))
    assert asked == [1, 2, 3, 3, 4, 4, 4]
    assert await f1db.tells("2025-bahrain-grand-prix", SessionKind.RACE)


@pytest.mark.usefixtures("following")
async def test_a_race_is_waited_for_though_its_sprint_was_told_the_day_before_and_the_next_morning_too(
    server: F1dbServer, clock: HeldClock, f1db: F1dbSeasons
) -> None:
    sprint_alone = up_to(dt.date.max)
    for name in ("race-results", "qualifying-results", "driver-standings", "constructor-standings"):
        rows = sprint_alone.files[f"f1db-races-{name}.json"]
        rows[:] = [row for row in rows if (row["year"], row["round"]) != (2025, 2)]
    await clock.asleep()
    server.body = sprint_alone.packed()
    asked = []
    for moment in (SPRINT_FLAG, SECOND_FLAG, SECOND_FLAG + dt.timedelta(hours=20)):
        clock.set(moment + dt.timedelta(hours=2))
        await clock.wake()
        await clock.asleep()
        clock.set(moment + dt.timedelta(hours=2, minutes=31))
        before = len(server.asked)
        await clock.wake()
        await clock.asleep()
        asked.append(len(server.asked) - before)
    assert await f1db.tells("2025-australian-grand-prix", SessionKind.SPRINT)
    assert not await f1db.tells("2025-australian-grand-prix", SessionKind.RACE)
    assert asked == [0, 1, 1]


@pytest.mark.usefixtures("following")
async def test_an_outage_is_waited_out(server: F1dbServer, clock: HeldClock, f1db: F1dbSeasons) -> None:
    await clock.asleep()
    server.trouble, server.body = Trouble(503), up_to(FLAG.date()).packed()
    clock.pass_by(dt.timedelta(days=1))
    await clock.wake()
    await clock.asleep()
    assert clock.slept[-1] > clock.slept[0]
    server.trouble = None
    await clock.wake()
    await clock.asleep()
    known = await f1db.release()
    assert known is not None
    assert known.size == len(server.body)
