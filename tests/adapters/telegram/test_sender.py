"""What goes out to Telegram: pictures with their captions, changes of messages, words to who looks after a group."""

from dataclasses import replace

import pytest
import structlog.testing

from bot.adapters.telegram.inbound import INLINE
from bot.chat.cards import Card
from bot.chat.platform import (
    SlowDownError,
    UnreachableError,
)
from bot.chat.replies import Reply, notice
from bot.domain.places import Chat, Platform, Post, User
from tests.adapters.telegram.bot_api import CUT, UPLOAD, BotApi, Failure, pressed, typed
from tests.adapters.telegram.desk import (
    AL_ALONE,
    BLOCKED,
    PIT_WALL,
    RECAP,
    RETRY_AFTER_3,
    STANDINGS,
    STORY,
    Desk,
    complaints,
)

NO_PHOTOS = Failure(400, "Bad Request: not enough rights to send photos to the chat")


async def test_a_picture_and_its_card_are_one_message(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("recap", RECAP)):
        await api.deliver(typed("/recap"))
    assert [call.method for call in api.answers] == ["sendPhoto"]
    assert api.given("sendPhoto") == [
        {
            "chat_id": "-1001",
            "photo": UPLOAD,
            "caption": "<b>Imola &lt;2021&gt;</b>\n\n<i>Word for word.</i>",
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": [[{"text": "The story", "callback_data": "recap 2021-imola"}]]},
        }
    ]
    assert desk.posted == [(Post(PIT_WALL, "1000"), RECAP)]


