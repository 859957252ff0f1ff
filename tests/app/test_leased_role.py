import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.app.leased_role import LEASE, RENEWED, LeasedRole
from bot.app.roles import Role
from storage.database.base import Database
from storage.database.open import open_database
from storage.leases import Leases
from tests.support.clock import HeldClock

pytestmark = pytest.mark.postgresql


class Process:
    """A process that plays a role when it can; the test lets its time go by, and none for one that hangs or is dead."""

    def __init__(self, database: Database) -> None:
        self.clock = HeldClock()
        self.at_work = False
        self.begun = 0
        self._role = LeasedRole(Role.SEASON, Leases(database, self.clock), self.clock)
        self._running = asyncio.create_task(self._role.play(self._work))

    async def _work(self) -> None:
        self.at_work = True
        self.begun += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.at_work = False

    async def next_attempt(self) -> None:
        """Let time go by until it tries again, and has tried."""
        await self.clock.wake_in_time()
        await self.tried()

    async def tried(self) -> None:
        """Wait until it sleeps, after an attempt."""
        await self.clock.asleep()
        await asyncio.sleep(0)  # what it began has begun by then

    async def stop(self) -> None:
        """End it in good order."""
        self._running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self._running


@pytest.fixture
async def databases(postgresql_url: str) -> AsyncIterator[list[Database]]:
    databases = [open_database(postgresql_url) for _ in range(2)]
    yield databases
    for database in databases:
        await database.close()


@pytest.fixture
async def start(databases: list[Database]) -> AsyncIterator[Callable[[], Process]]:
    """Starts one process, and then another."""
    processes: list[Process] = []

    def start() -> Process:
        processes.append(Process(databases[len(processes)]))
        return processes[-1]

    yield start
    for process in processes:
        process._running.cancel()
    await asyncio.gather(*(process._running for process in processes), return_exceptions=True)


async def test_one_of_two_has_the_role_and_keeps_it(start: Callable[[], Process]) -> None:
    first = start()
    await first.tried()
    second = start()
    await second.tried()
    for _ in range(10):
        assert (first.at_work, second.at_work) == (True, False)
        await first.next_attempt()
        await second.next_attempt()
    assert first.begun == 1


async def test_whoever_stops_leaves_the_role_to_the_other_at_once(start: Callable[[], Process]) -> None:
    first = start()
    await first.tried()
    second = start()
    await second.tried()
    await first.stop()
    assert not first.at_work
    await second.next_attempt()
    assert second.at_work


async def test_the_role_of_a_dead_process_is_taken_over_within_a_minute(start: Callable[[], Process]) -> None:
    first = start()
    await first.tried()
    second = start()
    await second.tried()
    while not second.at_work:
        await second.next_attempt()
    assert LEASE <= second.clock.seconds <= 60


async def test_a_process_that_hung_stops_its_work_once_another_does_it(start: Callable[[], Process]) -> None:
    first = start()
    await first.tried()
    second = start()
    await second.tried()
    while not second.at_work:
        await second.next_attempt()
    first.clock.set(second.clock.now())
    with capture_logs() as logs:
        await first.next_attempt()
    assert (first.at_work, second.at_work) == (False, True)
    assert ("role.lost", "season") in [(line["event"], line.get("role")) for line in logs]
    await first.stop()
    await second.next_attempt()
    assert second.at_work, "whoever lost it gave it back for the other"


async def test_what_cannot_be_renewed_is_lost_and_taken_again_later(
    start: Callable[[], Process], databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start()
    await process.tried()
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(type(databases[0]), "write", _refuse)
        await process.next_attempt()
        await process.next_attempt()
    assert not process.at_work
    assert [line["event"] for line in logs] == ["role.not_renewed", "role.lost"], "said once"
    await process.next_attempt()
    assert process.at_work
    assert process.begun == 2
    assert process.clock.seconds == 3 * RENEWED


async def test_a_role_is_called_by_its_name_and_held_by_one_beside_the_version_before(
    databases: list[Database],
) -> None:
    """Which holds the lease of the role by a name with a blank in it."""
    before, clock = Leases(databases[0], HeldClock()), HeldClock()
    await before.hold("race control", "before", LEASE)
    role = LeasedRole(Role.RACE_CONTROL, Leases(databases[1], clock), clock)
    with capture_logs() as logs:
        playing = asyncio.create_task(role.play(partial(asyncio.sleep, 3600)))
        await clock.asleep()
        assert logs == []
        await before.release("race control", "before")
        await clock.wake_in_time()
        await clock.asleep()
    assert [(line["event"], line["role"]) for line in logs] == [("role.held", "race-control")]
    playing.cancel()
    await asyncio.wait({playing})


async def _refuse(*_: object) -> None:
    raise OSError("the server is gone")


async def test_work_that_fails_is_not_kept_secret(databases: list[Database]) -> None:
    clock = HeldClock()

    async def fail() -> None:
        raise LookupError("no such season")

    with pytest.raises(ExceptionGroup, match="unhandled errors") as caught:
        await LeasedRole(Role.SEASON, Leases(databases[0], clock), clock).play(fail)
    assert caught.group_contains(LookupError, match="no such season")
    other = Leases(databases[1], clock)
    assert await other.hold("season", other.holder(), LEASE)
