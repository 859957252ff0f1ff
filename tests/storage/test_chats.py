import asyncio

import pytest
from sqlalchemy import insert

from bot.domain.places import Chat, Platform
from storage import chats as module
from storage import tables
from storage.chat_moves import ChatMoves
from storage.chat_settings import SettingsStore
from storage.chats import Chats, key
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, tallied_by_chat, voter
from tests.support.sorting_office import SortingOffice

BIGGER = Chat(Platform.TELEGRAM, "-100777")
"""What the pit wall becomes as it grows."""


@pytest.fixture
def store(database: Database, chats: Chats) -> SettingsStore:
    return SettingsStore(database, chats, HandledUpdates(database))


async def test_chats_want_polls_until_their_admins_turn_them_off(chats: Chats) -> None:
    assert not chats.polls_off(PIT_WALL)
    await chats.set_polls(PIT_WALL, on=False)
    assert chats.polls_off(PIT_WALL)
    assert not chats.polls_off(GRANDSTAND)
    await chats.set_polls(PIT_WALL, on=True)
    assert not chats.polls_off(PIT_WALL)


async def test_polls_stay_off_over_a_restart(chats: Chats, database: Database) -> None:
    await chats.set_polls(PIT_WALL, on=False)
    await chats.set_polls(GRANDSTAND, on=False)
    await chats.set_polls(GRANDSTAND, on=True)
    again = await Chats.open(database, HandledUpdates(database))
    assert again.polls_off(PIT_WALL)
    assert not again.polls_off(GRANDSTAND)


async def test_a_chat_keeps_its_short_id(chats: Chats, database: Database) -> None:
    first = await chats.ids([PIT_WALL, GRANDSTAND, PIT_WALL])
    assert len(set(first.values())) == 2
    again = await Chats.open(database, HandledUpdates(database))
    assert await again.ids([GRANDSTAND, PIT_WALL]) == first


async def test_two_who_meet_a_chat_at_once_agree_on_its_id(database: Database) -> None:
    one, other = [await Chats.open(database, HandledUpdates(database)) for _ in range(2)]
    mine, theirs = await asyncio.gather(one.ids([PIT_WALL]), other.ids([PIT_WALL]))
    assert mine == theirs


@pytest.mark.postgresql
async def test_a_look_at_chats_that_are_known_uses_up_no_id(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    first = await (await Chats.open(database, HandledUpdates(database))).ids([PIT_WALL])
    for _ in range(3):  # what is in memory of one is not in another's
        assert await (await Chats.open(database, HandledUpdates(database))).ids([PIT_WALL]) == first
    next_one = await (await Chats.open(database, HandledUpdates(database))).ids([PIT_WALL, GRANDSTAND])
    await database.close()
    assert next_one[key(GRANDSTAND)] == first[key(PIT_WALL)] + 1


async def test_there_may_be_more_chats_than_32_bits_count(
    chats: Chats, database: Database, booth: Booth, office: SortingOffice
) -> None:
    last = {"id": 2**40, "platform": "telegram", "external": "-1", "kind": "group"}
    await database.write(lambda connection: connection.execute(insert(tables.chat), last))
    if database.dialect == "postgresql":
        ahead = "SELECT setval('chat_id_seq', 1099511627776)"
        await database.write(lambda connection: connection.exec_driver_sql(ahead))
    assert (await chats.ids([PIT_WALL]))[key(PIT_WALL)] == 2**40 + 1
    await booth.press("imola-2021 racing-incident", voter(7))
    await office.subscribe(PIT_WALL)
    await office.tell()
    assert await office.deliver() == [PIT_WALL]
    assert {chat for chat, *_choice in await tallied_by_chat(database)} == {2**40 + 1}
    await ChatMoves(database, chats).move(PIT_WALL, BIGGER)
    assert await chats.ids([BIGGER]) == {key(BIGGER): 2**40 + 1}


async def test_the_same_id_on_another_platform_is_another_chat(chats: Chats) -> None:
    twin = Chat(Platform.DISCORD, PIT_WALL.id)
    ids = await chats.ids([PIT_WALL, twin])
    assert ids[key(PIT_WALL)] != ids[key(twin)]


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
