"""What is for one person in a group appears to that person in the group; where that is not sure, nowhere but alone."""

from dataclasses import replace

import pytest
import structlog.testing

from bot.adapters.telegram.answering.ephemeral import WINDOW
from bot.adapters.telegram.answering.private import OPEN_TO_PRESS
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Attachment, Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Post
from tests.adapters.telegram.bot_api import (
    AL,
    BAD_GATEWAY,
    CUT,
    GROUP,
    NONSENSE,
    PRIVATE,
    BotApi,
    Failure,
    Json,
    pressed,
    pressed_inline,
    typed,
)
from tests.adapters.telegram.bot_api_ephemeral import Knows
from tests.adapters.telegram.desk import AL_ALONE, BLOCKED, PIT_WALL, RECAP, STORY, Desk, complaints

QUESTION = Reply(
    Card("Delete all your votes?"), ((Button("Delete them", "forgetme", "yes", turns=True),),), private=True
)
RECEIPT = replace(
    notice("Mostly Russell.", [Button("Take my vote back", "vote", "imola-2021 withdraw", turns=True)]),
    optional_buttons=True,
)
DATA = Reply(Card("2 votes of yours"), private=True, attachment=Attachment("data.json", b"{}"))
SECRETS = {"question": QUESTION, "receipt": RECEIPT, "data": DATA, "veiled": replace(notice("Psst."), veiled=True)}
HERE, ME = -1001, 7


@pytest.fixture
def new(api: BotApi) -> BotApi:
    """A server that knows ephemeral messages."""
    api.ephemeral.knows = Knows.ALL
    return api


def pressed_alone(data: str, number: int = 1, query: str = "q2") -> Json:
    """An update: somebody presses a button below what they alone see."""
    return pressed(data, query=query, message_id=0, ephemeral_message_id=number, receiver_user=AL)


async def answered(api: BotApi, press: Json) -> None:
    """Somebody presses; return once that is answered."""
    before = len(api.given("answerCallbackQuery"))
    await api.deliver(press)
    await api.called("answerCallbackQuery", before + 1)


def to_all(api: BotApi) -> list[Json]:
    """What was sent to the group for everybody to see."""
    sent = [call.data for call in api.calls if call.method.startswith("send")]
    return [data for data in sent if data["chat_id"] == str(HERE) and "receiver_user_id" not in data]


async def test_what_is_for_one_person_appears_to_them_in_the_group(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("vote", RECEIPT)):
        await new.deliver(pressed("vote imola-2021 mostly-russell"))
    (sent,) = new.given("sendMessage")
    assert (sent["chat_id"], sent["receiver_user_id"], sent["callback_query_id"]) == (str(HERE), str(ME), "q")
    assert new.ephemeral.seen == {(HERE, ME, 1): "Mostly Russell."}
    assert new.given("answerCallbackQuery") == [{"callback_query_id": "q"}]
    assert desk.posted == [], "whose it is, is told to nobody who might keep it"


async def test_a_notice_is_a_toast_as_before(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("vote", notice("This poll is closed here."))):
        await new.deliver(pressed("vote imola-2021 mostly-russell"))
    assert [call["text"] for call in new.given("answerCallbackQuery")] == ["This poll is closed here."]
    assert new.ephemeral.seen == {}


