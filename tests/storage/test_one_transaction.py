"""Each wish of a chat is one transaction: it may die before it is committed, and be carried out twice."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select

from bot.domain.chat_settings import Spoilers
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from storage import tables
from storage.chat_moves import ChatMoves
from storage.chat_preferences import Preferences
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database, Result, Transaction
from storage.handled_updates import HandledUpdates
from storage.menus import Menus
from storage.polls import Polls
from storage.posts import Gone, Posts, Shows
from storage.subscriptions import Subscriptions
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL
from tests.support.clock import FakeClock
from tests.support.sorting_office import SortingOffice

ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
BIGGER = Chat(Platform.TELEGRAM, "-100777")
NEW = Chat(Platform.TELEGRAM, "-100888")
CHATS = (PIT_WALL, GRANDSTAND, PADDOCK, ALONE, BIGGER, NEW)
KEPT = tuple(
    getattr(tables, name)
    for name in (
        "chat",
        "chat_settings",
        "subscription",
        "announcement",
        "delivery",
        "post",
        "menu",
        "chat_poll",
        "subscriber",
    )
)


class Bot:
    """One process and its polls; four chats that want something, with something on its way to each."""

    def __init__(self, database: Database, chats: Chats, polls: Polls) -> None:
        self.database = database
        self.polls = polls
        self.chats = chats
        self.settings = SettingsStore(database, chats, HandledUpdates(database))
        self.subscriptions = Subscriptions(database, chats, HandledUpdates(database))
        self.posts = Posts(database, chats, FakeClock())
        self.menus = Menus(database)
        self.moves = ChatMoves(database, chats)
        self.imola, self.monza, *_others = polls

    async def restarted(self) -> "Bot":
        return Bot(self.database, await Chats.open(self.database, HandledUpdates(self.database)), self.polls)

    async def kept(self) -> list[list[tuple[object, ...]]]:
        """Every row of a chat's, table by table."""

        def read(connection: Connection) -> list[list[tuple[object, ...]]]:
            return [sorted(map(tuple, connection.execute(select(table)).all()), key=repr) for table in KEPT]

        return await self.database.read(read)

    def remembered(self) -> list[Preferences]:
        return [self.chats.preferences(chat) for chat in CHATS]


@pytest.fixture
async def bot(database: Database, chats: Chats, polls: Polls, office: SortingOffice) -> Bot:
    bot = Bot(database, chats, polls)
    for chat in (PIT_WALL, PADDOCK, ALONE, BIGGER):
        await bot.subscriptions.begin(chat, ["recaps"] if chat is BIGGER else ["recaps", "calendar"])
    for chat in (PIT_WALL, ALONE):
        await bot.settings.change(chat, language="de", quiet_from=60, quiet_until=120)
    await bot.chats.set_polls(PIT_WALL, on=False)
    await bot.posts.note(Shows(Post(PIT_WALL, "1"), bot.imola))
    await bot.settings.change(GRANDSTAND, closing_hours=24)
    await bot.posts.note(Shows(Post(GRANDSTAND, "1"), bot.imola))
    await bot.menus.changed("telegram:1", "abc")
    await office.tell("recaps")
    await office.tell("calendar")
    return bot


