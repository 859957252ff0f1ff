"""What Telegram may send in place of sensible updates, and how the connection may fail: the next update is answered."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
import structlog.testing

from bot.chat.platform import TokenRefusedError
from tests.adapters.telegram.bot_api import (
    AL,
    BAD_GATEWAY,
    CUT,
    GROUP,
    NONSENSE,
    BotApi,
    Failure,
    Json,
    answering,
    pressed,
    typed,
)
from tests.adapters.telegram.desk import RETRY_AFTER_3, STORY, Desk, complaints

CONFLICT = Failure(409, "Conflict: terminated by other getUpdates request")
UNAUTHORIZED = Failure(401, "Unauthorized")
NUMBER = 900
"""The id of an update that a test makes up."""


def message(**fields: object) -> Json:
    """A sensible message, with some fields that are not."""
    return {"message": typed("/crash imola")["message"] | fields}


def press(**fields: object) -> Json:
    return {"callback_query": pressed("crash imola")["callback_query"] | fields}


def without(update: Json, field: str) -> Json:
    ((kind, content),) = update.items()
    return {kind: {name: value for name, value in content.items() if name != field}}


def nested(levels: int) -> Json:
    content: Json = {"message_id": 1}
    for _level in range(levels):
        content = {"message_id": 1, "reply_to_message": content}
    return content


UNREADABLE = {
    "a message that is null": {"message": None},
    "a message that is a list": {"message": []},
    "a message that is a string": {"message": "hello"},
    "a message without a chat": without(typed("/crash"), "chat"),
    "a chat that is null": message(chat=None),
    "a chat that is a number": message(chat=-1001),
    "a chat without an id": message(chat={"type": "group"}),
    "a chat without a type": message(chat={"id": -1001}),
    "a chat whose id is a string": message(chat=GROUP | {"id": "-1001"}),
    "a chat whose id is true": message(chat=GROUP | {"id": True}),
    "a chat whose id is a fraction": message(chat=GROUP | {"id": -1001.5}),
    "a chat whose id is huge": message(chat=GROUP | {"id": -(10**30)}),
    "a chat whose type is a number": message(chat=GROUP | {"type": 4}),
    "a message without an id": without(typed("/crash"), "message_id"),
    "a message whose id is a string": message(message_id="1"),
    "a message whose id is huge": message(message_id=2**64),
    "a sender that is a list": message(**{"from": [AL]}),
    "a sender without an id": message(**{"from": {"is_bot": False, "first_name": "Al"}}),
    "a sender whose id is a string": message(**{"from": AL | {"id": "7"}}),
    "a sender whose language is a number": message(**{"from": AL | {"language_code": 49}}),
    "a text that is a number": message(text=2021),
    "a text that is a list": message(text=["/crash"]),
    "a text with half a letter": message(text="/crash \ud83c"),
    "a topic that is a string": message(message_thread_id="9", is_topic_message=True),
    "a press that is null": {"callback_query": None},
    "a press without an id": without(pressed("crash"), "id"),
    "a press whose id is a number": press(id=1),
    "a press by nobody": without(pressed("crash"), "from"),
    "a press below a list": press(message=[]),
    "a press below a message without a chat": press(message={"message_id": 5, "date": 1}),
    "a press whose data is an object": press(data={"command": "crash"}),
    "a press whose data is half a letter": press(data="\udc00"),
    "an inline query that is a number": {"inline_query": 1},
    "an inline query without words": {"inline_query": {"id": "i", "from": AL, "offset": ""}},
    "an inline query by nobody": {"inline_query": {"id": "i", "query": "imola", "offset": ""}},
    "a chosen result without an id": {"chosen_inline_result": {"from": AL, "query": "imola"}},
}

READ_ALL_THE_SAME = {
    "a date that is a word": message(date="yesterday"),
    "a date that is far away": message(date=10**30),
    "a date before all others": message(date=-(10**12)),
    "no date": without(typed("/crash imola"), "date"),
    "a chat of a kind that is new": message(chat=GROUP | {"type": "hypergroup"}),
    "a chat whose title is a number": message(chat=GROUP | {"title": 4}),
    "an entity of a kind that is new": message(entities=[{"type": "hologram", "offset": 0, "length": 6}]),
    "entities that are none": message(entities="none"),
    "an entity that is null": message(entities=[None]),
    "a reply to something odd": message(reply_to_message={"message_id": None}),
    "a reply to a reply to a reply, and so on": message(reply_to_message=nested(200)),
    "a photo that is none": message(photo=[{}]),
    "a keyboard that is none": message(reply_markup=7),
    "fields that are new": message(mood="racy", holograms=[{}]),
    "a sender without a name": message(**{"from": {"id": 7}}),
    "a press below a message that is inaccessible": press(message={"message_id": 5, "chat": GROUP, "date": 0}),
    "a press below a message with an odd poll": press(message={"message_id": 5, "chat": GROUP, "poll": []}),
    "a press without an instance": without(pressed("crash imola"), "chat_instance"),
}

NOTHING_FOR_US = {
    "nothing at all": {},
    "a kind that is new": {"holographic_message": {"message_id": 1}},
    "a kind that is new, and null": {"holographic_message": None},
    "a message from nobody": without(typed("/crash imola"), "from"),
    "a message without words": without(typed("/crash imola"), "text"),
    "a result that was chosen, who knows where": {"chosen_inline_result": {"result_id": "1", "from": AL, "query": ""}},
}


@pytest.mark.parametrize("odd", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_an_update_that_cannot_be_read_costs_one_update(api: BotApi, desk: Desk, odd: Json) -> None:
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash before"), odd, typed("/crash after"))
    assert [request.argument for request in desk.asked] == ["before", "after"]
    (complaint,) = (entry for entry in logs if entry["log_level"] != "info")
    assert (complaint["event"], complaint["update"]) == ("telegram.update_unreadable", 101)
    assert complaint["kind"] == next(iter(odd))
    assert desk.clock.slept == []


@pytest.mark.parametrize("odd", READ_ALL_THE_SAME.values(), ids=READ_ALL_THE_SAME.keys())
async def test_what_is_odd_where_we_do_not_look_is_no_matter(api: BotApi, desk: Desk, odd: Json) -> None:
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash", replace(STORY, separate=True))):
            await api.deliver(odd)
    assert ([request.argument for request in desk.asked], complaints(logs)) == (["imola"], [])
    assert len(api.given("sendMessage")) + len(api.given("editMessageText")) == 1


@pytest.mark.parametrize("other", NOTHING_FOR_US.values(), ids=NOTHING_FOR_US.keys())
async def test_what_is_not_for_us_is_passed_over_in_silence(api: BotApi, desk: Desk, other: Json) -> None:
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(other, typed("/crash after"))
    assert ([request.argument for request in desk.asked], complaints(logs)) == (["after"], [])


@pytest.mark.parametrize(
    "odd",
    [
        *(None, 1, "update", [], {}),
        *({"update_id": number} for number in (None, "900", -1, True, [1])),
        {"update_id": 10**30, **typed("/crash huge")},
        {"update_id": 1.5, **typed("/crash half")},
    ],
    ids=repr,
)
async def test_an_update_without_an_id_is_stepped_over_with_the_next_one(api: BotApi, desk: Desk, odd: object) -> None:
    api.fail("getUpdates", answering(odd, {"update_id": NUMBER, **typed("/crash after")}))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.polled(2)
    assert [request.argument for request in desk.asked] == ["after"]
    assert complaints(logs) == ["telegram.update_unreadable"]
    assert api.polls[1]["offset"] == str(NUMBER + 1)


@pytest.mark.parametrize(
    "result",
    [None, True, 7, "updates", {}, {"update_id": NUMBER}, [None], [[]], [{"update_id": "1"}, {}]],
    ids=repr,
)
async def test_an_answer_that_brings_no_further_is_an_outage_that_is_told_once(
    api: BotApi, desk: Desk, result: object
) -> None:
    body = json.dumps({"ok": True, "result": result})
    api.fail("getUpdates", *[Failure(200, body=body)] * 6)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
    assert_doubled(desk.clock.slept, [0.5, 1, 2, 4, 8, 16])
    assert [entry["event"] for entry in logs] == [
        "telegram.connected",
        "telegram.poll_failed",
        "telegram.poll_resumed",
    ]
    assert len(desk.asked) == 1


@pytest.mark.parametrize(
    "failure",
    [
        CUT,
        BAD_GATEWAY,
        NONSENSE,
        Failure(500, "Internal Server Error"),
        Failure(200, body=""),
        Failure(200, body="[]"),
        Failure(200, body="null"),
        Failure(200, body='{"ok": true}'),
        Failure(200, body='{"ok": false, "error_code": 500, "description": "Internal"}'),
        Failure(200, body='{"ok": true, "result": [{"update'),
        Failure(400, body="[]"),
        Failure(502, body='{"ok": false, "description": 5, "parameters": 7}'),
        Failure(429, body="Slow down!"),
        Failure(429, body='{"parameters": {"retry_after": "soon"}}'),
        Failure(400, body='{"parameters": {"migrate_to_chat_id": "there"}}'),
        Failure(599, body="["),
    ],
    ids=lambda failure: f"{failure.status} {failure.body or failure.description}",
)
async def test_whatever_happens_to_the_connection_is_an_outage_that_is_told_once(
    api: BotApi, desk: Desk, failure: Failure
) -> None:
    api.fail("getUpdates", *[failure] * 8)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
            api.fail("getUpdates", failure)
            await api.deliver(typed("/crash monza"))
    assert_doubled(desk.clock.slept, [0.5, 1, 2, 4, 8, 16, 30, 30, 0.5])
    assert complaints(logs) == ["telegram.poll_failed", "telegram.poll_failed"]
    assert [request.argument for request in desk.asked] == ["imola", "monza"]


async def test_polling_waits_as_telegram_asks(api: BotApi, desk: Desk) -> None:
    api.fail("getUpdates", RETRY_AFTER_3)
    async with desk.open(desk.command("crash")):
        await api.deliver(typed("/crash imola"))
    assert (desk.clock.slept, len(desk.asked)) == ([3], 1)


@pytest.mark.parametrize(
    ("poison", "number"),
    [
        ('{"update_id": 101, "message": ' + "[" * 100_000 + "]" * 100_000 + "}", 101),
        ('{"update_id": 101, "message": {"message_id": ' + "1" * 5_000 + "}}", 101),
        ('{"update_id" : 101, "message": {"text": oops}}', 101),
    ],
    ids=["nested as deep as no parser goes", "a number as long as no parser reads", "no JSON"],
)
async def test_an_update_that_garbles_the_whole_answer_costs_one_update_too(
    api: BotApi, desk: Desk, poison: str, number: int
) -> None:
    before, after = ({"update_id": each, **typed(f"/crash {each}")} for each in (number - 1, number + 1))

    def answer(*updates: str) -> Failure:
        return Failure(200, body=f'{{"ok": true, "result": [{", ".join(updates)}]}}')

    api.fail(
        "getUpdates",
        answer(json.dumps(before), poison, json.dumps(after)),
        answer(json.dumps(before)),
        answer(poison),
        answer(json.dumps(after)),
    )
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.polled(5)
    asked = [(int(poll["offset"]), int(poll["limit"])) for poll in api.polls[:5]]
    assert asked == [(0, 100), (0, 1), (number, 1), (number + 1, 100), (number + 2, 100)]
    assert [request.argument for request in desk.asked] == ["100", "102"]
    assert [(entry["event"], entry["update"]) for entry in logs if entry["log_level"] != "info"] == [
        ("telegram.update_unreadable", number)
    ]


def updates(*numbers: int) -> Sequence[Json]:
    return [{"update_id": number, **typed(f"/crash {number}")} for number in numbers]


async def test_an_answer_that_is_repeated_is_taken_once(api: BotApi, desk: Desk) -> None:
    api.fail("getUpdates", answering(*updates(1, 2)), answering(*updates(1, 2)), answering(*updates(1, 2, 3)))
    async with desk.open(desk.command("crash")):
        await api.polled(4)
    assert [request.argument for request in desk.asked] == ["1", "2", "3"]
    assert [poll["offset"] for poll in api.polls[:4]] == ["0", "3", "3", "4"]
    assert_doubled(desk.clock.slept, [0.5])


async def test_an_update_that_cannot_be_read_is_told_of_once_however_often_it_comes(api: BotApi, desk: Desk) -> None:
    odd = {"update_id": NUMBER, "message": None}
    api.fail("getUpdates", *[answering(odd)] * 5)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
    assert complaints(logs) == ["telegram.update_unreadable", "telegram.poll_failed"]


async def test_an_answer_that_was_lost_is_asked_for_again(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        api.fail("getUpdates", Failure(0, carried_out=True))
        await api.deliver(*(typed(f"/crash {number}") for number in range(3)))
    assert [request.argument for request in desk.asked] == ["0", "1", "2"]


async def test_updates_out_of_order_are_all_taken_and_all_confirmed(api: BotApi, desk: Desk) -> None:
    api.fail("getUpdates", answering(*updates(12, 10, 11, 11)))
    async with desk.open(desk.command("crash")):
        await api.polled(2)
    assert sorted(request.argument for request in desk.asked) == ["10", "11", "12"]
    assert api.polls[1]["offset"] == "13"


async def test_telegram_may_begin_to_count_anew(api: BotApi, desk: Desk) -> None:
    api.fail("getUpdates", answering(*updates(5_000)), answering(*updates(7)), answering(*updates(8)))
    async with desk.open(desk.command("crash")):
        await api.polled(4)
    assert [request.argument for request in desk.asked] == ["5000", "7", "8"]
    assert [poll["offset"] for poll in api.polls[:4]] == ["0", "5001", "8", "9"]


async def test_what_was_taken_is_known_when_the_line_is_opened_again(api: BotApi, desk: Desk) -> None:
    adapter = desk.adapter(desk.command("crash"))
    for _run in range(2):
        api.fail("getUpdates", answering(*updates(1, 2)), *[UNAUTHORIZED] * 3)
        with pytest.raises(TokenRefusedError):
            await adapter.run()
    assert [request.argument for request in desk.asked] == ["1", "2"]


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_is_doubted_for_seconds_and_refused_at_the_third_time(
    api: BotApi, desk: Desk, method: str, status: int
) -> None:
    api.fail(method, *[Failure(status, "Unauthorized")] * 2)
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash imola"))
    assert_doubled(desk.clock.slept, [2, 4])
    assert (complaints(logs), len(desk.asked)) == (["telegram.token_doubted"], 1)
    api.fail(method, *[Failure(status, "Unauthorized")] * 3)
    with pytest.raises(TokenRefusedError, match="TELEGRAM_BOT_TOKEN"):
        await desk.adapter().run()


async def test_a_success_makes_up_for_a_refusal(api: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("crash")):
        for number in range(4):
            api.fail("getUpdates", UNAUTHORIZED)
            await api.deliver(typed(f"/crash {number}"))
    assert_doubled(desk.clock.slept, [2] * 4)
    assert len(desk.asked) == 4


async def test_another_process_that_polls_costs_seconds_and_is_told_of_once_it_persists(
    api: BotApi, desk: Desk
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            api.fail("getUpdates", CONFLICT)
            await api.deliver(typed("/crash imola"))
            assert complaints(logs) == []
            assert desk.clock.seconds < 2
            api.fail("getUpdates", *[CONFLICT] * 7)
            await api.deliver(typed("/crash monza"))
    assert_doubled(desk.clock.slept, [1.5, 1.5, 3, 6, 12, 24, 30, 30])
    assert complaints(logs) == ["telegram.poll_conflict"]


def assert_doubled(slept: Sequence[float], wholes: Sequence[float]) -> None:
    """Pauses are as long as these, or by up to a quarter shorter."""
    assert len(slept) == len(wholes)
    assert all(0.75 * whole <= pause <= whole for pause, whole in zip(slept, wholes, strict=True)), slept
