"""What is asked in private about a channel or group: the asker's right there and the bot's are asked from Telegram."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.answering.asking import NOT_THERE
from bot.adapters.telegram.answering.elsewhere import named
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.cards import Card
from bot.chat.dispatcher import ADMINS_ONLY
from bot.chat.elsewhere import about
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, User
from tests.adapters.telegram.bot_api import PRIVATE, BotApi, Failure, pressed, typed
from tests.adapters.telegram.desk import AL_ALONE, Desk

PIT_LANE = Chat(Platform.TELEGRAM, "-1009")
CHOICE = Reply(
    Card("On: recaps"),
    ((Button("Sprints too", "subscribe", "sprints"), Button("All incidents", "incidents")),),
)
NO_LIST = Failure(400, "Bad Request: member list is inaccessible")


@pytest.mark.parametrize("name", ["@pitlane", "-1001009000"])
async def test_an_admin_subscribes_a_channel_in_private(api: BotApi, desk: Desk, name: str) -> None:
    api.members, api.rights = {7: "administrator", 42: "administrator"}, {"can_post_messages": True}
    async with desk.open(desk.command("subscribe", CHOICE, admin=True, posts=True)):
        await api.deliver(typed(f"/subscribe recaps {name}", PRIVATE))
    (request,) = desk.asked
    channel = PIT_LANE if name == "@pitlane" else Chat(Platform.TELEGRAM, name)
    assert (request.chat, request.argument, request.lacking) == (channel, "recaps", ())
    assert request.user == User(Platform.TELEGRAM, "7")
    (call,) = api.given("sendMessage")
    assert (call["chat_id"], call["text"]) == ("7", f"<b>On: recaps</b>\n<i>{name}</i>")
    (row,) = call["reply_markup"]["inline_keyboard"]
    assert [key["callback_data"] for key in row] == [f"subscribe sprints {name}", "incidents"]


async def test_a_button_below_it_is_about_the_channel_as_well(api: BotApi, desk: Desk) -> None:
    api.members = {7: "creator", 42: "administrator"}
    async with desk.open(desk.command("subscribe", CHOICE, admin=True, posts=True)):
        await api.deliver(pressed("~subscribe sprints @pitlane", PRIVATE))
    assert [(request.chat, request.argument) for request in desk.asked] == [(PIT_LANE, "sprints")]
    assert [call["chat_id"] for call in api.given("editMessageText")] == ["7"]


async def test_nobody_else_may(api: BotApi, desk: Desk) -> None:
    api.members = {7: "member", 42: "administrator"}
    async with desk.open(desk.command("subscribe", CHOICE, admin=True, posts=True)):
        await api.deliver(typed("/subscribe @pitlane", PRIVATE))
    assert desk.asked == []
    assert [ADMINS_ONLY in call["text"] for call in api.given("sendMessage")] == [True]


@pytest.mark.parametrize(("name", "failure"), [("@nowhere", None), ("@pitlane", NO_LIST)])
async def test_a_channel_that_the_bot_cannot_see_is_said(
    api: BotApi, desk: Desk, name: str, failure: Failure | None
) -> None:
    if failure is not None:
        api.fail("getChatMember", failure)
    async with desk.open(desk.command("subscribe", CHOICE, admin=True, posts=True)):
        await api.deliver(typed(f"/subscribe {name}", PRIVATE))
    assert [call["text"] for call in api.given("sendMessage")] == [NOT_THERE.format(name=name)]


async def test_only_what_takes_an_admin_can_be_about_another_chat(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash @pitlane", PRIVATE))
    assert [(request.chat, request.argument) for request in desk.asked] == [(AL_ALONE, "@pitlane")]
    assert api.given("getChat") == []


@given(st.text())
def test_whatever_is_typed_names_a_chat_or_none(argument: str) -> None:
    found = named(argument)
    if found is not None:
        assert found[0] in argument.split()
        assert found[0] not in found[1].split() or argument.split().count(found[0]) > 1


@given(st.text("abc", max_size=30), st.from_regex(r"@[a-z]\w{3,31}", fullmatch=True))
def test_a_button_without_room_for_the_name_is_left_out(argument: str, name: str) -> None:
    button = Button("More", "subscribe", argument)
    shown = about(name, Reply(Card("On"), ((button,),)), {"subscribe"})
    fits = len(f"subscribe {f'{argument} {name}'.strip()}".encode()) <= BUTTON_DATA_BYTES
    assert bool(shown.buttons) is fits
    assert shown.card.subtitle == name
