"""Who speaks as a chat and not as themselves: anonymous admins, a channel in its group, a channel's admins."""

import pytest

from bot.adapters.telegram.answering.private import ASK_AS_YOURSELF
from bot.chat.cards import Card
from bot.chat.dispatcher import TOO_FAST
from bot.chat.replies import Reply
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Chat, Platform, User
from tests.adapters.telegram.bot_api import (
    AL,
    ANONYMOUS,
    CHANNEL,
    GROUP,
    PRIVATE,
    BotApi,
    Json,
    anonymous,
    called,
    posted,
    pressed,
    typed,
)
from tests.adapters.telegram.desk import PIT_WALL, PLENTY, STORY, Desk

ANOTHER = {"id": -1002, "type": "supergroup", "title": "Grandstand"}
ANOTHER_BOT = {"id": 43, "is_bot": True, "first_name": "Echo", "username": "EchoBot"}
LINKED = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
AS_A_CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
PIT_LANE = Chat(Platform.TELEGRAM, "-1009")


async def test_anonymous_admins_are_somebody_of_their_own_in_each_group(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash"), desk.command("vote")):
        await api.deliver(anonymous("/crash"), anonymous("/crash", ANOTHER), pressed("vote imola-2021"))
        await api.deliver(pressed("vote imola-2021", sender=ANONYMOUS))
    assert [request.user.id for request in desk.asked] == ["-1001", "-1002", "7", "-1001"]
    assert [request.locale for request in desk.asked] == [None, None, "en", None]


async def test_one_groups_anonymous_admins_do_not_use_up_anothers_allowance(api: BotApi, desk: Desk) -> None:
    desk.limits = Throttle(desk.clock, person=Rate(2, 0.001), commands=PLENTY)
    async with desk.open(desk.command("crash")):
        await api.deliver(*[anonymous("/crash")] * 4)
        await api.deliver(anonymous("/crash", ANOTHER))
    assert [request.chat.id for request in desk.asked] == ["-1001", "-1001", "-1002"]
    assert [call["text"] for call in api.given("sendMessage") if call["text"] == TOO_FAST] == [TOO_FAST]


@pytest.mark.parametrize(
    ("sender", "more"), [(LINKED, {"is_automatic_forward": True, "forward_origin": {}}), (AS_A_CHANNEL, {})]
)
async def test_a_channel_that_speaks_in_its_group_is_somebody_too(
    api: BotApi, desk: Desk, sender: Json, more: Json
) -> None:
    async with desk.open(desk.command("crash"), desk.command("polls", admin=True)):
        await api.deliver(*(typed(text, GROUP, sender, sender_chat=CHANNEL, **more) for text in ("/crash", "/polls")))
    assert [(request.command, request.user.id) for request in desk.asked] == [("crash", "-1009")], "but no admin"


async def test_what_is_for_one_person_is_not_said_to_who_speaks_as_a_group(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("mydata", Reply(Card("One vote", "Imola"), private=True))):
        await api.deliver(anonymous("/mydata"))
    (call,) = api.given("sendMessage")
    assert (call["chat_id"], call["text"]) == ("-1001", ASK_AS_YOURSELF)


async def test_a_channels_admins_ask_in_the_channel(api: BotApi, desk: Desk) -> None:
    api.members = {42: "administrator"}
    api.rights = {"can_post_messages": True}
    async with desk.open(desk.command("subscribe", admin=True, posts=True)):
        await api.deliver(posted("/subscribe recaps"), posted("Verstappen wins"), posted("/subscribe@otherbot recaps"))
    (request,) = desk.asked
    assert (request.chat, request.user, request.argument) == (PIT_LANE, User(Platform.TELEGRAM, "-1009"), "recaps")
    assert request.lacking == ()
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["-1009"]
    assert "channel_post" in api.polls[0]["allowed_updates"]


async def test_what_a_channel_is_asked_for_and_the_bot_may_not_do_is_known(api: BotApi, desk: Desk) -> None:
    api.members, api.rights = {42: "administrator"}, {"can_post_messages": False}
    async with desk.open(desk.command("subscribe", admin=True, posts=True)):
        await api.deliver(posted("/subscribe recaps"))
    assert [request.lacking for request in desk.asked] == [("to post messages",)]


async def test_a_press_in_a_channel_is_a_persons(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("vote")):
        await api.deliver(pressed("~vote imola-2021 all-russell", CHANNEL))
    assert [(request.chat, request.user.id) for request in desk.asked] == [(PIT_LANE, "7")]
    assert [call["chat_id"] for call in api.given("editMessageText")] == ["-1009"]


async def test_a_command_may_be_a_pictures_caption(api: BotApi, desk: Desk) -> None:
    def captioned(caption: str, chat: Json) -> Json:
        update = typed("", chat, caption=caption, photo=[])
        del update["message"]["text"]
        return update

    async with desk.open(desk.command("crash")):
        await api.deliver(captioned("/crash imola", GROUP), captioned("/crash@otherbot imola", GROUP))
        await api.deliver(captioned("What a crash", GROUP), captioned("Imola", PRIVATE))
    assert [(request.chat, request.argument) for request in desk.asked] == [(PIT_WALL, "imola")]


async def test_what_is_edited_is_not_answered_again(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"), {"edited_message": typed("/crash monza")["message"]})
        await api.deliver({"edited_channel_post": posted("/crash monza")["channel_post"]})
    assert [request.argument for request in desk.asked] == ["imola"]
    assert not [kind for kind in api.polls[0]["allowed_updates"] if kind.startswith("edited")]


@pytest.mark.parametrize(("chat", "answered"), [(GROUP, 0), (PRIVATE, 1)])
async def test_others_words_are_no_question_to_a_group_but_in_private_they_are(
    api: BotApi, desk: Desk, chat: Json, answered: int
) -> None:
    origin = {"type": "user", "date": 1, "sender_user": AL}
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola", chat, forward_origin=origin))
        await api.deliver(typed("/crash imola", chat, via_bot=ANONYMOUS))
    assert len(desk.asked) == answered


@pytest.mark.parametrize("chat", [GROUP, PRIVATE])
async def test_another_bot_asks_nothing_and_has_no_vote(api: BotApi, desk: Desk, chat: Json) -> None:
    async with desk.open(desk.command("crash"), desk.command("vote")):
        await api.deliver(
            typed("/crash imola", chat, ANOTHER_BOT), typed("/vote imola-2021 all-russell", chat, ANOTHER_BOT)
        )
        await api.deliver(called("@RacingIncidentBot /crash imola", sender=ANOTHER_BOT))
    assert desk.asked == []
    assert api.given("sendMessage") == api.given("answerGuestQuery") == []


async def test_a_story_that_an_anonymous_admin_asked_for_is_everybodys(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash", STORY), desk.command("quotes")):
        await api.deliver(anonymous("/crash"), pressed("quotes imola-2021"))
    assert [(request.command, request.user.id) for request in desk.asked] == [("crash", "-1001"), ("quotes", "7")]
