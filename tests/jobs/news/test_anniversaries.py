"""What is told on this day: once a date, in each chat's evening, however often the bot restarts."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from tests.support.incidents import catalogue
from tests.support.press_room import GRANDSTAND, HOUR, PIT_WALL, PressRoom, press_room

NIGHT_BEFORE = dt.datetime(2026, 4, 17, 6, tzinfo=dt.UTC)


@pytest.fixture
async def room(data_dir: Path) -> AsyncIterator[PressRoom]:
    """A press room that knows the catalogue, with a chat in New Zealand and one in London."""
    async with press_room(data_dir) as room:
        room.incidents = catalogue()
        room.restart()
        await room.subscribe(PIT_WALL, "anniversaries", settings=ChatSettings("Pacific/Auckland"))
        await room.subscribe(GRANDSTAND, "anniversaries", settings=ChatSettings("Europe/London"))
        yield room


async def told(room: PressRoom) -> list[Announcement]:
    return [each for each in await room.announced() if each.kind is Kind.ANNIVERSARY]


async def test_each_chat_is_told_once_in_its_own_evening(room: PressRoom) -> None:
    room.now = NIGHT_BEFORE
    while room.now < NIGHT_BEFORE + 60 * HOUR:
        await room.round()
        room.restart()
        room.now += HOUR
    (anniversary,) = await told(room)
    assert anniversary.subject == {"incident": "imola-2021", "day": "2026-04-18"}
    assert await room.due(anniversary) == {
        PIT_WALL.id: dt.datetime(2026, 4, 18, 6, tzinfo=dt.UTC),
        GRANDSTAND.id: dt.datetime(2026, 4, 18, 17, tzinfo=dt.UTC),
    }


async def test_on_a_day_that_has_none_nobody_is_told(room: PressRoom) -> None:
    room.now = NIGHT_BEFORE - 72 * HOUR
    for _hour in range(24):
        await room.round()
        room.now += HOUR
    assert await told(room) == []