async def test_a_door_opens_for_who_pressed_it(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await new.deliver(pressed("crash imola-2021"))
    assert list(new.ephemeral.seen) == [(HERE, ME, 1)]
    assert to_all(new) == []


async def test_behind_a_door_ones_own_choice_is_marked_only_where_nobody_else_sees_it(api: BotApi, desk: Desk) -> None:
    ballot = Reply(Card("Who?"), ((Button("Russell", "vote", "russell"),),), poll="imola-2021", chosen="vote russell")
    for knows, label in ((Knows.ALL, "✓ Russell"), (Knows.NOTHING, "Russell")):
        api.ephemeral.knows = knows
        async with desk.open(desk.command("blame", ballot)):
            await api.deliver(pressed("blame imola-2021", query=knows.name))
        (key,) = api.given("sendMessage")[-1]["reply_markup"]["inline_keyboard"][0]
        assert key["text"] == label
        assert desk.posted[-1][1].marked == ("vote russell" if knows is Knows.ALL else "")
    assert len(to_all(api)) == 1


async def test_so_it_is_in_ones_private_chat_and_in_no_group(api: BotApi, desk: Desk) -> None:
    ballot = Reply(Card("Who?"), ((Button("Russell", "vote", "russell"),),), poll="imola-2021", chosen="vote russell")
    async with desk.open(desk.command("blame", ballot)):
        await api.deliver(pressed_inline("blame imola-2021"), typed("/blame imola"), typed("/blame imola", PRIVATE))
    labels = {
        data["chat_id"]: data["reply_markup"]["inline_keyboard"][0][0]["text"] for data in api.given("sendMessage")
    }
    assert labels == {str(ME): "✓ Russell", str(HERE): "Russell"}
    assert {post.chat: reply.marked for post, reply in desk.posted} == {AL_ALONE: "vote russell", PIT_WALL: ""}


async def test_a_picture_and_a_file_are_for_them_alone_too(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("recap", RECAP), desk.command("mydata", DATA)):
        await new.deliver(pressed("recap"), pressed("mydata", query="q2"))
    methods = {call.method for call in new.calls if call.data.get("receiver_user_id") == str(ME)}
    assert methods == {"sendPhoto", "sendMessage", "sendDocument"}
    assert to_all(new) == []


async def test_what_somebody_has_open_turns_into_what_they_press_next(new: BotApi, desk: Desk) -> None:
    done = replace(notice("2 votes of yours deleted"))
    async with desk.open(desk.command("mine", QUESTION), desk.command("forgetme", done), desk.command("crash")):
        await answered(new, pressed("mine"))
        await answered(new, pressed_alone("~forgetme yes"))
        assert new.ephemeral.seen == {(HERE, ME, 1): "2 votes of yours deleted"}
        await new.deliver(pressed_alone("crash imola-2021", query="q3"))
    assert [request.pressed for request in desk.asked[1:]] == [Post(PIT_WALL, "1", "7")] * 2
    assert new.ephemeral.seen == {(HERE, ME, 1): "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>"}
    assert to_all(new) == []


async def test_a_picture_that_somebody_has_open_turns_into_words_and_back(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("recap", RECAP), desk.command("crash")):
        await answered(new, pressed("recap"))
        await answered(new, pressed_alone("crash"))
        assert new.ephemeral.seen == {(HERE, ME, 1): "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>"}
        await new.deliver(pressed_alone("recap", query="q3"))
    assert new.ephemeral.seen == {(HERE, ME, 1): "<b>Imola &lt;2021&gt;</b>\n\n<i>Word for word.</i>"}


async def test_what_is_gone_by_now_is_opened_anew_and_for_nobody_else(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await new.deliver(pressed_alone("crash imola-2021", 99))
    assert list(new.ephemeral.seen) == [(HERE, ME, 1)]
    assert to_all(new) == []


async def test_what_somebody_has_open_follows_the_votes(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame")) as adapter:
        await answered(new, pressed("blame"))
        await adapter.edit(Post(PIT_WALL, "1", "7"), Reply(Card("Who was to blame?")))
        await new.called("editEphemeralMessageText")
    assert new.ephemeral.seen == {(HERE, ME, 1): "Who was to blame?"}


@pytest.mark.parametrize("admin", [True, False])
async def test_a_typed_command_is_answered_so_where_the_bot_is_an_admin(new: BotApi, desk: Desk, admin: bool) -> None:
    new.ephemeral.bot_is_admin = admin
    async with desk.open(desk.command("forgetme", QUESTION)):
        await new.deliver(typed("/forgetme"))
    assert [call["chat_id"] for call in new.given("sendMessage")] == [str(HERE), *([] if admin else [str(ME)])]
    assert len(new.ephemeral.seen) == admin
    assert to_all(new) == []


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("asked", [typed("/secret"), pressed("secret")], ids=["typed", "pressed"])
async def test_an_older_server_is_never_sent_anything_for_one_person(
    api: BotApi, desk: Desk, secret: str, asked: Json
) -> None:
    async with desk.open(desk.command("secret", SECRETS[secret])):
        await api.deliver(asked)
    assert api.ephemeral.questions == 1
    assert not [call for call in api.calls if "receiver_user_id" in call.data]
    assert to_all(api) == []


async def test_open_a_private_chat_first_is_said_only_where_nobody_can_be_told_in_the_group(
    api: BotApi, desk: Desk
) -> None:
    for knows, said in ((Knows.NOTHING, OPEN_TO_PRESS), (Knows.ALL, None)):
        api.ephemeral.knows = knows
        api.fail("sendMessage", *([BLOCKED] if knows is Knows.NOTHING else []))
        async with desk.open(desk.command("forgetme", QUESTION)):
            await api.deliver(pressed("forgetme", query=knows.name))
        assert api.given("answerCallbackQuery")[-1].get("text") == said


async def test_a_server_that_forgets_has_it_deleted_at_once_and_is_trusted_no_more(api: BotApi, desk: Desk) -> None:
    api.ephemeral.knows = Knows.BUT_FORGETS
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("forgetme", QUESTION)):
            await answered(api, pressed("forgetme"))
            await api.deliver(pressed("forgetme", query="q2"), typed("/forgetme"))
    assert not [shown for (chat, _message), shown in api.shown.items() if chat == HERE]
    assert api.given("deleteMessage") == [{"chat_id": str(HERE), "message_id": "1000"}]
    (first,) = [call for call in api.calls if "receiver_user_id" in call.data]
    assert [call["chat_id"] for call in api.given("sendMessage")] == [str(HERE), str(ME), str(ME), str(ME)]
    assert api.calls[api.calls.index(first) + 1].method == "deleteMessage"
    assert complaints(logs).count("telegram.ephemeral_given_up") == 1
    assert "Delete all your votes" not in str(logs)


async def test_two_at_once_that_are_shown_to_all_are_both_deleted_and_one_line_says_so(api: BotApi, desk: Desk) -> None:
    api.ephemeral.knows = Knows.BUT_FORGETS
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("forgetme", QUESTION), desk.command("mydata", DATA)):
            await api.deliver(pressed("forgetme"), pressed("mydata", query="q2"))
    sent = [call for call in api.calls if "receiver_user_id" in call.data]
    assert len(api.given("deleteMessage")) == len(sent)
    assert not [shown for (chat, _message), shown in api.shown.items() if chat == HERE]
    assert complaints(logs).count("telegram.ephemeral_given_up") == 1
    assert [call["chat_id"] for call in api.given("sendDocument")] == [str(ME)]


async def test_what_cannot_be_deleted_at_once_is_tried_again_and_else_said(api: BotApi, desk: Desk) -> None:
    api.ephemeral.knows = Knows.BUT_FORGETS
    api.fail("deleteMessage", CUT, BAD_GATEWAY)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("forgetme", QUESTION)):
            await api.deliver(pressed("forgetme"))
    assert len(api.given("deleteMessage")) == 3
    assert complaints(logs) == ["telegram.ephemeral_given_up"]
    assert not [shown for (chat, _message), shown in api.shown.items() if chat == HERE]


