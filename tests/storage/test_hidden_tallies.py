import pytest

from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.polls import Poll
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, voter

AL = voter(7)
ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)


@pytest.fixture
async def hidden(database: Database, chats: Chats, voters: Voters) -> HiddenTallies:
    """The pit wall's polls are blind, and so are those that Al sees alone."""
    settings = SettingsStore(database, chats, HandledUpdates(database))
    for chat in (PIT_WALL, ALONE):
        await settings.change(chat, blind=True)
    return HiddenTallies(chats, voters)


@pytest.fixture
def imola(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "imola-2021")


async def test_in_a_group_it_is_hidden_for_all_even_who_has_voted(
    hidden: HiddenTallies, booth: Booth, imola: Poll
) -> None:
    await booth.press("imola-2021 all-russell", AL)
    hidden.note(PIT_WALL, imola, voted=True)
    assert hidden.in_chat(PIT_WALL, imola)
    assert await hidden.in_answer(PIT_WALL, imola, AL)
    assert not hidden.in_chat(GRANDSTAND, imola)
    assert not await hidden.in_answer(GRANDSTAND, imola, AL)


async def test_alone_it_is_hidden_until_one_votes_wherever_that_is(
    hidden: HiddenTallies, booth: Booth, imola: Poll
) -> None:
    assert await hidden.in_answer(ALONE, imola, AL)
    assert hidden.in_chat(ALONE, imola)
    await booth.press("imola-2021 all-russell", AL, GRANDSTAND)
    assert not await hidden.in_answer(ALONE, imola, AL)
    assert not hidden.in_chat(ALONE, imola)
    hidden.note(ALONE, imola, voted=False)
    assert hidden.in_chat(ALONE, imola)


async def test_who_has_voted_is_known_poll_by_poll(
    hidden: HiddenTallies, booth: Booth, polls: Polls, imola: Poll
) -> None:
    await booth.press("imola-2021 all-russell", AL)
    monza = next(poll for poll in polls if poll.incident_id == "monza-2021")
    assert await hidden.has_voted(imola, AL)
    assert not await hidden.has_voted(monza, AL)
    assert not await hidden.has_voted(imola, User(Platform.DISCORD, AL.id))
    await booth.press("imola-2021 withdraw", AL)
    assert not await hidden.has_voted(imola, AL)


async def test_blindness_outlives_a_restart_and_ends_where_an_admin_says_so(
    hidden: HiddenTallies, database: Database, chats: Chats, imola: Poll
) -> None:
    assert hidden.in_chat(PIT_WALL, imola)
    fresh = await Chats.open(database, HandledUpdates(database))
    assert [fresh.preferences(chat).blind for chat in (PIT_WALL, ALONE, GRANDSTAND)] == [True, True, False]
    await SettingsStore(database, chats, HandledUpdates(database)).change(PIT_WALL, blind=False)
    assert not hidden.in_chat(PIT_WALL, imola)
