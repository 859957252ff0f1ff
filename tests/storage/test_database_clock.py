"""Processes whose own clocks are wrong by an hour, or jump: what is in hand, and what is held, goes by the server's."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.domain.places import Platform, Post
from bot.domain.polls import Poll
from bot.pacing.clock import SystemClock
from storage.chats import Chats
from storage.database.base import CannotOpenError, Database, Reader, Result, Transaction
from storage.database.open import open_database
from storage.database_clock import SET_EVERY, DatabaseClock, server_now
from storage.outbox import Outbox
from storage.polls import Polls
from storage.post_claims import CLAIM
from storage.posts import Posts, Shows
from storage.taken_deliveries import LEASE
from tests.storage.booth import PIT_WALL
from tests.support.clock import IMOLA_EVENING, FakeClock, HeldClock
from tests.support.sorting_office import SortingOffice, emptied

HOUR = dt.timedelta(hours=1)


class Machine(SystemClock):
    """A machine whose time of day somebody sets."""

    wrong_by = dt.timedelta(0)

    def now(self) -> dt.datetime:
        """The time of day, as it was set."""
        return super().now() + self.wrong_by


class Server(Reader):
    """A server that is an hour ahead, and can be asked for the time alone, which may take a while."""

    dialect = "postgresql"

    def __init__(self, clock: FakeClock) -> None:
        self.start = clock.start + HOUR
        self.takes = self.off = 0.0
        """Seconds that an answer takes, and by which it is off."""

        self.is_away = False
        self._clock = clock

    @property
    def now(self) -> dt.datetime:
        """Its time."""
        return self.start + dt.timedelta(seconds=self._clock.seconds)

    async def read(self, _transaction: Transaction[Result]) -> Result:
        """The time, as it was half way."""
        if self.is_away:
            raise OperationalError("SELECT", {}, ConnectionRefusedError("the server is away"))
        self._clock.pass_by(self.takes / 2)
        moment: Any = self.now.timestamp() + self.off
        self._clock.pass_by(self.takes / 2)
        return moment  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Nothing is open."""


class Machines:
    """Two machines an hour apart, whose processes follow the clock of the database that they share."""

    def __init__(self, apart: int) -> None:
        self._own = FakeClock(), FakeClock(IMOLA_EVENING + apart * HOUR)
        self.right, self.wrong = map(DatabaseClock, self._own)

    def pass_by(self, seconds: float) -> None:
        """Let time go by on both."""
        for clock in self._own:
            clock.pass_by(seconds)


@pytest.fixture(params=[-1, 1], ids=["an hour behind", "an hour ahead"])
async def machines(request: pytest.FixtureRequest, database: Database) -> Machines:
    machines = Machines(request.param)
    if database.dialect == "postgresql":
        for clock in (machines.right, machines.wrong):
            await clock.ask(database)
    return machines


@pytest.fixture
async def imola(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "imola-2021")


async def on_its_way(office: SortingOffice, clock: DatabaseClock) -> None:
    """Something is to be told to a chat, from now on."""
    await office.subscribe(PIT_WALL)
    made = await office.announce()
    while await office.announcements.spread(made, lambda _settings: clock.now()):
        pass


async def test_a_delivery_in_hand_is_neither_stolen_nor_held_for_longer(
    database: Database, office: SortingOffice, machines: Machines
) -> None:
    await on_its_way(office, machines.wrong)
    if database.dialect == "sqlite":  # where the process after it, on the same file, has it at once
        assert await Outbox(database).due(Platform.TELEGRAM, machines.wrong.now(), 9)
        assert await Outbox(database).due(Platform.TELEGRAM, machines.wrong.now(), 9)
        return
    async with emptied(Outbox(database)) as first, emptied(Outbox(database)) as second:
        (taken,) = await first.due(Platform.TELEGRAM, machines.wrong.now(), 9)
        for _sign_of_life in range(4):
            machines.pass_by(LEASE / 2)
            assert await second.due(Platform.TELEGRAM, machines.right.now(), 9) == []
            assert await first.hold([taken.key], machines.wrong.now()) == {taken.key}
        machines.pass_by(LEASE - 2)  # dead meanwhile
        assert await second.due(Platform.TELEGRAM, machines.right.now(), 9) == []
        machines.pass_by(3)
        assert await second.due(Platform.TELEGRAM, machines.right.now(), 9) == [taken]
        machines.pass_by(LEASE / 2)
        assert await first.due(Platform.TELEGRAM, machines.wrong.now(), 9) == [], "nor is it stolen back"


