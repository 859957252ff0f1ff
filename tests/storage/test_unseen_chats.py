"""A chat that cannot be seen: tried for a day, and then believed to be gone."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeAlias

import pytest
from sqlalchemy import Connection, make_url, select

from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, ChatKind, Platform, User
from storage import tables, unseen_chats
from storage.chat_rows import id_of
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.subscriptions import Subscriptions
from storage.unseen_chats import FEWEST_TRIES, UnseenChats
from tests.storage.booth import PIT_WALL
from tests.support.sorting_office import RACE_DAY, SortingOffice

ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
BIGGER = Chat(Platform.TELEGRAM, "-100777")
AL = User(Platform.TELEGRAM, "7")
AN_HOUR = dt.timedelta(hours=1)
A_DAY = dt.timedelta(days=1)


Subscribed: TypeAlias = Callable[[Chat], Awaitable[int]]


@pytest.fixture
def unseen(database: Database) -> UnseenChats:
    return UnseenChats(database)


async def tried_for_a_day(unseen: UnseenChats, chat_id: int) -> None:
    for tries in range(FEWEST_TRIES):
        await unseen.tried(chat_id, RACE_DAY + tries * AN_HOUR)
    await unseen.tried(chat_id, RACE_DAY + A_DAY)


@pytest.fixture
def subscribed(office: SortingOffice, database: Database) -> Subscribed:
    """Has a chat want recaps, and one be on its way there; the chat's short id."""

    async def subscribed(chat: Chat) -> int:
        await office.subscriptions.begin(chat, ["recaps"], subscriber=AL)
        await office.tell()
        number: int | None = await database.read(lambda connection: connection.scalar(select(id_of(chat))))
        assert number is not None
        return number

    return subscribed


async def test_a_chat_is_given_a_day_and_several_tries(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed
) -> None:
    number = await subscribed(PIT_WALL)
    await unseen.tried(number, RACE_DAY)
    assert not await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)
    await tried_for_a_day(unseen, number)
    assert not await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY - AN_HOUR)
    assert await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)
    assert await office.subscriptions.of(PIT_WALL) == {}
    assert await office.due() == []
    assert not await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)


async def test_several_messages_of_one_moment_are_one_try(unseen: UnseenChats, subscribed: Subscribed) -> None:
    number = await subscribed(PIT_WALL)
    await asyncio.gather(*(unseen.tried(number, RACE_DAY) for _ in range(8)))
    assert (await unseen.tried(number, RACE_DAY + dt.timedelta(minutes=10))).tries == 2


async def test_what_arrives_ends_it(office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed) -> None:
    await tried_for_a_day(unseen, await subscribed(PIT_WALL))
    await office.deliver()
    assert not await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)
    assert list(await office.subscriptions.of(PIT_WALL)) == ["recaps"]


async def test_what_arrives_at_the_moment_of_the_end_leaves_the_topics_or_comes_too_late(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed
) -> None:
    for _ in range(10):
        await tried_for_a_day(unseen, await subscribed(PIT_WALL))
        (last,) = await office.due()
        _sent, ended = await asyncio.gather(
            office.outbox.settle(Outcome(last, State.SENT, RACE_DAY, "5")),
            office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY),
        )
        assert bool(await office.subscriptions.of(PIT_WALL)) is not ended


async def test_whoever_subscribes_again_at_that_moment_stays_subscribed_or_begins_anew(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed, database: Database
) -> None:
    other = Subscriptions(database, await Chats.open(database, HandledUpdates(database)), HandledUpdates(database))
    for _ in range(10):
        await tried_for_a_day(unseen, await subscribed(PIT_WALL))
        await asyncio.gather(
            office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY), other.begin(PIT_WALL, ["recaps"])
        )
        assert "recaps" in await other.of(PIT_WALL)
        await other.end_all(PIT_WALL)


async def test_who_dies_amid_the_end_has_ended_nothing(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tried_for_a_day(unseen, await subscribed(PIT_WALL))

    def die(*_anything: object) -> NoReturn:
        raise InterruptedError

    with monkeypatch.context() as patched:
        patched.setattr("storage.subscriptions.seen", die)
        with pytest.raises(InterruptedError):
            await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)
    assert list(await office.subscriptions.of(PIT_WALL)) == ["recaps"]
    assert len(await office.due()) == 1
    assert await office.subscriptions.end_unseen(PIT_WALL, RACE_DAY + A_DAY)


