import asyncio
import gc
import logging
import traceback
from collections.abc import Sequence

import pytest
import structlog.testing

from bot.adapters import telegram_connection
from bot.adapters.telegram import OPEN_TO_ASK, OPEN_TO_PRESS
from bot.adapters.telegram_requests import INLINE
from bot.chat.commands import STALE, Command, Offer
from bot.chat.dispatcher import ADMINS_ONLY, TOO_FAST, UNKNOWN
from bot.chat.messages import Attachment, Button, Card, Reply, Request, notice
from bot.chat.platform import TokenRefusedError, UnreachableError
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Chat, Platform, Post, User
from tests.adapters.bot_api import (
    AL,
    BOT,
    CUT,
    GROUP,
    PRIVATE,
    TOKEN,
    UPLOAD,
    BotApi,
    Failure,
    Json,
    chosen,
    inline_query,
    pressed,
    pressed_inline,
    typed,
)
from tests.adapters.telegram_desk import AL_ALONE, BLOCKED, PIT_WALL, RETRY_AFTER_3, STORY, Desk, complaints


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
    assert (desk.asked, api.calls[2:]) == ([], [])


async def test_a_private_chat_is_told_that_a_command_is_unknown(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/unknown", PRIVATE))
    assert [call["text"] for call in api.given("sendMessage")] == [UNKNOWN]


async def test_plain_words_in_a_private_chat_are_for_the_bot(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("imola, please", PRIVATE))
    assert [(request.command, request.argument) for request in desk.asked] == [("", "imola, please")]


async def test_a_topic_is_a_chat_of_its_own(api: BotApi, desk: Desk) -> None:
    here = Chat(Platform.TELEGRAM, "-1001:9")
    async with desk.open(desk.command("crash"), desk.command("blame", Reply(Card("Who?"), replace=True))):
        await api.deliver(typed("/crash imola", **topic(9)), pressed("blame imola-2021", **topic(9)))
    assert [request.chat for request in desk.asked] == [here, here]
    assert [call["message_thread_id"] for call in api.given("sendMessage")] == ["9"]
    assert [(call["chat_id"], call["message_id"]) for call in api.given("editMessageText")] == [("-1001", "5")]
    assert sorted(post.message for post, _ in desk.posted) == ["1000", "5"]


async def test_a_press_changes_its_message_and_is_answered_once(api: BotApi, desk: Desk) -> None:
    reply = Reply(Card("Who was to blame?"), replace=True, poll="imola-2021")
    async with desk.open(desk.command("blame", reply)):
        await api.deliver(pressed("blame imola-2021"))
    post = Post(PIT_WALL, "5")
    assert desk.asked == [
        Request("blame", "imola-2021", User(Platform.TELEGRAM, "7"), PIT_WALL, "en", post, update="100")
    ]
    assert [call.method for call in api.calls[2:]] == ["answerCallbackQuery", "editMessageText"]
    assert desk.posted == [(post, reply)]


async def test_a_press_that_changes_nothing_is_no_error(api: BotApi, desk: Desk) -> None:
    api.fail("editMessageText", Failure(400, "Bad Request: message is not modified: specified new message content …"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("blame", Reply(Card("Who?"), replace=True))):
            await api.deliver(pressed("blame"))
    assert (complaints(logs), len(desk.posted)) == ([], 1)


async def test_a_press_below_an_inline_message_changes_it(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", Reply(Card("Who?"), replace=True))):
        await api.deliver(pressed_inline("blame imola-2021", "in7"))
    assert [request.pressed for request in desk.asked] == [Post(INLINE, "in7")]
    assert [call["inline_message_id"] for call in api.given("editMessageText")] == ["in7"]


async def test_what_cannot_be_written_below_an_inline_message_goes_to_who_pressed(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        await api.deliver(pressed_inline("crash imola-2021"))
    assert [call["chat_id"] for call in api.given("sendMessage")] == ["7"]


async def test_a_vote_is_answered_with_a_toast(api: BotApi, desk: Desk) -> None:
    receipt = Reply(Card("Mostly Russell", paragraphs=("41 % said the same.",)), private=True)
    async with desk.open(desk.command("vote", receipt)):
        await api.deliver(pressed("vote imola-2021 mostly-russell"))
    assert api.given("answerCallbackQuery") == [
        {"callback_query_id": "q", "text": "Mostly Russell. 41 % said the same."}
    ]
    assert len(api.calls) == 3


async def test_a_button_from_long_ago_says_so(api: BotApi, desk: Desk) -> None:
    async with desk.open():
        await api.deliver(pressed("gone imola-2021"))
    assert [call["text"] for call in api.given("answerCallbackQuery")] == [STALE]


async def test_a_press_is_answered_even_if_nothing_is_to_be_said(api: BotApi, desk: Desk) -> None:
    desk.limits = Throttle(clock=lambda: 0.0, person=Rate(burst=1, a_second=1))
    async with desk.open(desk.command("vote", notice("Counted."))):
        await api.deliver(*[pressed("vote", query=str(number)) for number in range(3)])
    toasts = {call["callback_query_id"]: call.get("text") for call in api.given("answerCallbackQuery")}
    assert toasts == {"0": "Counted.", "1": TOO_FAST, "2": None}


async def test_a_press_answered_too_late_is_no_error(api: BotApi, desk: Desk) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    api.fail("answerCallbackQuery", Failure(400, late))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(pressed("crash"))
    assert (complaints(logs), len(api.given("sendMessage"))) == ([], 1)


async def test_what_no_toast_can_hold_goes_to_the_private_chat(api: BotApi, desk: Desk) -> None:
    file = Reply(Card("2 votes of yours"), private=True, attachment=Attachment("votes.json", b"[]"))
    async with desk.open(desk.command("mydata", file)):
        await api.deliver(pressed("mydata"))
    assert [(call["chat_id"], call["text"]) for call in api.given("sendMessage")] == [("7", "2 votes of yours")]
    assert api.given("sendDocument") == [
        {"chat_id": "7", "document": UPLOAD, "parse_mode": "HTML"},
    ]
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
    assert [request.user.admin for request in desk.asked] == [True] * admin
    assert len(api.given("getChatMember")) == 1


async def test_telegram_is_not_asked_where_it_does_not_matter(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("polls", admin=True), desk.command("crash")):
        await api.deliver(typed("/polls off", PRIVATE), typed("/crash"))
    assert [request.user.admin for request in desk.asked] == [True, False]
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


async def test_presses_reach_the_handler_in_their_order_and_side_by_side(api: BotApi, desk: Desk) -> None:
    presses = [pressed(f"vote {number}", query=str(number)) for number in range(120)]
    order: list[str] = []
    all_are_in = asyncio.Event()

    async def vote(request: Request) -> Reply:
        order.append(request.argument)
        if len(order) == len(presses):
            all_are_in.set()
        await all_are_in.wait()
        return notice("Counted.")

    async with desk.open(Command("vote", "Vote", vote)):
        await api.push(*presses)
        await api.called("answerCallbackQuery", len(presses))
    assert order == [str(number) for number in range(120)]


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


async def test_a_wrong_token_is_said_plainly_and_kept_secret(desk: Desk) -> None:
    wrong = TOKEN[::-1]
    with pytest.raises(TokenRefusedError, match="check TELEGRAM_BOT_TOKEN") as caught:
        await desk.adapter(token=wrong).run()
    assert wrong not in "".join(traceback.format_exception(caught.value))


async def test_a_stop_while_connecting_leaves_nothing_open(api: BotApi, desk: Desk) -> None:
    running = asyncio.create_task(desk.adapter().run())
    await api.called("getMe")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    gc.collect()


async def test_an_empty_token_is_a_wrong_token(desk: Desk) -> None:
    with pytest.raises(TokenRefusedError):
        await desk.adapter(token="").run()


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_revoked_while_polling_ends_the_run(api: BotApi, desk: Desk, status: int) -> None:
    api.fail("getUpdates", Failure(status, "Unauthorized"))
    with pytest.raises(TokenRefusedError):
        await desk.adapter().run()


async def test_a_first_connection_that_fails_is_the_supervisors_to_retry(api: BotApi, desk: Desk) -> None:
    api.fail("getMe", Failure(502, "Bad Gateway"))
    adapter = desk.adapter()
    with pytest.raises(UnreachableError):
        await adapter.run()
    running = asyncio.create_task(adapter.run())
    await api.polled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_polling_outlives_whatever_happens_to_the_connection(api: BotApi, desk: Desk) -> None:
    conflict = Failure(409, "Conflict: terminated by other getUpdates request")
    api.fail("getUpdates", Failure(502, "Bad Gateway"), CUT, Failure(500), RETRY_AFTER_3, conflict)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
    assert desk.slept == [0.5, 1.0, 2.0, 3.0, 30.0]
    assert len(desk.asked) == 1


async def test_pauses_between_tries_grow_no_longer_than_half_a_minute(api: BotApi, desk: Desk) -> None:
    api.fail("getUpdates", *[CUT] * 8)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
        api.fail("getUpdates", CUT)
        await api.deliver(typed("/crash imola"))
    assert desk.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 0.5]


async def test_an_answer_waits_as_telegram_asks(api: BotApi, desk: Desk) -> None:
    api.fail("sendMessage", RETRY_AFTER_3, RETRY_AFTER_3)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
    assert (desk.slept, len(api.given("sendMessage")), len(desk.posted)) == ([3.0, 3.0], 3, 1)


async def test_an_answer_that_comes_too_late_is_dropped(
    api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.PATIENCE", 0)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
    assert complaints(logs) == ["telegram answer not delivered"]
    assert desk.posted == []


async def test_a_stop_lets_answers_in_flight_end(api: BotApi, desk: Desk) -> None:
    started, let_go = asyncio.Event(), asyncio.Event()

    async def crash(_request: Request) -> Reply:
        started.set()
        await let_go.wait()
        return STORY

    running = asyncio.create_task(desk.adapter(Command("crash", "Crash", crash)).run())
    await api.push(typed("/crash imola"))
    await started.wait()
    running.cancel()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(desk.posted) == 1


async def test_a_stop_waits_for_nobody_forever(api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_connection, "GRACE", 0)
    started = asyncio.Event()

    async def crash(_request: Request) -> Reply:
        started.set()
        await asyncio.Event().wait()
        return STORY

    with structlog.testing.capture_logs() as logs:
        async with desk.open(Command("crash", "Crash", crash)):
            await api.push(typed("/crash imola"))
            await started.wait()
    assert complaints(logs) == ["telegram answers abandoned"]


async def test_a_stop_confirms_what_was_taken(api: BotApi, desk: Desk) -> None:
    pausing = asyncio.Event()

    async def pause(_seconds: float) -> None:
        pausing.set()
        await asyncio.Event().wait()

    async with desk.open(desk.command("crash"), sleep=pause):
        api.fail("getUpdates", CUT)
        await api.push(typed("/crash imola"))
        await pausing.wait()
        assert len(api.pending) == 1
    assert (api.pending, len(desk.asked)) == ([], 1)


async def test_a_handler_that_fails_stops_nobody(api: BotApi, desk: Desk) -> None:
    def forget(_post: Post, _reply: Reply) -> None:
        raise RuntimeError("no room")

    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash"), desk.command("vote", notice("Counted."))) as adapter:
            adapter._posted = forget
            await api.deliver(typed("/crash imola"))
            await api.deliver(pressed("vote imola-2021 all-russell"))
    assert complaints(logs) == ["telegram update failed"]
    assert "RuntimeError: no room" in logs[-1]["exception"]
    assert TOKEN not in str(logs)
    assert len(api.given("answerCallbackQuery")) == 1


async def test_nothing_can_be_sent_without_a_connection(desk: Desk) -> None:
    async with desk.open() as adapter:
        await adapter.send(AL_ALONE, STORY)
    for closed in (adapter, desk.adapter()):
        with pytest.raises(UnreachableError, match="not connected"):
            await closed.send(AL_ALONE, STORY)


async def test_no_log_shows_the_token_or_what_people_write(
    api: BotApi, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.fail("getUpdates", Failure(502, "Bad Gateway"))
    api.fail("sendMessage", Failure(400, "Bad Request: something new"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash the-secret-place", sender=AL | {"first_name": "A-secret-name"}))
    told = caplog.text + str(logs)
    assert "Something new" in told
    assert not any(secret in told for secret in (TOKEN, "the-secret-place", "A-secret-name"))


async def test_not_even_a_broken_server_makes_the_token_known(desk: Desk) -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(UnreachableError) as caught:
            await desk.adapter(api_url=f"http://{host}:{port}").run()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
