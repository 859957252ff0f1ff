"""An update that is delivered again to the next process is not answered by a second message."""

from dataclasses import replace

import pytest

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Attachment, Reply, notice
from tests.adapters.telegram.bot_api import (
    AL,
    PRIVATE,
    BotApi,
    Failure,
    Json,
    answering,
    pressed,
    pressed_inline,
    typed,
)
from tests.adapters.telegram.bot_api_ephemeral import Knows
from tests.adapters.telegram.desk import BLOCKED, RECAP, STORY, Desk

DATA = Reply(Card("2 votes of yours"), private=True, attachment=Attachment("data.json", b"{}"))
LONG = Reply(Card("Who knows what", paragraphs=("A word. " * 60,)), private=True)
RECEIPT = replace(
    notice("Mostly Russell.", [Button("Take my vote back", "vote", "imola-2021 withdraw", turns=True)]),
    optional_buttons=True,
)
ANSWERS = {
    "crash": STORY,
    "recap": RECAP,
    "mydata": DATA,
    "who": LONG,
    "settings": replace(STORY, private=True),
    "vote": RECEIPT,
}
NO_TEXT = Failure(400, "Bad Request: message can't be edited")


async def delivered_to_two(api: BotApi, desk: Desk, *updates: Json) -> None:
    """A process takes updates and dies before Telegram hears of it; the next one is brought them again."""
    brought = [{"update_id": 812 + number, **update} for number, update in enumerate(updates)]
    commands = [desk.command(name, reply) for name, reply in ANSWERS.items()]
    api.ephemeral.presses.add("q")
    for _process in range(2):
        api.fail("getUpdates", answering(*brought))
        polls = len(api.polls)
        async with desk.open(*commands):
            await api.polled(polls + 2)


def sent(api: BotApi) -> list[str]:
    return [call.method for call in api.calls if call.method.startswith("send")]


@pytest.mark.parametrize("knows", [Knows.ALL, Knows.NOTHING], ids=["ephemeral", "below it"])
async def test_a_door_opens_once(api: BotApi, desk: Desk, knows: Knows) -> None:
    api.ephemeral.knows = knows
    await delivered_to_two(api, desk, pressed("crash imola-2021"))
    assert len(desk.asked) == 2
    assert sent(api) == ["sendMessage"]


@pytest.mark.parametrize(
    ("update", "messages"),
    [
        (typed("/crash imola"), ["sendMessage"]),
        (typed("/crash imola", PRIVATE), ["sendMessage"]),
        (typed("/mydata", PRIVATE), ["sendMessage", "sendDocument"]),
        (typed("/settings"), ["sendMessage"]),
        (pressed("mydata", PRIVATE), ["sendMessage", "sendDocument"]),
        (pressed("who"), ["sendMessage"]),
        (pressed_inline("recap"), ["sendPhoto"]),
    ],
    ids=["in a group", "alone", "with a file", "in private", "a press's file", "too long for a toast", "inline"],
)
async def test_a_message_is_sent_once(api: BotApi, desk: Desk, update: Json, messages: list[str]) -> None:
    await delivered_to_two(api, desk, update)
    assert sent(api) == messages


async def test_what_cannot_be_changed_is_followed_by_one_message(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", NO_TEXT, NO_TEXT)
    await delivered_to_two(api, desk, pressed("crash imola-2021", PRIVATE))
    assert sent(api) == ["sendMessage"]


async def test_a_refusal_is_said_once_where_the_answer_was_refused(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", BLOCKED)
    await delivered_to_two(api, desk, typed("/settings"))
    first, second = api.given("sendMessage")
    assert (first["chat_id"], second["chat_id"]) == (str(AL["id"]), "-1001")


async def test_a_vote_is_acknowledged_again(api: BotApi, desk: Desk) -> None:
    await delivered_to_two(api, desk, pressed("vote imola-2021 mostly-russell"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == ["Mostly Russell."] * 2


async def test_a_vote_that_its_voter_alone_is_told_of_is_acknowledged_again(api: BotApi, desk: Desk) -> None:
    api.ephemeral.knows = Knows.ALL
    await delivered_to_two(api, desk, pressed("vote imola-2021 mostly-russell"))
    assert len(api.ephemeral.seen) == 2


async def test_a_message_is_changed_again(api: BotApi, desk: Desk) -> None:
    await delivered_to_two(api, desk, pressed("crash imola-2021", PRIVATE))
    assert len(api.given("editMessageText")) == 2


async def test_each_of_many_is_answered_once(api: BotApi, desk: Desk) -> None:
    await delivered_to_two(api, desk, *(typed(f"/crash {number}", PRIVATE) for number in range(20)))
    assert len(sent(api)) == 20
