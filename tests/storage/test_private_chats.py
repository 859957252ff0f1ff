"""A private chat's number is a person's: it is kept while they want to be told something, or have settings."""

import pytest
from sqlalchemy import select

from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.subscriptions import Subscriptions

AL = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
GROUP = Chat(Platform.TELEGRAM, "-1001")


@pytest.fixture
def subscriptions(database: Database, chats: Chats) -> Subscriptions:
    return Subscriptions(database, chats, HandledUpdates(database))


@pytest.fixture
def store(database: Database, chats: Chats) -> SettingsStore:
    return SettingsStore(database, chats, HandledUpdates(database))


async def numbers(database: Database) -> set[str]:
    """Every number of a chat that is kept."""
    every = select(tables.chat.c.external)
    return set(await database.read(lambda connection: connection.scalars(every).all()))


async def test_a_private_chats_number_goes_with_its_last_topic(
    database: Database, subscriptions: Subscriptions
) -> None:
    await subscriptions.begin(AL, ["recaps", "sprints"])
    await subscriptions.end(AL, ["recaps"])
    assert AL.id in await numbers(database)
    await subscriptions.end(AL, ["sprints"])
    assert AL.id not in await numbers(database)


async def test_who_comes_back_is_told_again(database: Database, chats: Chats, subscriptions: Subscriptions) -> None:
    await chats.ids([AL])
    for _ in range(2):
        await subscriptions.begin(AL, ["recaps"])
        assert await subscriptions.of(AL) == {"recaps": None}
        await subscriptions.end_all(AL)
        assert await subscriptions.of(AL) == {}
    await subscriptions.begin(AL, ["recaps"])
    assert AL.id in await numbers(database)


async def test_settings_go_with_the_number(
    database: Database, subscriptions: Subscriptions, store: SettingsStore
) -> None:
    await store.change(AL, zone="Europe/London", language="en")
    assert AL.id in await numbers(database)
    await subscriptions.end_all(AL)
    assert AL.id not in await numbers(database)
    assert store.language(AL) is None
    await store.change(AL, zone="Europe/Rome")
    assert (await store.of(AL)).zone == "Europe/Rome"


async def test_a_groups_number_stays(database: Database, subscriptions: Subscriptions, store: SettingsStore) -> None:
    await subscriptions.begin(GROUP, ["recaps"])
    await store.change(GROUP, zone="Europe/London")
    await subscriptions.end_all(GROUP)
    assert GROUP.id in await numbers(database)
    assert (await store.of(GROUP)).zone == "Europe/London"


async def test_who_never_wanted_anything_is_not_recorded(database: Database, subscriptions: Subscriptions) -> None:
    await subscriptions.end(AL, ["recaps"])
    await subscriptions.end_all(AL)
    assert not await subscriptions.ping(AL, ["recaps"], "1")
    assert not await subscriptions.unwarned(AL)
    assert await subscriptions.told(AL) == []
    assert await numbers(database) == set()
