from collections.abc import Mapping

import pytest
from sqlalchemy import select

from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.subscriptions import Subscriptions
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL
from tests.support.sorting_office import RACE_DAY, SortingOffice

ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
BIGGER = Chat(Platform.TELEGRAM, "-100777")
"""What the pit wall becomes as it grows."""


@pytest.fixture
def subscriptions(office: SortingOffice) -> Subscriptions:
    return office.subscriptions


@pytest.fixture
def store(database: Database, chats: Chats) -> SettingsStore:
    return SettingsStore(database, chats, HandledUpdates(database))


async def externals(database: Database) -> list[str]:
    """The platforms' ids of all chats that are kept."""
    kept = select(tables.chat.c.external).order_by(tables.chat.c.id)
    return list(await database.read(lambda connection: connection.scalars(kept).all()))


async def of(subscriptions: Subscriptions, *chats: Chat) -> list[Mapping[str, str | None]]:
    return [await subscriptions.of(chat) for chat in chats]


async def test_a_chat_wants_what_it_began_and_has_not_ended(subscriptions: Subscriptions) -> None:
    await subscriptions.begin(PIT_WALL, ["recaps", "day-before", "hour-before"])
    await subscriptions.begin(PIT_WALL, ["recaps"])
    await subscriptions.begin(GRANDSTAND, ["calendar"])
    await subscriptions.end(PIT_WALL, ["day-before", "hour-before", "calendar"])
    assert await of(subscriptions, PIT_WALL, GRANDSTAND, PADDOCK) == [{"recaps": None}, {"calendar": None}, {}]


async def test_to_begin_nothing_changes_nothing(subscriptions: Subscriptions, database: Database) -> None:
    await subscriptions.begin(PIT_WALL, [])
    assert await subscriptions.of(PIT_WALL) == {}
    assert await externals(database) == []


async def test_a_chat_that_never_wanted_anything_is_not_kept_for_ending_it(
    office: SortingOffice, subscriptions: Subscriptions, database: Database
) -> None:
    await subscriptions.end(ALONE, ["recaps"])
    await subscriptions.end_all(ALONE)
    await office.moves.move(ALONE, PIT_WALL)
    assert not await subscriptions.ping(ALONE, ["recaps"], "1")
    assert not await subscriptions.unwarned(ALONE)
    assert await externals(database) == []


async def test_what_is_on_its_way_is_dropped_with_its_topic(
    office: SortingOffice, subscriptions: Subscriptions
) -> None:
    await subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
    await office.subscribe(GRANDSTAND)
    recap, moved = await office.tell("recaps"), await office.tell("calendar")
    await subscriptions.end(PIT_WALL, ["recaps"])
    left = [(delivery.announcement_id, delivery.chat) for delivery in await office.due()]
    assert left == [(recap.id, GRANDSTAND), (moved.id, PIT_WALL)]


async def test_a_chat_that_is_closed_to_us_is_told_nothing(office: SortingOffice, subscriptions: Subscriptions) -> None:
    await subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
    await office.tell("recaps")
    await office.tell("calendar")
    await subscriptions.end_all(PIT_WALL)
    assert await subscriptions.of(PIT_WALL) == {}
    assert await office.due() == []


