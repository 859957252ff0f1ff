"""Two processes on one PostgreSQL database: what happens in one is known in the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg  # type: ignore[import-untyped]
import pytest
from structlog.testing import capture_logs

from bot.domain.places import Chat, Platform
from bot.events import CaseChanged, ChatChanged, Events, Missed, PollMoved, Subscription
from bot.jobs.relay.relay import BEAT, LOOK, Relay
from storage.chats import Chats
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from tests.support.clock import HeldClock

pytestmark = pytest.mark.postgresql

GROUP = Chat(Platform.TELEGRAM, "-100")


@dataclass
class Process:
    """What one process knows, and is told."""

    events: Events
    chats: Chats
    clock: HeldClock
    told: "Subscription[PollMoved | CaseChanged]"
    noted: list[str] = field(default_factory=list)

    async def hears(self) -> list[PollMoved | CaseChanged | Missed]:
        """What listeners here are told next; they wait for it no longer than a test should."""
        async with asyncio.timeout(20):
            return await self.told.take()


@asynccontextmanager
async def process(url: str, name: str) -> AsyncIterator[Process]:
    """A process that hears the others, while it runs."""
    database, events, clock = open_database(url), Events(), HeldClock()
    chats = await Chats.open(database, HandledUpdates(database), events)
    here = Process(events, chats, clock, events.subscribe(PollMoved, CaseChanged))

    async def read_noted() -> None:
        here.noted.append("read")

    assert database.notifications
    relay = Relay(database.notifications, events, chats.read_again, read_noted, clock, name=name)
    running = asyncio.create_task(relay.run())
    assert await here.hears() == [Missed()]  # it listens from here on, and reads what was before
    yield here
    running.cancel()
    await asyncio.wait({running})
    await database.close()


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[tuple[Process, Process]]:
    async with AsyncExitStack() as running:
        one = await running.enter_async_context(process(postgresql_url, "one"))
        other = await running.enter_async_context(process(postgresql_url, "two"))
        assert await one.hears() == [Missed()]  # the other may be there in place of one that died before it told
        yield one, other


async def turn_off_polls_and_die(url: str) -> None:
    """A process commits something, and dies before it tells of it."""
    database = open_database(url)
    await (await Chats.open(database, HandledUpdates(database))).set_polls(GROUP, on=False)
    await database.close()


async def test_a_vote_in_one_process_moves_the_poll_in_the_other(two: tuple[Process, Process]) -> None:
    one, other = two
    one.events.publish(PollMoved("imola-2021"))
    assert await one.hears() == [PollMoved("imola-2021")]
    assert await other.hears() == [PollMoved("imola-2021")]


async def test_what_was_heard_is_not_told_again(two: tuple[Process, Process]) -> None:
    one, other = two
    one.events.publish(PollMoved("imola-2021"))
    await other.hears()
    other.events.publish(PollMoved("baku-2017"))
    await one.hears()  # its own
    assert await one.hears() == [PollMoved("baku-2017")]


async def test_what_an_admin_chose_in_one_process_holds_in_the_other(two: tuple[Process, Process]) -> None:
    one, other = two
    changes = other.events.subscribe(ChatChanged)
    await one.chats.set_polls(GROUP, on=False)
    async with asyncio.timeout(20):
        assert await changes.take() == [ChatChanged(GROUP)]
    assert other.chats.polls_off(GROUP)


async def test_a_choice_that_changes_nothing_is_not_told(two: tuple[Process, Process]) -> None:
    one, other = two
    changes = other.events.subscribe(ChatChanged)
    await one.chats.set_polls(GROUP, on=True)
    await one.chats.set_polls(Chat(Platform.TELEGRAM, "-200"), on=False)
    async with asyncio.timeout(20):
        assert await changes.take() == [ChatChanged(Chat(Platform.TELEGRAM, "-200"))]


async def test_what_was_noted_is_read_before_listeners_are_told(two: tuple[Process, Process]) -> None:
    one, other = two
    before = len(other.noted)
    one.events.publish(CaseChanged("monza-2025-ver-nor-t4"))
    assert await other.hears() == [CaseChanged("monza-2025-ver-nor-t4")]
    assert len(other.noted) == before + 1


async def test_what_happens_while_the_line_is_cut_is_read_afterwards(
    two: tuple[Process, Process], postgresql_url: str
) -> None:
    one, other = two
    with capture_logs() as logs:
        await cut_all_lines(postgresql_url)
        await one.chats.set_polls(GROUP, on=False)  # over the pool, which connects anew
        assert Missed() in await in_time(other)
    assert other.chats.polls_off(GROUP)
    assert [entry["event"] for entry in logs].count("relay.line_lost") <= len(two)


async def test_what_a_process_did_not_tell_that_died_is_read_when_one_takes_its_place(
    two: tuple[Process, Process], postgresql_url: str
) -> None:
    one, other = two
    await turn_off_polls_and_die(postgresql_url)
    assert not one.chats.polls_off(GROUP)
    async with process(postgresql_url, "three"):
        for here in (one, other):
            assert await here.hears() == [Missed()]
            assert here.chats.polls_off(GROUP)


async def test_what_a_process_did_not_tell_that_died_is_read_in_time(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = BEAT / 2
    monkeypatch.setattr("bot.jobs.relay.relay.LOOK", soon)
    async with process(postgresql_url, "one") as one:
        await turn_off_polls_and_die(postgresql_url)
        await one.clock.wake_in_time(soon)
        assert await one.hears() == [Missed()]
        assert one.chats.polls_off(GROUP)


async def test_a_line_that_swallows_everything_is_given_up(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process(postgresql_url, "one") as one:
        monkeypatch.setattr("storage.database.notifications.Line.hear", lambda *_: None)
        with capture_logs() as logs:
            while not any(entry["event"] == "relay.line_lost" for entry in logs):
                await one.clock.wake_in_time(BEAT)
        monkeypatch.undo()
        assert await in_time(one) == [Missed()]


async def test_a_process_without_a_line_reads_again_what_others_did(
    two: tuple[Process, Process], postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Votes rely on it: who counts them knows of a poll that was closed elsewhere within an hour."""
    one, other = two
    monkeypatch.setattr("storage.database.notifications.CHANNEL", "")  # the server refuses to LISTEN to that, for good
    await cut_all_lines(postgresql_url)
    await other.clock.go_on_while(lambda: 30 not in map(round, other.clock.slept))  # it has been tried for a minute
    await one.chats.set_polls(GROUP, on=False)
    began = other.clock.seconds
    await other.clock.go_on_while(lambda: not other.chats.polls_off(GROUP) and other.clock.seconds < began + 3600)
    assert other.chats.polls_off(GROUP)
    assert other.clock.seconds - began < 2 * LOOK, "the line is tried again and again meanwhile, so time goes on"
    assert [*map(type, await other.hears())] == [Missed]


