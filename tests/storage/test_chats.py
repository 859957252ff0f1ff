import asyncio

import pytest

from bot.domain.places import Chat, Platform
from storage import chats as module
from storage.chat_moves import ChatMoves
from storage.chat_rows import key
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from tests.storage.booth import GRANDSTAND, PIT_WALL

BIGGER = Chat(Platform.TELEGRAM, "-100777")
"""What the pit wall becomes as it grows."""


@pytest.fixture
def store(database: Database, chats: Chats) -> SettingsStore:
    return SettingsStore(database, chats, HandledUpdates(database))


async def test_a_chat_keeps_its_short_id(chats: Chats, database: Database) -> None:
    first = await chats.ids([PIT_WALL, GRANDSTAND, PIT_WALL])
    assert len(set(first.values())) == 2
    again = await Chats.open(database, HandledUpdates(database))
    assert await again.ids([GRANDSTAND, PIT_WALL]) == first


async def test_two_who_meet_a_chat_at_once_agree_on_its_id(database: Database) -> None:
    one, other = [await Chats.open(database, HandledUpdates(database)) for _ in range(2)]
    mine, theirs = await asyncio.gather(one.ids([PIT_WALL]), other.ids([PIT_WALL]))
    assert mine == theirs


async def test_any_number_of_chats_is_known_whatever_their_names(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 10)
    chats = await Chats.open(database, HandledUpdates(database))
    many = [Chat(Platform.TELEGRAM, f"-100{number} \"' ☃ \\") for number in range(50)]
    ids = await chats.ids(many)
    assert len(set(ids.values())) == 50
    assert await chats.ids(reversed(many)) == ids


async def test_a_chat_that_goes_on_under_another_id_keeps_its_short_id_and_its_wishes(
    chats: Chats, store: SettingsStore, database: Database
) -> None:
    ids = await chats.ids([PIT_WALL])
    await chats.set_polls(PIT_WALL, on=False)
    await store.change(PIT_WALL, language="de")
    await ChatMoves(database, chats).move(PIT_WALL, BIGGER)
    assert await chats.ids([BIGGER]) == {key(BIGGER): ids[key(PIT_WALL)]}
    for known in (chats, await Chats.open(database, HandledUpdates(database))):
        assert (known.polls_off(PIT_WALL), known.polls_off(BIGGER)) == (False, True)
        assert (known.language(PIT_WALL), known.language(BIGGER)) == (None, "de")
        assert await known.ids([PIT_WALL]) == ids, "what is still said there is said in the same chat"