async def test_below_a_bare_title_stands_what_the_picture_shows(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(AL_ALONE, STANDINGS)
    assert [call["caption"] for call in api.given("sendPhoto")] == [
        "<b>Standings</b>\n\nHamilton 44 &amp; Verstappen 43"
    ]


async def test_a_veiled_picture_is_hidden_until_somebody_taps_it(api: BotApi, desk: Desk) -> None:
    veiled = Reply(Card("Imola", "Verstappen wins"), veiled=True, attachment=RECAP.attachment)
    async with desk.open() as adapter:
        post = await adapter.send(PIT_WALL, veiled)
        await adapter.edit(post, veiled)
    (sent,) = api.given("sendPhoto")
    (edited,) = api.given("editMessageMedia")
    assert (sent["has_spoiler"], edited["media"]["has_spoiler"]) == ("true", True)
    assert (
        sent["caption"]
        == edited["media"]["caption"]
        == ("<b>Imola</b>\n<tg-spoiler><i>Verstappen wins</i></tg-spoiler>")
    )


async def test_a_message_is_given_a_picture(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("unveil", Reply(RECAP.card, attachment=RECAP.attachment))):
        await api.deliver(pressed("~unveil"))
    assert api.given("editMessageMedia") == [
        {
            "chat_id": "-1001",
            "message_id": "5",
            "media": {
                "type": "photo",
                "media": UPLOAD,
                "caption": "<b>Imola &lt;2021&gt;</b>\n\n<i>Word for word.</i>",
                "parse_mode": "HTML",
            },
        }
    ]
    assert [post for post, _ in desk.posted] == [Post(PIT_WALL, "5")]


async def test_a_pictures_message_keeps_it_where_only_words_change(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        post = await adapter.send(PIT_WALL, RECAP)
        await adapter.edit(post, STORY)
    assert api.given("editMessageCaption") == [
        {
            "chat_id": "-1001",
            "message_id": "1000",
            "caption": "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>",
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": [[{"text": "Quotes", "callback_data": "quotes imola-2021"}]]},
        }
    ]


@pytest.mark.parametrize("method", ["editMessageText", "editMessageMedia", "editMessageCaption"])
async def test_a_change_that_changes_nothing_is_no_error(api: BotApi, desk: Desk, method: str) -> None:
    async with desk.open() as adapter:
        post = Post(PIT_WALL, "5") if method == "editMessageText" else await adapter.send(PIT_WALL, RECAP)
        api.fail(method, Failure(400, "Bad Request: message is not modified: specified new message content …"))
        await adapter.edit(post, RECAP if method == "editMessageMedia" else STORY)
    assert len(api.given(method)) == 1


async def test_what_finds_no_room_below_a_picture_is_a_message_of_its_own(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", Failure(400, "Bad Request: there is no text in the message to edit"))
    api.fail("editMessageCaption", Failure(400, "Bad Request: MEDIA_CAPTION_TOO_LONG"))
    async with desk.open(desk.command("crash", Reply(STORY.card))):
        await api.deliver(pressed("~crash"))
    assert [post for post, _ in desk.posted] == [Post(PIT_WALL, "1000")]


async def test_an_inline_message_says_what_its_picture_would_show(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.edit(Post(INLINE, "in7"), Reply(STANDINGS.card, attachment=STANDINGS.attachment))
    assert [(call["inline_message_id"], call["text"]) for call in api.given("editMessageText")] == [
        ("in7", "<b>Standings</b>\n\nHamilton 44 &amp; Verstappen 43")
    ]


async def test_a_chat_without_pictures_is_answered_in_words(api: BotApi, desk: Desk) -> None:
    api.fail("sendPhoto", NO_PHOTOS)
    api.fail("editMessageMedia", NO_PHOTOS)
    replacing = Reply(STANDINGS.card, attachment=STANDINGS.attachment)
    async with desk.open(desk.command("standings", STANDINGS), desk.command("again", replacing)):
        await api.deliver(typed("/standings"))
        await api.deliver(pressed("~again"))
    words = "<b>Standings</b>\n\nHamilton 44 &amp; Verstappen 43"
    assert [call["text"] for call in api.given("sendMessage") + api.given("editMessageText")] == [words, words]
    assert [reply for _, reply in desk.posted] == [STANDINGS, replace(replacing, replace=True)]


async def test_a_chat_that_lets_us_say_nothing_is_not_answered(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", Failure(400, "Bad Request: TOPIC_CLOSED"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash"))
    assert complaints(logs) == ["telegram.answer_failed"]


async def test_a_key_and_a_role_mean_nothing_here(api: BotApi, desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(PIT_WALL, notice("Lights out."), once="42", ping="7")
    assert [call["text"] for call in api.given("sendMessage")] == ["Lights out."]


async def test_the_owner_is_told_before_any_admin(api: BotApi, desk: Desk) -> None:
    api.members = {42: "administrator", 8: "administrator", 9: "creator", 10: "administrator"}
    async with desk.open() as adapter:
        assert await adapter.tell_admin(Chat(Platform.TELEGRAM, "-1001:9"), notice("I cannot post in the group."))
        api.fail("sendMessage", BLOCKED, Failure(400, "Bad Request: PEER_ID_INVALID"))
        assert await adapter.tell_admin(PIT_WALL, notice("I cannot post in the group."))
    assert [call["chat_id"] for call in api.given("getChatAdministrators")] == ["-1001", "-1001"]
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["9", "9", "8", "10"]


async def test_where_nobody_can_be_told_that_is_said(api: BotApi, desk: Desk) -> None:
    api.members = {8: "administrator", 9: "creator"}
    api.fail("sendMessage", BLOCKED, BLOCKED)
    async with desk.open() as adapter:
        assert not await adapter.tell_admin(PIT_WALL, notice("I cannot post in the group."))
        api.fail("getChatAdministrators", Failure(400, "Bad Request: member list is inaccessible"))
        assert not await adapter.tell_admin(PIT_WALL, notice("I cannot post in the group."))
        assert not await adapter.tell_admin(AL_ALONE, notice("I cannot post here."))
    assert (len(api.given("sendMessage")), len(api.given("getChatAdministrators"))) == (2, 2)


@pytest.mark.parametrize(("failure", "error"), [(RETRY_AFTER_3, SlowDownError), (CUT, UnreachableError)])
async def test_who_may_be_told_later_is_not_given_up(
    api: BotApi, desk: Desk, failure: Failure, error: type[Exception]
) -> None:
    api.members = {9: "creator"}
    api.fail("sendMessage", failure)
    async with desk.open() as adapter:
        with pytest.raises(error):
            await adapter.tell_admin(PIT_WALL, notice("I cannot post in the group."))


async def test_whoever_turned_topics_on_is_told_before_the_owner(api: BotApi, desk: Desk) -> None:
    api.members = {9: "creator"}
    async with desk.open() as adapter:
        assert await adapter.tell_admin(PIT_WALL, notice("I cannot see the group."), User(Platform.TELEGRAM, "7"))
        api.fail("sendMessage", BLOCKED)
        assert await adapter.tell_admin(PIT_WALL, notice("I cannot see the group."), User(Platform.TELEGRAM, "7"))
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["7", "7", "9"]


async def test_where_nobody_can_be_told_in_private_a_topics_group_is_told_in_its_general_topic(
    api: BotApi, desk: Desk
) -> None:
    api.members = {9: "creator"}
    api.fail("sendMessage", BLOCKED)
    async with desk.open() as adapter:
        assert await adapter.tell_admin(Chat(Platform.TELEGRAM, "-1001:9"), notice("I cannot see the topic."))
    told = [(call["chat_id"], call.get("message_thread_id")) for call in api.given("sendMessage")]
    assert told == [("9", None), ("-1001", None)]
