import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest

from storage.database.base import Database
from storage.database.open import open_database
from storage.leases import Leases
from tests.support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def leases(database: Database, clock: FakeClock) -> Leases:
    return Leases(database, clock)


async def test_a_lease_has_one_holder(leases: Leases) -> None:
    assert await leases.hold("season", "one", 45)
    assert not await leases.hold("season", "other", 45)
    assert await leases.hold("race control", "other", 45)


async def test_it_is_renewed_by_its_holder_alone(leases: Leases, clock: FakeClock) -> None:
    for _ in range(4):
        assert await leases.hold("season", "one", 45)
        clock.pass_by(44)
        assert not await leases.hold("season", "other", 45)


async def test_it_is_anybodys_once_it_has_run_out(leases: Leases, clock: FakeClock) -> None:
    await leases.hold("season", "one", 45)
    assert not await leases.hold("season", "other", 45)
    clock.pass_by(44)
    assert not await leases.hold("season", "other", 45)
    clock.pass_by(1)
    assert await leases.hold("season", "other", 45)
    assert not await leases.hold("season", "one", 45)


async def test_given_back_it_is_anybodys_at_once(leases: Leases) -> None:
    await leases.hold("season", "one", 45)
    await leases.release("season", "one")
    assert await leases.hold("season", "other", 45)


async def test_nobody_gives_back_what_is_anothers(leases: Leases, clock: FakeClock) -> None:
    await leases.hold("season", "one", 45)
    await leases.hold("race control", "one", 45)
    await leases.hold("season", "other", 45)
    clock.pass_by(45)
    assert await leases.hold("season", "other", 45)
    await leases.release("season", "one")
    assert not await leases.hold("season", "third", 45)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clocks_an_hour_apart_neither_take_a_lease_early_nor_wait_for_long(
    database: Database, clock: FakeClock, hours: int
) -> None:
    elsewhere = FakeClock(clock.start + dt.timedelta(hours=hours))
    here, there = Leases(database, clock), Leases(database, elsewhere)
    for _ in range(10):
        assert await here.hold("season", "here", 45)
        assert not await there.hold("season", "there", 45)
        clock.pass_by(15)
        elsewhere.pass_by(15)
    for _ in range(2):  # and now the one who has it is dead
        assert not await there.hold("season", "there", 45)
        elsewhere.pass_by(15)
    assert await there.hold("season", "there", 45)
    assert not await here.hold("season", "here", 45), "whoever only seemed dead has lost it"


@pytest.mark.parametrize("jump", [dt.timedelta(hours=-1), dt.timedelta(hours=1), dt.timedelta(seconds=-15)])
async def test_a_clock_that_is_set_anew_loses_no_lease(
    database: Database, clock: FakeClock, jump: dt.timedelta
) -> None:
    elsewhere = FakeClock()
    here, there = Leases(database, clock), Leases(database, elsewhere)
    for _ in range(10):
        assert await here.hold("season", "here", 45)
        assert not await there.hold("season", "there", 45)
        clock.pass_by(15)
        elsewhere.pass_by(15)
        clock.start += jump


async def test_of_many_who_want_it_at_once_one_has_it(leases: Leases) -> None:
    held = await asyncio.gather(*(leases.hold("season", f"{number}", 45) for number in range(20)))
    assert held.count(True) == 1


async def test_a_file_has_one_process_and_so_the_next_goes_on_at_once(sqlite_url: str, clock: FakeClock) -> None:
    for _ in range(2):  # the first dies without giving it back
        database = open_database(sqlite_url)
        await database.upgrade()
        leases = Leases(database, clock)
        assert await leases.hold("season", leases.holder(), 45)
        await database.close()


@pytest.mark.postgresql
class TestASharedDatabase:
    @pytest.fixture
    async def others(self, postgresql_url: str, clock: FakeClock) -> AsyncIterator[Leases]:
        """The leases as another process has them."""
        database = open_database(postgresql_url)
        yield Leases(database, clock)
        await database.close()

    @pytest.fixture
    def url(self, postgresql_url: str) -> str:
        return postgresql_url

    async def test_processes_have_names_of_their_own(self, leases: Leases, others: Leases) -> None:
        assert leases.holder() != others.holder()

    async def test_processes_that_want_it_at_once_do_not_both_have_it(self, leases: Leases, others: Leases) -> None:
        for name in map(str, range(10)):
            held = await asyncio.gather(leases.hold(name, "one", 45), others.hold(name, "other", 45))
            assert sorted(held) == [False, True]
