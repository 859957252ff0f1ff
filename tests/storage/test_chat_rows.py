import pytest
from sqlalchemy import insert

from bot.domain.places import Chat, Platform
from storage import tables
from storage.chat_moves import ChatMoves
from storage.chat_rows import key
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, tallied_by_chat, voter
from tests.support.sorting_office import SortingOffice

BIGGER = Chat(Platform.TELEGRAM, "-100777")
"""What the pit wall becomes as it grows."""


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
