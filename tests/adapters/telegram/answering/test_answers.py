"""How people are answered on Telegram, all the way from an update to what is sent."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
import structlog.testing

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.answering.answers import BUSY, TOO_BUSY
from bot.adapters.telegram.answering.private import OPEN_TO_ASK, OPEN_TO_PRESS
from bot.adapters.telegram.inbound import INLINE
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import STALE, Offer
from bot.chat.dispatcher import ADMINS_ONLY, TOO_FAST, UNKNOWN
from bot.chat.platform import SlowDownError, UnreachableError
from bot.chat.replies import Attachment, Reply, notice
from bot.chat.requests import Request
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Chat, Platform, Post, User
from tests.adapters.telegram.bot_api import (
    AL,
    BAD_GATEWAY,
    BOT,
    CUT,
    GROUP,
    LOST,
    NONSENSE,
    PRIVATE,
    UPLOAD,
    BotApi,
    Failure,
    Json,
    chosen,
    grown,
    inline_query,
    pressed,
    pressed_inline,
    typed,
)
from tests.adapters.telegram.desk import AL_ALONE, BLOCKED, PIT_WALL, RETRY_AFTER_3, STORY, Desk, complaints
from tests.support.clock import FakeClock, HeldClock


def topic(number: int) -> Json:
    return {"is_topic_message": True, "message_thread_id": number}


async def test_a_typed_command_is_answered_in_its_chat(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash  imola 2021 "))
    assert desk.asked == [Request("crash", "imola 2021", User(Platform.TELEGRAM, "7"), PIT_WALL, "en", update="100")]
    assert api.given("sendMessage") == [
        {
            "chat_id": "-1001",
            "text": "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Quotes", "callback_data": "quotes imola-2021"}]]},
        }
    ]
    assert desk.posted == [(Post(PIT_WALL, "1000"), STORY)]


@pytest.mark.parametrize(
    ("text", "chat", "asked"),
    [
        ("/crash@RacingIncidentBot imola", GROUP, ("crash", "imola")),
        ("/CRASH@racingincidentbot\nimola", GROUP, ("crash", "imola")),
        ("/crash", GROUP, ("crash", "")),
        ("/start imola-2021", PRIVATE, ("start", "imola-2021")),
    ],
)
async def test_commands_are_understood_however_they_are_typed(
    api: BotApi, desk: Desk, text: str, chat: Json, asked: tuple[str, str]
) -> None:
    async with desk.open(desk.command("crash"), desk.command("start")):
        await api.deliver(typed(text, chat))
    assert [(request.command, request.argument) for request in desk.asked] == [asked]


async def test_a_group_may_talk_about_other_things(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(
            typed("what a crash"),
            typed("/crash@AnotherBot imola"),
            typed("/unknown"),
            typed("/crash! imola"),
            typed("/crash imola", via_bot=BOT),
            {"edited_message": typed("/crash imola")["message"]},
        )
    assert (desk.asked, api.answers) == ([], [])


async def test_a_private_chat_is_told_that_a_command_is_unknown(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/unknown", PRIVATE))
    assert [call["text"] for call in api.given("sendMessage")] == [UNKNOWN]


async def test_a_person_is_spoken_to_in_their_own_language(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/gossip", PRIVATE, {**AL, "language_code": "de"}))
    assert [call["text"] for call in api.given("sendMessage")] == [
        "Diesen Befehl gibt es hier nicht. /help nennt sie alle."
    ]


async def test_plain_words_in_a_private_chat_are_for_the_bot(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("imola, please", PRIVATE))
    assert [(request.command, request.argument) for request in desk.asked] == [("", "imola, please")]


async def test_a_topic_is_a_chat_of_its_own(api: BotApi, desk: Desk) -> None:
    here = Chat(Platform.TELEGRAM, "-1001:9")
    async with desk.open(desk.command("crash"), desk.command("blame", Reply(Card("Who?")))):
        await api.deliver(typed("/crash imola", **topic(9)), pressed("~blame imola-2021", **topic(9)))
    assert [request.chat for request in desk.asked] == [here, here]
    assert [call["message_thread_id"] for call in api.given("sendMessage")] == ["9"]
    assert [(call["chat_id"], call["message_id"]) for call in api.given("editMessageText")] == [("-1001", "5")]
    assert sorted(post.message for post, _ in desk.posted) == ["1000", "5"]


async def test_a_press_turns_its_message_and_is_answered_once(api: BotApi, desk: Desk) -> None:
    reply = Reply(Card("Who was to blame?"), poll="imola-2021")
    async with desk.open(desk.command("blame", reply)):
        await api.deliver(pressed("~blame imola-2021"))
    post = Post(PIT_WALL, "5")
    assert desk.asked == [
        Request("blame", "imola-2021", User(Platform.TELEGRAM, "7"), PIT_WALL, "en", post, turned=True, update="100")
    ]
    assert [call.method for call in api.answers] == ["answerCallbackQuery", "editMessageText"]
    assert desk.posted == [(post, replace(reply, replace=True))]


async def test_a_press_that_changes_nothing_is_no_error(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", Failure(400, "Bad Request: message is not modified: specified new message content …"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("blame", Reply(Card("Who?")))):
            await api.deliver(pressed("~blame"))
    assert (complaints(logs), len(desk.posted)) == ([], 1)


@pytest.mark.parametrize("data", ["blame imola-2021", "~blame imola-2021"])
async def test_a_press_below_an_inline_message_leaves_it_to_those_who_read_it(
    api: BotApi, desk: Desk, data: str
) -> None:
    async with desk.open(desk.command("blame")):
        await api.deliver(pressed_inline(data, "in7"))
    assert [request.pressed for request in desk.asked] == [Post(INLINE, "in7")]
    assert api.given("editMessageText") == []
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["7"]


@pytest.mark.parametrize(
    "press",
    [pressed("crash imola-2021"), pressed("~crash imola-2021", reply_markup=None), pressed("crash", text="Poll")],
)
async def test_a_door_of_a_groups_message_opens_below_it_and_destroys_nothing(
    api: BotApi, desk: Desk, press: Json
) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(press)
    (opened,) = api.given("sendMessage")
    assert (opened["chat_id"], opened["reply_parameters"]["message_id"]) == ("-1001", 5)
    assert [call.method for call in api.calls if call.method.startswith("edit")] == []
    assert desk.posted == [(Post(PIT_WALL, "1000"), replace(STORY, aside=True))]


async def test_in_private_a_door_takes_its_messages_place(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(pressed("crash imola-2021", PRIVATE))
    assert [call["message_id"] for call in api.given("editMessageText")] == ["5"]
    assert api.given("sendMessage") == []


async def test_what_cannot_be_written_below_an_inline_message_goes_to_who_pressed(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash", replace(STORY, separate=True))):
        await api.deliver(pressed_inline("crash imola-2021"))
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["7"]


async def test_a_vote_is_answered_with_a_toast(api: BotApi, desk: Desk) -> None:
    receipt = Reply(Card("Mostly Russell", paragraphs=("41 % said the same.",)), private=True)
    async with desk.open(desk.command("vote", receipt)):
        await api.deliver(pressed("vote imola-2021 mostly-russell"))
    assert api.given("answerCallbackQuery") == [
        {"callback_query_id": "q", "text": "Mostly Russell. 41 % said the same."}
    ]
    assert len(api.answers) == 1


async def test_a_button_from_long_ago_says_so(api: BotApi, desk: Desk) -> None:
    async with desk.open():
        await api.deliver(pressed("gone imola-2021"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [STALE]


async def test_a_press_is_answered_even_if_nothing_is_to_be_said(api: BotApi, desk: Desk) -> None:
    desk.limits = Throttle(clock=FakeClock(), person=Rate(burst=1, a_second=1))
    async with desk.open(desk.command("vote", notice("Counted."))):
        await api.deliver(*[pressed("vote", query=str(number)) for number in range(3)])
    toasts = {call["callback_query_id"]: call.get("text") for call in api.given("answerCallbackQuery")}
    assert toasts == {"0": "Counted.", "1": TOO_FAST, "2": None}


async def test_a_press_answered_too_late_is_no_error(api: BotApi, desk: Desk) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    api.fail("answerCallbackQuery", Failure(400, late))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash", replace(STORY, separate=True))):
            await api.deliver(pressed("crash"))
    assert (complaints(logs), len(api.given("sendMessage"))) == ([], 1)


async def test_what_no_toast_can_hold_goes_to_the_private_chat(api: BotApi, desk: Desk) -> None:
    file = Reply(Card("2 votes of yours"), private=True, attachment=Attachment("votes.json", b"[]"))
    async with desk.open(desk.command("mydata", file)):
        await api.deliver(pressed("mydata"))
    assert [(call["chat_id"], call["text"]) for call in api.given("sendMessage")] == [("7", "2 votes of yours")]
    assert api.given("sendDocument") == [{"chat_id": "7", "document": UPLOAD}]
    assert api.given("answerCallbackQuery") == [{"callback_query_id": "q"}]


async def test_who_never_opened_a_private_chat_is_told_to(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", BLOCKED)
    async with desk.open(desk.command("forgetme", notice("Sure?", [Button("Yes", "forgetme", "yes")]))):
        await api.deliver(pressed("forgetme"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [OPEN_TO_PRESS]


async def test_who_never_opened_a_private_chat_is_told_so_in_the_groups_language(api: BotApi, desk: Desk) -> None:
    desk.languages[PIT_WALL] = "de"
    api.fail("sendMessage", BLOCKED)
    async with desk.open(desk.command("forgetme", notice("Sure?", [Button("Yes", "forgetme", "yes")]))):
        await api.deliver(pressed("forgetme"))
    said = "Öffne erst einen privaten Chat mit mir, dann tipp noch einmal."
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [said]


async def test_a_private_answer_to_a_command_in_a_group_is_a_private_message(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash", notice("No such crash."))):
        await api.deliver(typed("/crash monaco"))
    assert [(call["chat_id"], call["text"]) for call in api.given("sendMessage")] == [("7", "No such crash.")]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (notice("No such crash."), "No such crash."),
        (Reply(Card("All Russell", paragraphs=("Counted.",)), private=True), OPEN_TO_ASK),
    ],
)
async def test_or_else_a_notice_below_their_message_and_never_more(
    api: BotApi, desk: Desk, reply: Reply, text: str
) -> None:
    api.fail("sendMessage", BLOCKED)
    async with desk.open(desk.command("crash", reply)):
        await api.deliver(typed("/crash monaco"))
    call = api.given("sendMessage")[-1]
    assert (call["chat_id"], call["text"], call["reply_parameters"]["message_id"]) == ("-1001", text, 1)


@pytest.mark.parametrize(
    ("status", "admin"), [("creator", True), ("administrator", True), ("member", False), ("left", False)]
)
@pytest.mark.parametrize("update", [typed("/polls off"), pressed("polls off")])
async def test_telegram_is_asked_who_is_an_admin(
    api: BotApi, desk: Desk, status: str, admin: bool, update: Json
) -> None:
    api.members[7] = status
    async with desk.open(desk.command("polls", admin=True)):
        await api.deliver(update)
    assert len(desk.asked) == admin
    assert len(api.given("getChatMember")) == 1


async def test_telegram_is_not_asked_where_it_does_not_matter(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("polls", admin=True), desk.command("crash")):
        await api.deliver(typed("/polls off", PRIVATE), typed("/crash"))
    assert [request.command for request in desk.asked] == ["polls", "crash"]
    assert api.given("getChatMember") == []


@pytest.mark.parametrize(("speaks_as", "admin"), [(GROUP, True), ({"id": -5, "type": "channel"}, False)])
async def test_an_admin_may_speak_as_the_group(api: BotApi, desk: Desk, speaks_as: Json, admin: bool) -> None:
    async with desk.open(desk.command("polls", admin=True)):
        await api.deliver(typed("/polls off", sender_chat=speaks_as))
    assert (len(desk.asked), ADMINS_ONLY in str(api.calls)) == (int(admin), not admin)


async def test_an_inline_query_offers_cards_to_post(api: BotApi, desk: Desk) -> None:
    async def offer(typed: str, request: Request) -> Sequence[Offer]:
        desk.asked.append(request)
        return [Offer(f"{typed}-{number}", "Imola 2021", "Bottas and Russell", STORY) for number in range(60)]

    async with desk.open(offer=offer):
        await api.deliver(inline_query("imola"))
    assert desk.asked == [Request("", "imola", User(Platform.TELEGRAM, "7"), INLINE, "en")]
    (answer,) = api.given("answerInlineQuery")
    assert (len(answer["results"]), answer["is_personal"], answer["cache_time"]) == (50, "false", "10")
    assert answer["results"][0] == {
        "type": "article",
        "id": "imola-0",
        "title": "Imola 2021",
        "description": "Bottas and Russell",
        "input_message_content": {
            "message_text": "<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[{"text": "Quotes", "callback_data": "quotes imola-2021"}]]},
    }


async def test_a_card_posted_inline_is_known_from_then_on(api: BotApi, desk: Desk) -> None:
    blame = Reply(Card("Who?"), poll="imola-2021")

    async def offer(_typed: str, _request: Request) -> Sequence[Offer]:
        return [Offer("crash", "Imola", "The story", STORY), Offer("blame", "Imola", "The poll", blame)]

    async with desk.open(offer=offer):
        await api.deliver(chosen("blame", "imola", "in7"))
    assert desk.posted == [(Post(INLINE, "in7"), blame)]


async def test_an_answer_waits_as_telegram_asks(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", RETRY_AFTER_3, RETRY_AFTER_3)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
    assert (desk.clock.slept, len(api.given("sendMessage")), len(desk.posted)) == ([3.0, 3.0], 3, 1)


UPGRADED = Failure(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1002})


async def test_where_a_group_has_just_become_a_supergroup_the_answer_goes_there(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", UPGRADED)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
    assert [message["chat_id"] for message in api.given("sendMessage")] == ["-1001", "-1002"]
    assert [post.chat for post, _reply in desk.posted] == [Chat(Platform.TELEGRAM, "-1002")]


async def test_a_press_in_a_group_that_has_become_a_supergroup_is_answered_there(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", UPGRADED)
    api.fail("sendMessage", UPGRADED)
    async with desk.open(desk.command("crash")):
        await api.deliver(pressed("~crash imola"))
    assert [post.chat for post, _reply in desk.posted] == [Chat(Platform.TELEGRAM, "-1002")]


async def test_a_notice_in_a_group_that_has_become_a_supergroup_is_given_there(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", BLOCKED, UPGRADED)
    async with desk.open(desk.command("secret", notice("Psst."))):
        await api.deliver(typed("/secret"))
    assert api.given("sendMessage")[-1]["chat_id"] == "-1002"
    assert api.given("sendMessage")[-1]["text"] == "Psst."


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1)], ids=str)
async def test_a_group_that_becomes_a_supergroup_says_so_itself(
    api: BotApi, desk: Desk, order: tuple[int, ...]
) -> None:
    basic = {"id": -5, "type": "group", "title": "Pit wall"}
    said = grown(basic, GROUP)
    async with desk.open(desk.command("vote")):
        await api.deliver(*(said[each] for each in order))
        await api.deliver(pressed("vote imola-2021", chat=basic))
    assert desk.groups.moves[: len(order)] == [(Chat(Platform.TELEGRAM, "-5"), PIT_WALL)] * len(order)
    assert [request.chat for request in desk.asked] == [PIT_WALL], "an old message's buttons are the supergroup's"
    assert all("reply_parameters" not in call for call in api.given("sendMessage")), "its number is another there"


async def test_an_answer_that_comes_too_late_is_dropped(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", Failure(429, "Too Many Requests: retry after 121", {"retry_after": 121}))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
    assert complaints(logs) == ["telegram.answer_failed"]
    assert (desk.clock.slept, desk.posted) == ([], [])


FAILURES = [
    Failure(500, "Internal Server Error"),
    BAD_GATEWAY,
    NONSENSE,
    Failure(200, body='{"ok": false}'),
    CUT,
    LOST,
]
SENSELESS = Failure(200, body='{"ok": true, "result": {"message": "sent"}}')
PICTURE = Attachment("standings.png", b"png", "Hamilton 44")
FILE = Attachment("votes.json", b"[]")
ANSWERS = {
    "sendMessage": (typed("/crash"), STORY),
    "sendPhoto": (typed("/crash"), Reply(Card("Standings"), attachment=PICTURE)),
    "sendDocument": (typed("/crash", PRIVATE), Reply(Card("Your votes"), attachment=FILE)),
    "editMessageText": (pressed("~crash"), Reply(Card("Imola"))),
    "editMessageMedia": (pressed("~crash"), Reply(Card("Standings"), attachment=PICTURE)),
}
RESULTS_READ = ("sendMessage", "sendPhoto", "editMessageMedia")
"""Methods of which a result that makes no sense is a failure; of the others nothing is read."""


@pytest.mark.parametrize(
    ("method", "failure"),
    [*product(ANSWERS, FAILURES), *((method, SENSELESS) for method in RESULTS_READ)],
    ids=lambda each: each if isinstance(each, str) else each.body or each.description or repr(each),
)
async def test_an_answer_that_fails_is_tried_twice_more(api: BotApi, desk: Desk, method: str, failure: Failure) -> None:
    update, reply = ANSWERS[method]
    api.fail(method, failure, failure)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash", reply)):
            await api.deliver(update)
    assert (len(api.given(method)), complaints(logs)) == (3, [])
    assert [shown for _, shown in desk.posted] == [replace(reply, replace=method.startswith("edit"))]
    assert len(desk.clock.slept) == 2
    assert 3 < sum(desk.clock.slept) <= 4.5


@pytest.mark.parametrize("method", ANSWERS)
async def test_an_answer_that_fails_three_times_is_given_up(api: BotApi, desk: Desk, method: str) -> None:
    update, reply = ANSWERS[method]
    api.fail(method, *[BAD_GATEWAY] * 3)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash", reply), desk.command("vote", notice("Counted."))):
            await api.deliver(update, pressed("vote"))
    assert (len(api.given(method)), complaints(logs)) == (3, ["telegram.answer_failed"])
    assert "Counted." in str(api.given("answerCallbackQuery"))


async def test_a_file_that_fails_is_no_reason_to_say_everything_twice(api: BotApi, desk: Desk) -> None:
    api.fail("sendDocument", CUT)
    async with desk.open(desk.command("mydata", Reply(Card("Your votes"), private=True, attachment=FILE))):
        await api.deliver(typed("/mydata", PRIVATE))
    assert (len(api.given("sendMessage")), len(api.given("sendDocument"))) == (1, 2)


async def test_what_telegram_refuses_is_not_tried_again(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", Failure(400, "Bad Request: something new"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash"))
    assert (len(api.given("sendMessage")), complaints(logs)) == (1, ["telegram.answer_failed"])


async def test_a_delivery_is_for_others_to_try_again(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", LOST)
    async with desk.open() as adapter:
        with pytest.raises(UnreachableError):
            await adapter.send(PIT_WALL, STORY)
    assert len(api.given("sendMessage")) == 1


@pytest.mark.parametrize("failure", [Failure(500), BAD_GATEWAY, NONSENSE, CUT])
async def test_a_press_and_a_query_are_answered_again_too(api: BotApi, desk: Desk, failure: Failure) -> None:
    async def offer(_typed: str, _request: Request) -> list[Offer]:
        return []

    api.fail("answerCallbackQuery", failure, failure)
    api.fail("answerInlineQuery", failure, failure)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("vote", notice("Counted.")), offer=offer):
            await api.deliver(pressed("vote"))
            await api.deliver(inline_query("imola"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == ["Counted."] * 3
    assert (len(api.given("answerInlineQuery")), complaints(logs)) == (3, [])


async def test_a_press_whose_answer_was_lost_has_been_answered(api: BotApi, desk: Desk) -> None:
    api.fail("answerCallbackQuery", LOST)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("vote", notice("Counted."))):
            await api.deliver(pressed("vote"))
    assert (len(api.given("answerCallbackQuery")), complaints(logs)) == (2, [])


@pytest.mark.parametrize(
    "failures",
    [
        [BAD_GATEWAY] * 3,
        [Failure(403, "Forbidden: user is deactivated")],
        [Failure(400, "Bad Request: chat not found")],
        [Failure(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1002})],
        [Failure(400, "Bad Request: MESSAGE_ID_INVALID")],
        [Failure(400, "Bad Request: not enough rights")],
    ],
    ids=lambda failures: failures[0].description or "bad gateway",
)
async def test_a_press_that_cannot_be_answered_is_shown_its_reply_all_the_same(
    api: BotApi, desk: Desk, failures: list[Failure]
) -> None:
    api.fail("answerCallbackQuery", *failures)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(pressed("crash"))
    assert (complaints(logs), len(desk.posted)) == (["telegram.query_unanswered"], 1)


async def test_a_press_is_not_answered_for_longer_than_telegram_remembers_it(api: BotApi, desk: Desk) -> None:
    api.fail("answerCallbackQuery", Failure(429, "Too Many Requests: retry after 11", {"retry_after": 11}))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("vote", notice("Counted."))):
            await api.deliver(pressed("vote"))
    assert (complaints(logs), desk.clock.slept) == (["telegram.query_unanswered"], [])


async def test_who_is_an_admin_is_asked_again_too(api: BotApi, desk: Desk) -> None:
    api.members[7] = "creator"
    api.fail("getChatMember", CUT, Failure(200, body='{"ok": true, "result": {"status": 5}}'))
    async with desk.open(desk.command("polls", admin=True)):
        await api.deliver(typed("/polls off"))
    assert len(desk.asked) == 1


async def fill(adapter: TelegramAdapter, messages: int = 20) -> None:
    """Send a group so many messages."""
    for _ in range(messages):
        await adapter.send(PIT_WALL, STORY)


@pytest.mark.parametrize("replace", [True, False])
async def test_who_presses_in_a_busy_group_is_told_that_the_answer_comes_later(
    api: BotApi, desk: Desk, replace: bool
) -> None:
    async with desk.open(desk.command("crash", Reply(Card("Imola"), replace=replace))) as adapter:
        await fill(adapter)
        await api.deliver(pressed("crash"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [BUSY]
    assert api.calls[-2].method == "answerCallbackQuery"
    assert (desk.clock.slept, len(desk.posted)) == ([3], 1)


async def test_the_group_is_told_so_in_its_language(api: BotApi, desk: Desk) -> None:
    desk.languages[PIT_WALL] = "de"
    async with desk.open(desk.command("crash")) as adapter:
        await fill(adapter)
        await api.deliver(pressed("crash"))
    said = "Hier ist gerade viel los: Die Antwort kommt gleich."
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [said]


async def test_a_busy_day_for_all_chats_is_said_too(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash", replace(STORY, separate=True)), a_second=1) as adapter:
        await adapter.send(AL_ALONE, STORY)
        await api.deliver(pressed("crash"))
        await api.deliver(pressed_inline("crash"))
    assert [call.get("text") for call in api.given("answerCallbackQuery")] == [BUSY, None]


async def test_while_telegram_asks_us_to_wait_that_is_said_too(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", RETRY_AFTER_3)
    async with desk.open(desk.command("crash")) as adapter:
        with pytest.raises(SlowDownError):
            await adapter.send(AL_ALONE, STORY)
        await api.deliver(pressed("crash"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [BUSY]
    assert (desk.clock.slept, len(desk.posted)) == ([3], 1)


async def test_what_fits_a_toast_need_not_wait_for_a_busy_group(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("vote", notice("Counted."))) as adapter:
        await fill(adapter)
        await api.deliver(pressed("vote"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == ["Counted."]


async def test_answers_to_a_busy_group_wait_for_two_minutes_and_no_longer(api: BotApi, desk: Desk) -> None:
    clock = HeldClock()
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash"), clock=clock) as adapter:
            await fill(adapter)
            await api.deliver(*[typed("/crash")] * 42)
            await clock.go_on_until(120)
            await api.called("sendMessage", 60)
    assert complaints(logs) == ["telegram.answer_failed", "telegram.answers_lost"]
    assert (clock.slept, len(desk.posted)) == ([3.0 * turn for turn in range(1, 41)], 40)


async def test_who_presses_where_no_answer_would_come_in_time_is_told_to_come_back(api: BotApi, desk: Desk) -> None:
    clock = HeldClock()
    async with desk.open(desk.command("crash"), clock=clock) as adapter:
        await fill(adapter)
        await api.deliver(*[typed("/crash")] * 40, pressed("crash"))
        toasts = await api.called("answerCallbackQuery")
        await clock.go_on_until(120)
        await api.called("sendMessage", 60)
    assert [call["text"] for call in toasts] == [TOO_BUSY]
    assert len(api.given("sendMessage")) == 60
