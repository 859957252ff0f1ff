"""The bot is called in a chat where it is no member; the answer is a message as if somebody had posted it inline."""

import pytest
import structlog.testing

from bot.adapters.telegram.answering.private import OPEN_TO_ASK
from bot.adapters.telegram.inbound import INLINE
from bot.chat.cards import Card
from bot.chat.pushing import NOT_HERE
from bot.chat.replies import Attachment, Reply, notice
from bot.domain.places import Post
from tests.adapters.telegram.bot_api import BotApi, Failure, anonymous, called, pressed_inline
from tests.adapters.telegram.desk import STANDINGS, STORY, Desk, complaints

TOO_OLD = Failure(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@RacingIncidentBot imola 2021", ("", "imola 2021")),
        ("what about imola, @racingincidentbot", ("", "what about imola,")),
        ("@RacingIncidentBot /crash imola", ("crash", "imola")),
        ("/crash@RacingIncidentBot imola", ("crash", "imola")),
        ("@RacingIncidentBot", ("", "")),
    ],
)
async def test_who_calls_the_bot_is_answered(api: BotApi, desk: Desk, text: str, asked: tuple[str, str]) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(called(text))
    assert [(request.command, request.argument) for request in desk.asked] == [asked]
    assert [request.chat for request in desk.asked] == [INLINE]
    (answer,) = api.given("answerGuestQuery")
    assert answer["guest_query_id"] == "g"
    assert answer["result"]["input_message_content"]["message_text"] == "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>"
    assert answer["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "quotes imola-2021"
    assert desk.posted == [(Post(INLINE, "guest-g"), STORY)]
    assert "guest_message" in api.polls[0]["allowed_updates"]


async def test_a_vote_below_the_answer_counts_as_below_any_inline_message(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash"), desk.command("vote", notice("Noted."))):
        await api.deliver(called("@RacingIncidentBot imola"), pressed_inline("vote imola-2021", "guest-g"))
    assert desk.asked[-1].pressed == Post(INLINE, "guest-g")
    assert [call["text"] for call in api.given("answerCallbackQuery")] == ["Noted."]


async def test_a_picture_is_said_in_words(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("standings", STANDINGS)):
        await api.deliver(called("@RacingIncidentBot /standings"))
    (answer,) = api.given("answerGuestQuery")
    assert "Hamilton 44 &amp; Verstappen 43" in answer["result"]["input_message_content"]["message_text"]


async def test_what_is_for_one_person_is_not_said_there(api: BotApi, desk: Desk) -> None:
    data = Reply(Card("One vote of yours"), private=True, attachment=Attachment("data.json", b"{}"))
    async with desk.open(
        desk.command("mydata", data),
        desk.command("crash", notice("No crash at Monaco.")),
        desk.command("polls", admin=True),
    ):
        for number, words in enumerate(("/mydata", "monaco", "/polls off")):
            await api.deliver(called(f"@RacingIncidentBot {words}", query=str(number)))
    said = [answer["result"]["input_message_content"]["message_text"] for answer in api.given("answerGuestQuery")]
    assert said == [OPEN_TO_ASK, "No crash at Monaco.", NOT_HERE]
    assert [request.command for request in desk.asked] == ["mydata", ""]


async def test_another_bots_command_is_not_answered(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(called("/crash@otherbot imola"))
    assert desk.asked == []


async def test_an_answer_that_comes_too_late_is_no_error_and_shows_nothing(api: BotApi, desk: Desk) -> None:
    api.fail("answerGuestQuery", TOO_OLD)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(called("@RacingIncidentBot imola"))
    assert complaints(logs) == []
    assert desk.posted == []


async def test_an_anonymous_admin_calls_as_their_group(api: BotApi, desk: Desk) -> None:
    update = {"guest_message": {**anonymous("@RacingIncidentBot imola")["message"], "guest_query_id": "g"}}
    async with desk.open(desk.command("crash")):
        await api.deliver(update)
    assert [request.user.id for request in desk.asked] == ["-1001"]
