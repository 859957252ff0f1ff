"""All chats read again, page by page: memory has what is stored, whoever changed it, and whatever changes meanwhile."""

import asyncio

import pytest

from bot.domain.chat_settings import Spoilers
from bot.domain.places import Chat, Platform
from storage import chat_preferences
from storage.chat_moves import ChatMoves
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates

CHATS = [Chat(Platform.TELEGRAM, f"-100{number}") for number in range(7)]
BIGGER = Chat(Platform.TELEGRAM, "-100999")


@pytest.fixture(autouse=True)
def _pages_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_preferences, "PAGE", 2)


@pytest.fixture
async def others(database: Database) -> Chats:
    """What another process remembers, which is told nothing."""
    return await Chats.open(database, HandledUpdates(database))


async def remembers(database: Database, chats: Chats) -> bool:
    """Whether what is in memory is what one that starts now reads."""
    fresh = await Chats.open(database, HandledUpdates(database))
    return all(
        chats.preferences(chat) == fresh.preferences(chat) and chats.goes_on_as(chat) == fresh.goes_on_as(chat)
        for chat in (*CHATS, BIGGER)
    )


async def test_what_another_process_changed_is_known(database: Database, chats: Chats, others: Chats) -> None:
    settings = SettingsStore(database, others, HandledUpdates(database))
    for chat in CHATS:
        await settings.change(chat, language="de")
    await chats.read_again()
    assert [chats.language(chat) for chat in CHATS] == ["de"] * len(CHATS)
    await settings.change(CHATS[0], language=None)
    await settings.change(CHATS[3], spoilers=Spoilers.VEILED)
    await others.set_polls(CHATS[6], on=False)
    await ChatMoves(database, others).move(CHATS[5], BIGGER)
    await chats.read_again()
    assert chats.language(CHATS[0]) is None
    assert chats.polls_off(CHATS[6])
    assert chats.goes_on_as(CHATS[5]) == BIGGER
    assert await remembers(database, chats)


async def test_what_is_changed_meanwhile_stands(database: Database, chats: Chats, others: Chats) -> None:
    ours, theirs = (SettingsStore(database, each, HandledUpdates(database)) for each in (chats, others))
    for number in range(10):
        language = None if number % 2 else "es"
        for chat in CHATS:
            await theirs.change(chat, language="de")
        await asyncio.gather(
            chats.read_again(), *(ours.change(chat, language=language) for chat in (CHATS[1], CHATS[4], CHATS[6]))
        )
        assert [chats.language(CHATS[each]) for each in (0, 1, 4, 6)] == ["de", language, language, language]
        assert await remembers(database, chats)