async def test_what_is_let_go_is_anybodys_at_once(
    database: Database, office: SortingOffice, machines: Machines
) -> None:
    await on_its_way(office, machines.wrong)
    async with emptied(Outbox(database)) as first:
        (taken,) = await first.due(Platform.TELEGRAM, machines.wrong.now(), 9)
        await first.let_go([taken.key], machines.wrong.now())
        machines.pass_by(1)
        clock = machines.wrong if database.dialect == "sqlite" else machines.right
        assert await Outbox(database).due(Platform.TELEGRAM, clock.now(), 9) == [taken]


async def test_a_claimed_message_is_neither_stolen_nor_held_for_longer(
    database: Database, chats: Chats, machines: Machines, imola: Poll
) -> None:
    here = Post(PIT_WALL, "1")
    first, second = Posts(database, chats, machines.wrong), Posts(database, chats, machines.right)
    await first.note(Shows(here, imola, 1))
    assert (await first.claims.claim(imola, {here: 2})).ours == {here}
    if database.dialect == "postgresql":  # on SQLite the second is the first, started again
        assert (await second.claims.claim(imola, {here: 3})).others == {here}
        machines.pass_by(CLAIM - 2)
        assert (await second.claims.claim(imola, {here: 3})).others == {here}
        machines.pass_by(3)
    assert (await second.claims.claim(imola, {here: 3})).ours == {here}


async def test_on_a_file_it_is_the_machines_own(sqlite_url: str) -> None:
    own, database = FakeClock(), open_database(sqlite_url)
    clock = DatabaseClock(own)
    async with clock.following(database):
        own.pass_by(HOUR)
        assert clock.now() == own.now()
        assert own.slept == []
    await database.close()


@pytest.mark.postgresql
async def test_on_a_server_it_is_the_servers_however_the_machines_jumps(postgresql_url: str) -> None:
    own, database = Machine(), open_database(postgresql_url)
    clock = DatabaseClock(own)
    with capture_logs() as logs:
        async with clock.following(database):
            for jump in (HOUR, -2 * HOUR, HOUR):
                now = await database.read(lambda connection: connection.scalar(select(server_now())) or 0)
                assert clock.now().timestamp() == pytest.approx(now, abs=2)
                own.wrong_by += jump
                await clock.ask(database)
    assert [(line["event"], line["seconds"]) for line in logs] == [("clock.differs", pytest.approx(3600, abs=2))]
    await database.close()


async def test_it_is_set_only_where_it_is_off_for_certain() -> None:
    own = FakeClock()
    server, clock = Server(own), DatabaseClock(own)
    await clock.ask(server)
    assert clock.now() == server.now
    for off, takes, becomes in ((3, 10, 0), (-3, 10, 0), (3, 1, 3), (-3600, 1, -3600)):
        server.off, server.takes = off, takes
        await clock.ask(server)
        assert (clock.now() - own.now()).total_seconds() == pytest.approx(HOUR.total_seconds() + becomes), off


async def test_while_the_server_is_away_it_goes_on_by_itself_and_that_is_one_line() -> None:
    own = HeldClock()
    server, clock = Server(own), DatabaseClock(own)
    with capture_logs() as logs:
        async with clock.following(server):
            server.is_away = True
            for _ in range(4):
                await own.wake_in_time()
            await own.asleep()
            assert clock.now() == server.now
            assert (clock.now() - IMOLA_EVENING).total_seconds() == 4 * SET_EVERY + HOUR.total_seconds()
    assert [line["event"] for line in logs] == ["clock.differs", "clock.not_set"]


async def test_a_server_that_is_away_at_the_start_is_said_in_words() -> None:
    server = Server(FakeClock())
    server.is_away = True
    with pytest.raises(CannotOpenError):
        async with DatabaseClock(FakeClock()).following(server):
            pass
