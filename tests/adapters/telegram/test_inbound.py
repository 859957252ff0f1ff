"""What an update asks of us, however odd it is."""

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.inbound import (
    INLINE,
    Content,
    Message,
    Press,
    UnreadableError,
    address,
    asked,
    part,
    pressed,
    read,
    searched,
    update_id,
)
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from tests.adapters.telegram import bot_api
from tests.adapters.telegram.bot_api import GROUP, PRIVATE, Json

SENSIBLE = [
    bot_api.typed("/crash imola", via_bot=None, sender_chat=GROUP, message_thread_id=9, is_topic_message=True),
    bot_api.typed("imola", PRIVATE),
    bot_api.pressed("vote imola-2021 all-russell"),
    bot_api.pressed_inline("vote imola-2021 all-russell"),
    bot_api.inline_query("imola"),
    bot_api.chosen("blame", "imola"),
]
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**62, max_value=2**70)
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "-1001", "private", "/crash", "0", ""]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=8,
)


def places(value: object, *way: str | int) -> list[tuple[str | int, ...]]:
    """The ways to all that is in an update."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(found for name, each in inside for found in places(each, *way, name))]


@st.composite
def odd_updates(draw: st.DrawFn) -> object:
    """A sensible update in which up to three things are missing, or something else altogether."""
    update: Any = copy.deepcopy(draw(st.sampled_from(SENSIBLE)))
    for _change in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places(update)))
        if not way:
            return draw(ODD)
        holder = update
        for name in way[:-1]:
            holder = holder[name]
        if draw(st.booleans()):
            holder[way[-1]] = draw(ODD)
        else:
            del holder[way[-1]]
    return update


@given(odd_updates())
def test_whatever_comes_is_read_or_refused(update: object) -> None:
    kind, content = part(update)
    if kind is None:
        return
    try:
        request = requested(read(1, kind, content).content)
    except UnreadableError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert request is None or sound(request)
    assert re.fullmatch("[a-z_.:0-9 -]*", refusal), "nobody's words"


def requested(content: Content) -> Request | None:
    match content:
        case Message():
            return asked(1, content, "RacingIncidentBot", {"crash"})
        case Press():
            return pressed(1, content)
        case _:
            return searched(content.query, content.sender)


def sound(request: Request) -> bool:
    """Whether the rest of the bot can take a request: its texts can be written, its chat can be addressed."""
    repr(request).encode()
    int(request.user.id)
    return request.chat == INLINE or address(request.chat)[0] < 2**63


@given(ODD | st.builds(lambda number: {"update_id": number}, ODD))
def test_an_id_is_a_number_that_telegram_can_be_asked_for(update: object) -> None:
    number = update_id(update)
    assert number is None or (type(number) is int and 0 <= number < 2**53)


@given(ODD)
def test_any_update_may_bring_what_nobody_knows(value: Any) -> None:
    for update in SENSIBLE:
        ((kind, content),) = update.items()
        assert read(1, kind, content | {"something_new": value}) == read(1, kind, content)


def test_an_update_keeps_its_id() -> None:
    assert read(4711, "inline_query", bot_api.inline_query("imola")["inline_query"]).id == 4711


def test_a_press_below_nothing_that_is_known_is_a_press_all_the_same() -> None:
    press = without(bot_api.pressed("blame imola-2021")["callback_query"], "message", "data")
    request = pressed(1, Press.model_validate(press))
    assert (request.command, request.chat, request.pressed) == ("", INLINE, Post(INLINE, ""))


def test_a_press_below_a_message_that_is_out_of_reach_knows_its_chat() -> None:
    press = bot_api.pressed("blame imola-2021")["callback_query"]
    press["message"] = {"message_id": 5, "chat": GROUP, "date": 0}
    assert pressed(1, Press.model_validate(press)).pressed == Post(Chat(Platform.TELEGRAM, "-1001"), "5")


def test_a_button_that_stands_below_its_message_was_offered() -> None:
    press = Press.model_validate(bot_api.pressed("vote imola-2021 all-russell")["callback_query"])
    assert pressed(1, press).offered


@pytest.mark.parametrize(
    "keyboard",
    [{}, {"reply_markup": {"inline_keyboard": [[{"text": "Help", "callback_data": "help"}, {"text": "A link"}]]}}],
    ids=["no buttons", "others"],
)
def test_a_press_that_somebody_made_up_was_not_offered(keyboard: dict[str, Any]) -> None:
    press = bot_api.pressed("vote imola-2021 all-russell")["callback_query"]
    press["message"] = without(press["message"], "reply_markup") | keyboard
    request = pressed(1, Press.model_validate(press))
    assert (request.command, request.offered) == ("vote", False)


@pytest.mark.parametrize(
    ("kind", "where"),
    [("private", ChatKind.PRIVATE), ("group", ChatKind.GROUP), ("channel", ChatKind.GROUP), ("new", ChatKind.GROUP)],
)
def test_what_is_no_private_chat_is_a_group(kind: str, where: ChatKind) -> None:
    message = Message.model_validate(bot_api.typed("/crash", {"id": 7, "type": kind})["message"])
    request = asked(1, message, "RacingIncidentBot", {"crash"})
    assert request is not None
    assert request.chat == Chat(Platform.TELEGRAM, "7", where)
    assert request.user == User(Platform.TELEGRAM, "7")


def without(content: Json, *fields: str) -> Json:
    return {name: value for name, value in content.items() if name not in fields}
