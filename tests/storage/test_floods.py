"""One chat's flood of votes is said in the log, once, and every vote of it is counted."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.turnout import FLOOD, MINUTE
from storage import floods, tables
from storage.database.base import Database
from storage.polls import Polls
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, recounted, tallied, voter
from tests.support.clock import FakeClock

RUSSELL, BOTTAS = "imola-2021 all-russell", "imola-2021 all-bottas"
ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)


@pytest.fixture(autouse=True)
def _a_minute_begins(clock: FakeClock) -> None:
    assert clock.now().timestamp() % MINUTE == 0


async def flood(booth: Booth, votes: int, chat: Chat = PIT_WALL, paper: str = RUSSELL, first: int = 0) -> list[Any]:
    """Have so many people vote, and what is logged."""
    with capture_logs() as logs:
        receipts = await asyncio.gather(*(booth.press(paper, voter(first + number), chat) for number in range(votes)))
    assert all(receipt.changed for receipt in receipts)
    return logs


async def test_a_flood_is_said_once_and_counted(booth: Booth, database: Database, polls: Polls) -> None:
    assert await flood(booth, FLOOD - 1) == []
    (told,) = await flood(booth, 1, first=FLOOD)
    chat = await database.read(lambda connection: connection.scalar(select(tables.chat.c.id)))
    said = {"incident": "imola-2021", "question": "blame", "chat": chat, "votes": FLOOD, "within_seconds": MINUTE}
    assert told == {"event": "poll.flooded", "log_level": "warning", **said}
    assert await flood(booth, FLOOD, first=2 * FLOOD) == []
    assert await tallied(database) == await recounted(database)
    imola = polls.get("imola-2021")
    assert imola
    assert (await polls.tally(imola)).votes == 2 * FLOOD


async def test_a_burst_is_told_once_and_the_next_one_again(booth: Booth, clock: FakeClock) -> None:
    for minute, told in enumerate((1, 0, 0)):
        assert len(await flood(booth, FLOOD, first=minute * FLOOD)) == told
        clock.pass_by(MINUTE)
    assert await flood(booth, 10, first=3 * FLOOD) == []
    clock.pass_by(MINUTE)
    assert len(await flood(booth, FLOOD, first=4 * FLOOD)) == 1


async def test_each_chat_and_poll_is_watched_by_itself(booth: Booth) -> None:
    half = FLOOD // 2
    assert await flood(booth, half) == []
    assert await flood(booth, half, GRANDSTAND, first=FLOOD) == []
    assert await flood(booth, half, paper="monza-2021 all-verstappen") == []
    assert len(await flood(booth, half, first=2 * FLOOD)) == 1


async def test_votes_spread_over_minutes_are_no_flood(booth: Booth, clock: FakeClock) -> None:
    for minute in range(3):
        assert await flood(booth, FLOOD - 1, first=minute * FLOOD) == []
        clock.pass_by(MINUTE)


@pytest.mark.parametrize("chat", [ALONE, INLINE])
async def test_what_is_no_ones_chat_is_no_ones_flood(booth: Booth, chat: Chat) -> None:
    assert await flood(booth, 2 * FLOOD, chat) == []


async def test_where_there_are_too_many_chats_the_busiest_are_watched_on(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "REMEMBERED", 4)
    assert await flood(booth, FLOOD - 1) == []
    for number in range(20):
        assert await flood(booth, 1, Chat(Platform.TELEGRAM, f"-20{number}"), first=FLOOD + number) == []
    assert len(await flood(booth, 1, first=2 * FLOOD)) == 1


async def test_what_changes_nothing_is_no_flood(booth: Booth) -> None:
    await booth.press(RUSSELL, voter(0))
    with capture_logs() as logs:
        for paper in (RUSSELL, BOTTAS, "imola-2021 withdraw", "imola-2021 withdraw"):
            await asyncio.gather(*(booth.press(paper, voter(0)) for _ in range(FLOOD)))
    assert logs == []


async def test_updates_that_come_again_are_counted_once(booth: Booth) -> None:
    with capture_logs() as logs:
        for _twice in range(2):
            presses = (booth.press(RUSSELL, voter(number), update=str(number)) for number in range(FLOOD - 1))
            await asyncio.gather(*presses)
    assert logs == []
