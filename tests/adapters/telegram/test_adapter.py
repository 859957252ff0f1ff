"""What the rest of the bot calls."""

from dataclasses import replace

import pytest

from bot.chat.platform import UnreachableError
from bot.domain.places import ChatKind
from tests.adapters.telegram.bot_api import (
    BotApi,
    typed,
)
from tests.adapters.telegram.desk import AL_ALONE, RETRY_AFTER_3, STORY, Desk


async def test_the_menus_are_sent_once_and_again_when_they_change(api: BotApi, desk: Desk) -> None:
    crash, vote, polls = desk.command("crash"), desk.command("vote", listed=False), desk.command("polls", admin=True)
    for times, commands in (
        (9, (crash, polls)),
        (9, (crash, vote, polls)),
        (18, (crash, polls, desk.command("quotes"))),
    ):
        async with desk.open(*commands):
            await api.called("setMyCommands", times)
    sent = [
        (call["scope"]["type"], call.get("language_code"), [row["command"] for row in call["commands"]])
        for call in api.given("setMyCommands")
    ]
    groups, admins = "all_group_chats", "all_chat_administrators"
    first = [("default", ["crash", "polls"]), (groups, ["crash"]), (admins, ["crash", "polls"])]
    then = [(scope, [*commands, "quotes"]) for scope, commands in first]
    assert sent == [
        (scope, language, commands)
        for menus in (first, then)
        for language in (None, "de", "es")
        for scope, commands in menus
    ]
    assert {"telegram:42", "telegram:42:de", "telegram:42:all_group_chats:es"} <= desk.menus.digests.keys()


async def test_only_a_menu_that_has_changed_is_sent(api: BotApi, desk: Desk) -> None:
    for times, admin in ((9, False), (12, True)):
        async with desk.open(desk.command("crash"), desk.command("polls", admin=admin)):
            await api.called("setMyCommands", times)
    assert [call["scope"]["type"] for call in api.given("setMyCommands")[9:]] == ["all_group_chats"] * 3


async def test_menus_speak_every_language_and_name_what_works_in_a_chat(api: BotApi, desk: Desk) -> None:
    alone = desk.command("mydata", works=lambda chat, _argument: chat.kind is ChatKind.PRIVATE)
    help_ = replace(desk.command("help"), summary="Everything that can be asked")
    async with desk.open(help_, alone):
        await api.called("setMyCommands", 9)
    said = {
        (call["scope"]["type"], call.get("language_code", "en")): [row["description"] for row in call["commands"]]
        for call in api.given("setMyCommands")
    }
    assert said["default", "en"] == ["Everything that can be asked", "About mydata"]
    assert said["all_group_chats", "de"] == ["Alles, was man fragen kann"]


async def test_menus_that_are_refused_are_tried_at_the_next_start(api: BotApi, desk: Desk) -> None:
    api.fail("setMyCommands", RETRY_AFTER_3)
    for _ in range(2):
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash"))
    assert (len(api.given("setMyCommands")), len(desk.asked)) == (1 + 9, 2)


async def test_nothing_can_be_sent_without_a_connection(desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(AL_ALONE, STORY)
    for closed in (adapter, desk.adapter()):
        with pytest.raises(UnreachableError, match="not connected"):
            await closed.send(AL_ALONE, STORY)
