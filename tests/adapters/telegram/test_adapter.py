"""What the rest of the bot calls."""

import pytest

from bot.chat.platform import UnreachableError
from tests.adapters.telegram.bot_api import (
    BotApi,
    typed,
)
from tests.adapters.telegram.desk import AL_ALONE, RETRY_AFTER_3, STORY, Desk


async def test_the_menu_is_sent_once_and_again_when_it_changes(api: BotApi, desk: Desk) -> None:
    crash, vote = desk.command("crash"), desk.command("vote", listed=False)
    for commands in ((crash,), (crash, vote), (crash, desk.command("quotes"))):
        async with desk.open(*commands):
            pass
    assert [[row["command"] for row in call["commands"]] for call in api.given("setMyCommands")] == [
        ["crash"],
        ["crash", "quotes"],
    ]
    assert list(desk.menus.digests) == ["telegram:42"]


async def test_a_menu_that_is_refused_is_tried_at_the_next_start(api: BotApi, desk: Desk) -> None:
    api.fail("setMyCommands", RETRY_AFTER_3)
    for _ in range(2):
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash"))
    assert (len(api.given("setMyCommands")), len(desk.asked)) == (2, 2)


async def test_nothing_can_be_sent_without_a_connection(desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(AL_ALONE, STORY)
    for closed in (adapter, desk.adapter()):
        with pytest.raises(UnreachableError, match="not connected"):
            await closed.send(AL_ALONE, STORY)