async def test_an_attempt_that_fails_after_the_chat_ended_brings_nothing_back(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    (taken,) = await office.due()
    await office.subscriptions.end(PIT_WALL, ["recaps"])
    await office.outbox.settle(Outcome(taken, State.PENDING, RACE_DAY, problem="flooded", attempts=1))
    assert await office.due() == []


async def test_nothing_is_kept_of_a_private_chat_that_wants_nothing_any_more(
    office: SortingOffice, store: SettingsStore, database: Database
) -> None:
    await office.subscriptions.begin(ALONE, ["recaps", "calendar"])
    await store.change(ALONE, language="de")
    told = await office.tell()
    await office.deliver()
    await office.subscriptions.end(ALONE, ["recaps"])
    assert "7" in await externals(database)
    await office.subscriptions.end(ALONE, ["calendar"])
    assert await externals(database) == ["forgotten 1"]
    assert await store.of(ALONE) == ChatSettings()
    assert store.language(ALONE) is None
    assert await office.message_of(told.id, 1) is None


async def test_a_person_who_comes_back_is_told_again(office: SortingOffice, chats: Chats) -> None:
    await chats.ids([ALONE])
    for _ in range(2):
        await office.subscribe(ALONE)
        await office.tell()
        assert await office.deliver() == [ALONE]
        await office.subscriptions.end_all(ALONE)


async def test_what_a_group_has_set_stays_when_it_wants_nothing_any_more(
    office: SortingOffice, store: SettingsStore
) -> None:
    await store.change(PIT_WALL, language="de")
    await office.subscribe(PIT_WALL)
    await office.subscriptions.end_all(PIT_WALL)
    assert (await store.of(PIT_WALL)).language == "de"


async def test_a_role_is_pinged_with_a_topic_that_the_chat_wants(subscriptions: Subscriptions) -> None:
    await subscriptions.begin(PADDOCK, ["recaps", "calendar"])
    assert await subscriptions.ping(PADDOCK, ["recaps"], "42")
    assert not await subscriptions.ping(PADDOCK, ["sprints"], "42")
    assert not await subscriptions.ping(PIT_WALL, ["recaps"], "42")
    await subscriptions.begin(PADDOCK, ["recaps"])
    assert await subscriptions.of(PADDOCK) == {"recaps": "42", "calendar": None}
    assert await subscriptions.ping(PADDOCK, ["recaps"], None)
    assert await subscriptions.of(PADDOCK) == {"recaps": None, "calendar": None}


async def test_an_admin_is_warned_once_until_the_chat_begins_again(subscriptions: Subscriptions) -> None:
    await subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
    await subscriptions.begin(GRANDSTAND, ["recaps"])
    for _time in range(2):
        await subscriptions.warn(PIT_WALL)
        assert not await subscriptions.unwarned(PIT_WALL)
    assert await subscriptions.unwarned(GRANDSTAND)
    await subscriptions.begin(PIT_WALL, ["recaps"])
    assert await subscriptions.unwarned(PIT_WALL)


async def test_a_group_that_grows_takes_everything_along(
    office: SortingOffice, store: SettingsStore, chats: Chats, database: Database
) -> None:
    await office.subscribe(PIT_WALL)
    await store.change(PIT_WALL, language="de")
    await chats.set_polls(PIT_WALL, on=False)
    await office.tell()
    for _ in range(2):  # both groups say so
        await office.moves.move(PIT_WALL, BIGGER)
    assert await of(office.subscriptions, PIT_WALL, BIGGER) == [{"recaps": None}, {"recaps": None}], "known by both"
    assert (store.language(PIT_WALL), store.language(BIGGER)) == (None, "de")
    assert (chats.polls_off(PIT_WALL), chats.polls_off(BIGGER)) == (False, True)
    assert await office.deliver() == [BIGGER]
    assert await externals(database) == [BIGGER.id, PIT_WALL.id]


async def test_a_group_that_grew_unnoticed_takes_along_what_it_lacks(
    office: SortingOffice, store: SettingsStore, chats: Chats
) -> None:
    await office.subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
    await office.subscriptions.ping(PIT_WALL, ["calendar"], "42")
    await office.subscriptions.ping(PIT_WALL, ["recaps"], "42")
    await office.subscribe(BIGGER)
    await store.change(PIT_WALL, language="de")
    await chats.set_polls(PIT_WALL, on=False)
    await office.tell("recaps")
    await office.tell("calendar")
    for _ in range(2):
        await office.moves.move(PIT_WALL, BIGGER)
    both = {"recaps": None, "calendar": "42"}
    assert await of(office.subscriptions, PIT_WALL, BIGGER) == [both, both], "known by both"
    assert await store.of(BIGGER) == ChatSettings(language="de")
    assert (store.language(PIT_WALL), store.language(BIGGER)) == (None, "de")
    assert chats.polls_off(BIGGER)
    assert await office.deliver() == [BIGGER, BIGGER]


async def test_what_a_group_has_set_is_not_overruled_by_what_it_was(
    office: SortingOffice, store: SettingsStore
) -> None:
    await store.change(PIT_WALL, language="de")
    await store.change(BIGGER, zone="Europe/Rome")
    await office.moves.move(PIT_WALL, BIGGER)
    assert await store.of(BIGGER) == ChatSettings(zone="Europe/Rome", language="de")
    assert store.language(BIGGER) == "de"


async def test_a_group_that_grew_hears_of_corrections_to_what_it_was_told_before(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    recap = await office.tell()
    await office.deliver("5")
    await office.subscriptions.warn(BIGGER)
    await office.subscribe(BIGGER)
    await office.moves.move(PIT_WALL, BIGGER)
    await office.tell(follows=recap)
    assert [(delivery.chat, delivery.follows) for delivery in await office.due()] == [(BIGGER, "5")]