async def test_a_look_that_fails_is_made_again_soon(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with process(postgresql_url, "one") as one:
        began = one.clock.seconds

        async def away(*_: object) -> None:
            raise ConnectionRefusedError

        with monkeypatch.context() as patched, capture_logs() as logs:
            patched.setattr(one.chats, "_read_all_again", away)
            await one.clock.go_on_while(lambda: one.clock.seconds < began + LOOK + BEAT)
        assert [line["event"] for line in logs] == ["relay.not_read"]
        await turn_off_polls_and_die(postgresql_url)
        await one.clock.go_on_while(lambda: not one.chats.polls_off(GROUP))
        assert one.clock.seconds - began < LOOK + 4 * BEAT


async def test_anything_that_others_say_on_the_line_is_passed_over(
    two: tuple[Process, Process], postgresql_url: str
) -> None:
    one, other = two
    driver = await asyncpg.connect(postgresql_url)
    for text in ("", "hello", '["three","PollMoved",{"incident":{}}]', "two 77"):
        await driver.execute("SELECT pg_notify('racing_incident', $1)", text)
    await driver.close()
    one.events.publish(PollMoved("imola-2021"))
    assert await other.hears() == [PollMoved("imola-2021")]


async def in_time(process: Process) -> list[PollMoved | CaseChanged | Missed]:
    """What listeners in a process are told next, however long it sleeps before."""
    hearing = asyncio.create_task(process.hears())
    await process.clock.go_on_while(lambda: not hearing.done())
    return await hearing


async def cut_all_lines(url: str) -> None:
    """End every connection to a database but this one, as a server that is restarted does."""
    driver = await asyncpg.connect(url)
    await driver.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await driver.close()