async def test_that_an_admin_was_told_is_known_until_the_chat_is_seen(
    unseen: UnseenChats, subscribed: Subscribed, database: Database
) -> None:
    number = await subscribed(PIT_WALL)
    assert not (await unseen.tried(number, RACE_DAY)).told
    for _time in range(2):
        await unseen.told(number)
    assert (await unseen.tried(number, RACE_DAY)).told

    def seen(connection: Connection) -> None:
        unseen_chats.seen(connection, [number])

    await database.write(seen)
    assert not (await unseen.tried(number, RACE_DAY)).told


async def test_of_several_who_try_a_chat_at_once_one_is_to_tell_an_admin(
    unseen: UnseenChats, subscribed: Subscribed, url: str
) -> None:
    number = await subscribed(PIT_WALL)
    assert not (await unseen.tried(number, RACE_DAY)).is_to_be_told(RACE_DAY), "it may be a hiccup"
    database = open_database(url) if make_url(url).get_backend_name() == "postgresql" else None
    other = UnseenChats(database) if database else unseen
    for hours in (1, 2, 3):  # whoever is to tell dies, or fails
        now = RACE_DAY + hours * AN_HOUR
        tried = await asyncio.gather(*(each.tried(number, now) for each in (unseen, other) * 4))
        assert sum(each.is_to_be_told(now) for each in tried) == 1
    await unseen.told(number)
    tried = await asyncio.gather(*(each.tried(number, RACE_DAY + A_DAY) for each in (unseen, other)))
    assert not any(each.is_to_be_told(RACE_DAY + A_DAY) for each in tried)
    if database:
        await database.close()


async def test_of_several_who_find_first_that_a_chat_cannot_be_seen_one_counts(
    unseen: UnseenChats, subscribed: Subscribed
) -> None:
    number = await subscribed(PIT_WALL)
    tried = await asyncio.gather(*(unseen.tried(number, RACE_DAY) for _ in range(8)))
    assert sum(each.is_another for each in tried) == 1
    assert {each.tries for each in tried} == {1}


async def test_a_private_chat_that_nobody_sees_any_more_leaves_nothing_behind(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed
) -> None:
    await tried_for_a_day(unseen, await subscribed(ALONE))
    assert await office.subscriptions.subscriber(ALONE) is None, "its number is theirs already"
    assert await office.subscriptions.end_unseen(ALONE, RACE_DAY + A_DAY)
    assert await office.subscriptions.told(ALONE) == []


async def test_whoever_turned_topics_on_last_is_known_until_the_last_of_them_is_off(office: SortingOffice) -> None:
    subscriptions, bo = office.subscriptions, User(Platform.TELEGRAM, "8")
    await subscriptions.begin(PIT_WALL, ["recaps"], subscriber=AL)
    await subscriptions.begin(PIT_WALL, ["sprints"], subscriber=bo)
    assert await subscriptions.subscriber(PIT_WALL) == bo
    assert (await subscriptions.subscribed_by(AL), await subscriptions.subscribed_by(bo)) == ([], [PIT_WALL])
    await office.moves.move(PIT_WALL, BIGGER)
    assert await subscriptions.subscribed_by(bo) == [BIGGER]
    await subscriptions.end(BIGGER, ["sprints"])
    assert await subscriptions.subscriber(BIGGER) == bo
    await subscriptions.end(BIGGER, ["recaps"])
    assert await subscriptions.subscriber(BIGGER) is None


async def test_a_chat_that_grew_into_one_that_is_known_is_tried_there(
    office: SortingOffice, unseen: UnseenChats, subscribed: Subscribed
) -> None:
    await tried_for_a_day(unseen, await subscribed(PIT_WALL))
    await office.subscribe(BIGGER)
    await office.moves.move(PIT_WALL, BIGGER)
    assert await office.subscriptions.subscriber(BIGGER) == AL
    assert not await office.subscriptions.end_unseen(BIGGER, RACE_DAY + A_DAY)


async def test_of_a_chat_that_is_forgotten_while_it_is_tried_nothing_is_noted(
    office: SortingOffice, database: Database, unseen: UnseenChats, subscribed: Subscribed
) -> None:
    """As a message was on the way there when somebody said `/forgetme`."""
    number = await subscribed(ALONE)
    await office.subscriptions.end_all(ALONE)
    tried = await unseen.tried(number, RACE_DAY + A_DAY)
    assert not tried.is_to_be_told(RACE_DAY + A_DAY)
    assert not tried.is_over(RACE_DAY + A_DAY)
    rows = select(tables.unseen_chat)
    assert await database.read(lambda connection: connection.execute(rows).all()) == []