@contextmanager
def dying(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every transaction dies before its commit."""
    write = database.write

    async def write_almost(transaction: Transaction[Result]) -> Result:
        def dies(connection: Connection) -> Result:
            transaction(connection)
            raise InterruptedError

        return await write(dies)

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", write_almost)
        yield


@contextmanager
def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The transactions that are written."""
    transactions: list[object] = []
    write = database.write

    async def write_noted(transaction: Transaction[Result]) -> Result:
        transactions.append(transaction)
        return await write(transaction)

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", write_noted)
        yield transactions


OPERATIONS: dict[str, Callable[[Bot], Awaitable[object]]] = {
    "a setting is changed": lambda bot: bot.settings.change(ALONE, language="es"),
    "settings of a new chat are changed": lambda bot: bot.settings.change(NEW, spoilers=Spoilers.HELD, hold_until=540),
    "polls are made blind": lambda bot: bot.settings.change(PADDOCK, blind=True, delay_seconds=40),
    "no poll is closed in time any more": lambda bot: bot.settings.change(GRANDSTAND, closing_hours=None),
    "topics are turned on": lambda bot: bot.subscriptions.begin(NEW, ["recaps", "sprints"]),
    "topics are turned on by somebody who speaks German": lambda bot: bot.subscriptions.begin(
        NEW, ["recaps"], subscriber=User(Platform.TELEGRAM, "7"), language="de"
    ),
    "a topic is turned off": lambda bot: bot.subscriptions.end(PADDOCK, ["recaps", "sprints"]),
    "all topics are turned off": lambda bot: bot.subscriptions.end(PIT_WALL),
    "a private chat's last topics are turned off": lambda bot: bot.subscriptions.end(ALONE, ["recaps", "calendar"]),
    "a private chat is closed to us": lambda bot: bot.subscriptions.end_all(ALONE),
    "a group grows": lambda bot: bot.moves.move(PIT_WALL, NEW),
    "a group has grown unnoticed": lambda bot: bot.moves.move(PIT_WALL, BIGGER),
    "roles are mentioned": lambda bot: bot.subscriptions.ping(PADDOCK, ["recaps", "calendar"], "42"),
    "an admin is warned": lambda bot: bot.subscriptions.warn(PIT_WALL),
    "polls are turned off": lambda bot: bot.chats.set_polls(NEW, on=False),
    "polls are turned on": lambda bot: bot.chats.set_polls(PIT_WALL, on=True),
    "a message shows a poll": lambda bot: bot.posts.note(Shows(Post(PADDOCK, "1"), bot.monza)),
    "a poll is shown where it closes in time": lambda bot: bot.posts.note(Shows(Post(GRANDSTAND, "2"), bot.monza)),
    "a message shows another poll": lambda bot: bot.posts.note(Shows(Post(PIT_WALL, "1"), bot.monza)),
    "a message is gone": lambda bot: bot.posts.note(Gone(Post(PIT_WALL, "1"))),
    "messages are gone": lambda bot: bot.posts.forget_chat(PIT_WALL),
    "a menu is being published": lambda bot: bot.menus.changed("discord:1", "abc"),
    "a menu is published": lambda bot: bot.menus.published("telegram:1", "abc"),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
async def test_it_is_done_in_one_transaction_and_again_changes_nothing(
    bot: Bot, operation: Callable[[Bot], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await bot.kept(), bot.remembered()
    with dying(bot.database, monkeypatch), pytest.raises(InterruptedError):
        await operation(bot)
    assert (await bot.kept(), bot.remembered()) == before

    with counted(bot.database, monkeypatch) as transactions:
        await operation(bot)
    assert len(transactions) == 1
    once = await bot.kept(), bot.remembered()
    assert once[0] != before[0]

    await operation(bot)
    assert (await bot.kept(), bot.remembered()) == once
    again = await bot.restarted()
    assert again.remembered() == once[1]
    await operation(again)
    assert (await again.kept(), again.remembered()) == once


async def test_a_group_that_moved_before_turns_no_polls_off_again(bot: Bot) -> None:
    await bot.moves.move(PIT_WALL, BIGGER)
    assert bot.chats.polls_off(BIGGER)
    await bot.chats.set_polls(BIGGER, on=True)
    await bot.moves.move(PIT_WALL, BIGGER)
    assert not bot.chats.polls_off(BIGGER)
    assert bot.remembered() == (await bot.restarted()).remembered()


async def test_where_nothing_is_on_nothing_is_turned_off_and_settings_stay(bot: Bot) -> None:
    await bot.subscriptions.end(ALONE)
    await bot.settings.change(ALONE, zone="Europe/London")
    assert (await bot.subscriptions.end(ALONE)).topics == {}
    assert (await bot.settings.of(ALONE)).zone == "Europe/London"


async def test_a_menu_that_was_published_by_who_died_before_saying_so_is_published_again(bot: Bot) -> None:
    await bot.menus.published("telegram:1", "old")
    assert await bot.menus.changed("telegram:1", "new")
    assert await (await bot.restarted()).menus.changed("telegram:1", "old")
