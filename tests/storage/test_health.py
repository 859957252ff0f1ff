import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.domain.announcements import Announcement, Kind
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, ChatKind, Platform, User
from storage.announcements import Announcements
from storage.chats import Chats
from storage.database.base import CannotOpenError, Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.health import Closed, Contents, Health
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions
from tests.storage.booth import Booth
from tests.storage.broken import tear

NOW = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)
SECONDS = int(NOW.timestamp())
GROUPS = [Chat(Platform.TELEGRAM, str(-number)) for number in (1, 2, 3)]
FAN = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)


async def put_down(database: Database, chats: Chats) -> None:
    """Three groups and a fan are told something; the first group's delivery is given up, the second's is there."""
    subscriptions, announcements = Subscriptions(database, chats, HandledUpdates(database)), Announcements(database)
    for chat in (*GROUPS, FAN):
        await subscriptions.begin(chat, ["recaps", "sprints"])
    recap = await announcements.announce(Announcement("recap", "recaps", Kind.RECAP, {}, NOW))
    assert recap
    while await announcements.spread(recap, lambda _: NOW):
        pass
    outbox = Outbox(database)
    writing = asyncio.create_task(outbox.run())
    for delivery in await outbox.due(Platform.TELEGRAM, NOW, 10):
        if delivery.chat == GROUPS[0]:
            await outbox.settle(Outcome(delivery, State.DEAD, NOW, problem="The topic is closed."))
        if delivery.chat == GROUPS[1]:
            await outbox.settle(Outcome(delivery, State.SENT, NOW, message="1"))
    await outbox.close()
    await writing
    await subscriptions.warn(GROUPS[0])


@pytest.fixture
async def left(sqlite_url: str) -> str:
    """The address of a file that nobody has open."""
    database = open_database(sqlite_url)
    await database.upgrade()
    await database.close()
    return sqlite_url


async def test_what_is_kept_is_counted_beside_the_bot_that_has_it(
    url: str, database: Database, chats: Chats, booth: Booth
) -> None:
    await put_down(database, chats)
    await booth.press("imola-2021 all-russell", User(Platform.TELEGRAM, "7"))
    health = Health(url)
    assert await health.fits()
    assert await health.flaws(within=10) == []
    assert await health.contents(SECONDS) == Contents(
        1, subscribed=4, pending=2, overdue=0, given_up=1, fetched_at=None
    )
    assert (await health.contents(SECONDS + 7200)).overdue == 2
    assert await health.closed() == [Closed(GROUPS[0], "The topic is closed.")]
    await health.close()


async def test_deliveries_are_tried_again_only_where_they_are_wanted(database: Database, chats: Chats) -> None:
    await put_down(database, chats)
    outbox = Outbox(database)
    assert await outbox.counted() == (2, 1)
    await Subscriptions(database, chats, HandledUpdates(database)).end(GROUPS[0], ["recaps"])
    assert await outbox.retry(NOW) == 0
    await Subscriptions(database, chats, HandledUpdates(database)).begin(GROUPS[0], ["recaps"])
    assert await outbox.retry(NOW) == 1
    assert await outbox.counted() == (3, 0)


async def test_a_file_that_nobody_has_open_can_be_looked_at(left: str) -> None:
    health = Health(left)
    assert await health.fits()
    await health.close()


async def test_a_visitor_can_change_nothing(left: str) -> None:
    health = Health(left)
    with pytest.raises(CannotOpenError, match="readonly"):
        await health._read(lambda connection: connection.exec_driver_sql("DELETE FROM chat"))
    assert not isinstance(health.reader, Database)
    await health.close()


async def test_looking_for_damage_ends_in_time(left: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.read_only.STEPS", 1)
    health = Health(left)
    assert await health.flaws(within=-1) is None
    assert await health.flaws(within=10) == []
    await health.close()


async def test_damage_is_found(left: str, tmp_path: Path) -> None:
    tear(tmp_path / "racing-incident.db")
    health = Health(left)
    assert await health.flaws(within=10)
    await health.close()


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CannotOpenError, match="there is no file"):
        Health(f"sqlite:///{tmp_path / 'nothing.db'}")
    assert [*tmp_path.iterdir()] == []
