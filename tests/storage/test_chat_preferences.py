from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from tests.storage.booth import GRANDSTAND, PIT_WALL


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
