"""A picture is uploaded once."""

import asyncio

import pytest

from bot.adapters.telegram import uploads
from bot.chat.platform import ChatGoneError
from bot.domain.places import Chat, ChatKind, Platform, Post
from tests.adapters.telegram.bot_api import UPLOAD, BotApi
from tests.adapters.telegram.desk import AL_ALONE, BLOCKED, PIT_WALL, RECAP, STANDINGS, Desk


async def test_a_picture_is_uploaded_once_however_many_chats_it_goes_to(api: BotApi, desk: Desk) -> None:
    chats = [Chat(Platform.TELEGRAM, str(number), ChatKind.PRIVATE) for number in range(1, 6)]
    async with desk.open() as adapter:
        await asyncio.gather(*(adapter.send(chat, RECAP) for chat in chats))
        await adapter.edit(Post(PIT_WALL, "5"), RECAP)
        await adapter.send(PIT_WALL, STANDINGS)
    assert [call["photo"] for call in api.given("sendPhoto")] == [UPLOAD, *["photo-1"] * 4, UPLOAD]
    assert [call["media"]["media"] for call in api.given("editMessageMedia")] == ["photo-1"]


async def test_where_the_first_upload_fails_the_next_one_is_made(api: BotApi, desk: Desk) -> None:
    api.fail("sendPhoto", BLOCKED)
    async with desk.open() as adapter:
        sent = await asyncio.gather(*(adapter.send(AL_ALONE, RECAP) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in sent] == [ChatGoneError, Post, Post]
    assert [call["photo"] for call in api.given("sendPhoto")] == [UPLOAD, UPLOAD, "photo-1"]


async def test_nobody_waits_for_long_until_another_has_uploaded(
    api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0)
    async with desk.open() as adapter:
        await asyncio.gather(*(adapter.send(AL_ALONE, RECAP) for _ in range(2)))
    assert [call["photo"] for call in api.given("sendPhoto")] == [UPLOAD, UPLOAD]


async def test_a_picture_that_telegram_no_longer_has_is_uploaded_again(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(AL_ALONE, RECAP)
        api.files.clear()
        await asyncio.gather(*(adapter.send(AL_ALONE, RECAP) for _ in range(2)))
    photos = [call["photo"] for call in api.given("sendPhoto")]
    assert photos == [UPLOAD, "photo-1", "photo-1", UPLOAD, "photo-2"]


async def test_only_the_latest_pictures_are_remembered(
    api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "REMEMBERED", 1)
    async with desk.open() as adapter:
        for reply in (RECAP, STANDINGS, RECAP):
            await adapter.send(AL_ALONE, reply)
    assert [call["photo"] for call in api.given("sendPhoto")] == [UPLOAD] * 3