@pytest.mark.parametrize("failure", [Failure(500, "Internal Server Error"), BAD_GATEWAY, NONSENSE, CUT])
async def test_a_server_that_cannot_be_asked_is_asked_again_and_not_trusted_before(
    new: BotApi, desk: Desk, failure: Failure
) -> None:
    new.fail("deleteEphemeralMessage", failure, failure)
    async with desk.open(desk.command("forgetme", QUESTION)):
        await answered(new, pressed("forgetme"))
        assert new.ephemeral.seen == {}
        assert [call["chat_id"] for call in new.given("sendMessage")] == [str(ME)]
        await new.deliver(pressed("forgetme", query="q2"))
    assert len(new.ephemeral.seen) == 1


TOO_OLD = Failure(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
FAILURES = [
    Failure(500),
    BAD_GATEWAY,
    NONSENSE,
    CUT,
    TOO_OLD,
    Failure(403, "Forbidden: user is not a member of the chat"),
]


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_fails_is_not_tried_twice_but_told_in_private(new: BotApi, desk: Desk, failure: Failure) -> None:
    new.fail("sendMessage", failure)
    async with desk.open(desk.command("forgetme", QUESTION)):
        await new.deliver(pressed("forgetme"))
    assert [call.get("receiver_user_id") for call in new.given("sendMessage")] == [str(ME), None]
    assert new.given("sendMessage")[1]["chat_id"] == str(ME)


async def test_a_press_that_was_answered_too_late_for_it_is_answered_as_before(new: BotApi, desk: Desk) -> None:
    async def think(request: Request) -> Reply:
        desk.asked.append(request)
        await desk.clock.sleep(WINDOW + 1)
        return QUESTION

    slow = replace(desk.command("forgetme"), handler=think)
    async with desk.open(slow):
        await new.deliver(pressed("forgetme"))
    assert [call["chat_id"] for call in new.given("sendMessage")] == [str(ME)]
    assert to_all(new) == []


async def test_where_a_group_has_had_enough_messages_a_vote_is_a_toast(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("vote", RECEIPT), desk.command("crash")):
        await new.deliver(*[pressed("vote", query=f"{number}") for number in range(30)])
    assert len(new.ephemeral.seen) == 20
    toasts = [call["text"] for call in new.given("answerCallbackQuery") if "text" in call]
    assert toasts == ["Mostly Russell."] * 10


async def test_in_private_nothing_is_ephemeral(new: BotApi, desk: Desk) -> None:
    new.ephemeral.bot_is_admin = True
    async with desk.open(desk.command("forgetme", QUESTION)):
        await new.deliver(typed("/forgetme", PRIVATE), pressed("forgetme", PRIVATE))
    assert not [call for call in new.calls if "receiver_user_id" in call.data]
    assert new.ephemeral.seen == {}


async def test_a_topics_message_for_one_person_is_in_the_topic(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash", STORY)):
        await new.deliver(pressed("crash", GROUP, message_thread_id=9, is_topic_message=True))
    assert [call["message_thread_id"] for call in new.given("sendMessage")] == ["9"]


async def test_a_command_that_nobody_else_sees_is_answered_where_it_was_typed(new: BotApi, desk: Desk) -> None:
    new.ephemeral.commands.add(4)
    async with desk.open(desk.command("forgetme", QUESTION, private=True), desk.command("crash")):
        await new.deliver(typed("/forgetme", message_id=0, ephemeral_message_id=4))
    assert new.ephemeral.seen == {(HERE, ME, 1): "Delete all your votes?"}
    assert [len(new.given("sendMessage")), to_all(new)] == [1, []]


@pytest.mark.parametrize("knows", Knows)
async def test_commands_for_oneself_are_published_so_where_the_server_knows_that(
    api: BotApi, desk: Desk, knows: Knows
) -> None:
    api.ephemeral.knows = knows
    async with desk.open(desk.command("forgetme", private=True), desk.command("crash")):
        await api.called("setMyCommands", 9)
    menus = {call["scope"]["type"]: call["commands"] for call in api.given("setMyCommands")}
    hidden = {scope: [row["command"] for row in rows if row.get("is_ephemeral")] for scope, rows in menus.items()}
    unseen = [] if knows is Knows.NOTHING else ["forgetme"]
    assert hidden == {"default": [], "all_group_chats": unseen, "all_chat_administrators": unseen}


async def test_who_speaks_as_a_chat_is_nobody_to_show_something_to(new: BotApi, desk: Desk) -> None:
    new.ephemeral.bot_is_admin = True
    async with desk.open(desk.command("forgetme", QUESTION)):
        await new.deliver(typed("/forgetme", sender_chat=GROUP))
    assert not [call for call in new.calls if "receiver_user_id" in call.data]
