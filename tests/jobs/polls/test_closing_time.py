import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.domain.places import Chat, Platform, Post
from bot.domain.polls import Poll
from bot.events import Events, PollMoved
from bot.jobs.polls.closing_time import ROUND, ClosingTime
from bot.search.catalogue import Incidents
from storage.announcements import Announcements
from storage.ballot_box import BallotBox
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database, Result, Transaction
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.poll_closings import PollClosings
from storage.polls import Polls
from storage.posts import Posts, Shows
from tests.support.clock import HeldClock

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
PADDOCK = Chat(Platform.DISCORD, "555")
HOUR = 3600.0


class Watch:
    """Closing time on a real database, for Telegram alone."""

    def __init__(self, database: Database, chats: Chats, polls: Polls, box: BallotBox, clock: HeldClock) -> None:
        self.database = database
        self.chats = chats
        self.clock = clock
        self.polls = polls
        self.settings = SettingsStore(database, chats, HandledUpdates(database))
        self.posts = Posts(database, chats, clock)
        self.events = Events()
        self.moved = self.events.subscribe(PollMoved)
        closings = PollClosings(database, chats, box, Announcements(database), clock)
        self.closing_time = ClosingTime(closings, polls, [Platform.TELEGRAM], self.events, clock)

    @property
    def imola(self) -> Poll:
        poll = self.polls.get("imola-2021")
        assert poll
        return poll

    async def show(self, *chats: Chat) -> None:
        """Let chats that close their polls after an hour show one."""
        for chat in chats:
            await self.settings.change(chat, closing_hours=1)
            await self.posts.note(Shows(Post(chat, "1"), self.imola))


@pytest.fixture
async def watch(sqlite_url: str, incidents: Incidents) -> AsyncIterator[Watch]:
    database, clock = open_database(sqlite_url), HeldClock()
    await database.upgrade()
    chats = await Chats.open(database, HandledUpdates(database))
    box = BallotBox(database, chats, HandledUpdates(database), clock)
    writing = asyncio.create_task(box.run())
    yield Watch(database, chats, await Polls.open(database, incidents), box, clock)
    await box.close()
    await writing
    await database.close()


async def test_what_is_due_is_closed_and_told_to_whoever_shows_it(watch: Watch) -> None:
    await watch.show(PIT_WALL, PADDOCK)
    await watch.closing_time.look()
    assert not watch.chats.closed(PIT_WALL, watch.imola.id)
    watch.clock.pass_by(HOUR)
    await watch.closing_time.look()
    assert watch.chats.closed(PIT_WALL, watch.imola.id)
    assert not watch.chats.closed(PADDOCK, watch.imola.id), "another process's platform"
    assert [*watch.moved._waiting] == [PollMoved("imola-2021")]
    await watch.closing_time.look()


async def test_it_looks_every_half_minute_and_says_once_that_it_cannot(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watch.show(PIT_WALL)
    watch.clock.pass_by(HOUR)
    read, away = watch.database.read, True

    async def read_or_fail(transaction: Transaction[Result]) -> Result:
        if away:
            raise OSError("the disk is away")
        return await read(transaction)

    monkeypatch.setattr(watch.database, "read", read_or_fail)
    with capture_logs() as logs:
        looking = asyncio.create_task(watch.closing_time.run())
        for _ in range(3):
            await watch.clock.wake()
        await watch.clock.asleep()
        away = False
        await watch.clock.wake()
        await watch.clock.asleep()
        looking.cancel()
    assert watch.chats.closed(PIT_WALL, watch.imola.id)
    assert [line["event"] for line in logs] == ["poll.not_closed"]
    assert {*watch.clock.slept} == {ROUND}


async def test_of_an_incident_that_is_told_no_more_nothing_is_closed(watch: Watch, incidents: Incidents) -> None:
    await watch.show(PIT_WALL)
    watch.clock.pass_by(HOUR)
    others = [incident for incident in incidents if incident.id != "imola-2021"]
    closings = watch.closing_time._closings
    polls = await Polls.open(watch.database, others)
    await ClosingTime(closings, polls, [Platform.TELEGRAM], watch.events, watch.clock).look()
    assert not watch.chats.closed(PIT_WALL, watch.imola.id)
