"""Two bots on one PostgreSQL database, each with an archive of its own, so that it is seen who asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from structlog.testing import capture_logs

from bot.app.compose import open_core
from bot.app.leased_role import RENEWED
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.requests import Request
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.search.catalogue import Incidents
from storage.leases import Leases
from tests.support.clock import HeldClock
from tests.support.jolpica_samples import imola_lines, race
from tests.support.jolpica_server import JolpicaServer, races, results

pytestmark = pytest.mark.postgresql

FAN = User(Platform.TELEGRAM, "7")
THIS_SEASON, IMOLA = race(time="13:00:00Z"), race(season=2020, day="2020-11-01")


@dataclass(frozen=True, slots=True)
class Process:
    """A bot, its time, and the archive that it asks."""

    core: Core
    clock: HeldClock
    archive: JolpicaServer

    def seasons(self) -> set[str]:
        """What it has asked the archive for."""
        return {asked.path.partition("/")[0] for asked in self.archive.asked}

    async def results(self, words: str) -> str:
        """What it answers when somebody wants to know a result."""
        alone = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
        reply = await self.core.dispatcher.dispatch(Request("results", words, FAN, alone))
        assert reply
        return reply.card.title


@asynccontextmanager
async def started(settings: Settings, incidents: Incidents, url: str) -> AsyncIterator[Process]:
    """A bot of its own on the database at an address, which others share."""
    async with JolpicaServer() as archive:
        archive.publish("2021/races/", races(THIS_SEASON))
        archive.publish("2020/races/", races(IMOLA))
        archive.publish("2020/2/results/", results(IMOLA, imola_lines()))
        clock = HeldClock()
        own = replace(settings, database_url=url, jolpica_url=archive.url)
        limits = Throttle(person=NO_LIMIT, commands=NO_LIMIT)
        async with open_feed(own, clock) as feed, open_core(own, incidents, feed, limits=limits, clock=clock) as core:
            yield Process(core, clock, archive)


@pytest.fixture
async def follower(settings: Settings, incidents: Incidents, postgresql_url: str) -> AsyncIterator[Process]:
    async with started(settings, incidents, postgresql_url) as follower:
        while "2021" not in follower.seasons():
            await follower.clock.wake()
        yield follower


@pytest.fixture
async def other(
    follower: Process,  # noqa: ARG001 - who was first
    settings: Settings, incidents: Incidents, postgresql_url: str,
) -> AsyncIterator[Process]:  # fmt: skip
    async with started(settings, incidents, postgresql_url) as other:
        yield other


async def test_one_of_them_follows_the_season(other: Process) -> None:
    with capture_logs() as logs:
        while other.clock.seconds < 30:
            await other.clock.wake_in_time(RENEWED)
        for _ in range(20):  # meanwhile it would ask for this season, if it followed it
            await other.results("imola 2020")
    assert "role.held" not in {line["event"] for line in logs}
    assert other.seasons() == {"2020"}


async def test_whoever_was_asked_looks_up_what_is_wished_for(follower: Process, other: Process) -> None:
    while "2020" not in await other.results("imola 2020"):
        await other.clock.wake_in_time(RENEWED)
    assert "2020" in other.seasons()
    assert "2020" not in follower.seasons()


async def test_where_it_dies_the_other_follows_within_a_minute(other: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts, hold = 0, Leases.hold

    async def counted(leases: Leases, name: str, holder: str, seconds: float) -> bool:
        nonlocal attempts
        attempts += 1
        return await hold(leases, name, holder, seconds)

    monkeypatch.setattr(Leases, "hold", counted)
    with capture_logs() as logs:
        while not logs:
            await other.clock.wake_in_time(RENEWED)  # and no time passes any more for the one who followed
    assert logs[0] == {"event": "role.held", "role": "season", "log_level": "info"}
    # Others sleep by the same clock, which goes on while a database answers: so the attempts are counted.
    assert attempts * RENEWED <= 60
    while "2021" not in other.seasons():
        await other.clock.wake()
