"""What an update asks of us, however odd it is."""

import re
from typing import Any

import pytest
from hypothesis import given

from bot.adapters.telegram.inbound import INLINE, address, asked, pressed, searched
from bot.adapters.telegram.updates import Content, Message, Press, UnreadableError, part, read
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.forms.reading import read as read_form
from tests.adapters.telegram import bot_api
from tests.adapters.telegram.bot_api import GROUP, Json
from tests.adapters.telegram.odd_updates import odd_updates


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
    assert re.fullmatch("[A-Za-z_.:0-9 -]*", refusal), "nobody's words"


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


def test_a_press_below_nothing_that_is_known_is_a_press_all_the_same() -> None:
    press = without(bot_api.pressed("blame imola-2021")["callback_query"], "message", "data")
    request = pressed(1, read_form(Press, press))
    assert (request.command, request.chat, request.pressed) == ("", INLINE, Post(INLINE, ""))


def test_a_press_below_a_message_that_is_out_of_reach_knows_its_chat() -> None:
    press = bot_api.pressed("blame imola-2021")["callback_query"]
    press["message"] = {"message_id": 5, "chat": GROUP, "date": 0}
    assert pressed(1, read_form(Press, press)).pressed == Post(Chat(Platform.TELEGRAM, "-1001"), "5")


def test_a_button_that_stands_below_its_message_was_offered() -> None:
    press = read_form(Press, bot_api.pressed("vote imola-2021 all-russell")["callback_query"])
    assert pressed(1, press).offered


@pytest.mark.parametrize(
    "keyboard",
    [{}, {"reply_markup": {"inline_keyboard": [[{"text": "Help", "callback_data": "help"}, {"text": "A link"}]]}}],
    ids=["no buttons", "others"],
)
def test_a_press_that_somebody_made_up_was_not_offered(keyboard: dict[str, Any]) -> None:
    press = bot_api.pressed("vote imola-2021 all-russell")["callback_query"]
    press["message"] = without(press["message"], "reply_markup") | keyboard
    request = pressed(1, read_form(Press, press))
    assert (request.command, request.offered) == ("vote", False)


@pytest.mark.parametrize(
    ("kind", "where"),
    [("private", ChatKind.PRIVATE), ("group", ChatKind.GROUP), ("channel", ChatKind.GROUP), ("new", ChatKind.GROUP)],
)
def test_what_is_no_private_chat_is_a_group(kind: str, where: ChatKind) -> None:
    message = read_form(Message, bot_api.typed("/crash", {"id": 7, "type": kind})["message"])
    request = asked(1, message, "RacingIncidentBot", {"crash"})
    assert request is not None
    assert request.chat == Chat(Platform.TELEGRAM, "7", where)
    assert request.user == User(Platform.TELEGRAM, "7")


def without(content: Json, *fields: str) -> Json:
    return {name: value for name, value in content.items() if name not in fields}
