"""One bad event costs one event: odd ones over a gateway on the loopback, each followed by a good press."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.adapters.discord.api import AL, PRESS, SLASH, Discord
from tests.adapters.discord.loopback_bot import LoopbackBot, running

IDS = count(10_000)
GUILD = {"guild_id": "40", "context": 0, "channel": {"id": "9", "type": 0, "name": "general", "position": 0}}
MEMBER = {"user": PRESS["user"], "roles": [], "flags": 0, "joined_at": "2021-04-18T13:00:00+00:00", "permissions": "0"}
AT_HOME = {**{key: value for key, value in PRESS.items() if key != "user"}, **GUILD, "member": {**MEMBER}}
ABSENT = object()
"""In the place of a value: the field is not there."""


def changed(payload: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An interaction with an id of its own, some of whose fields are others."""
    new = {**payload, "id": str(next(IDS)), **fields}
    return {key: value for key, value in new.items() if value is not ABSENT}


def option(**fields: Any) -> dict[str, Any]:
    """The data of a slash command with one argument."""
    return {"id": "1", "name": "say", "type": 1, "options": [{"name": "words", "type": 3, "value": "hi", **fields}]}


ANSWERED = {
    "a language that is not known yet": changed(PRESS, locale="tlh"),
    "no language": changed(PRESS, locale=ABSENT),
    "null for a language": changed(PRESS, locale=None),
    "an object for a language": changed(PRESS, locale={"code": "en"}),
    "null for the server's language": changed(PRESS, guild_locale=None),
    "a new kind of channel": changed(PRESS, channel={"id": "9", "type": 99}),
    "a new kind of channel in a server": changed(AT_HOME, channel={"id": "9", "type": 99}),
    "a new kind of place": changed(PRESS, context=99),
    "no place": changed(PRESS, context=ABSENT),
    "null for a place": changed(PRESS, context=None),
    "no channel": changed(PRESS, channel=ABSENT),
    "fields that nobody knows": changed(PRESS, callback="x", nested={"deep": [None]}),
    "a component that is no button": changed(PRESS, data={"custom_id": "story", "component_type": 3, "values": ["x"]}),
    "a component that is not known yet": changed(PRESS, data={"custom_id": "story", "component_type": 99}),
    "null for a component": changed(PRESS, data={"custom_id": "story", "component_type": None}),
    "an empty id": changed(PRESS, data={"custom_id": "", "component_type": 2}),
    "a huge id": changed(PRESS, data={"custom_id": "story " + "x" * 100_000, "component_type": 2}),
    "an id of control characters": changed(PRESS, data={"custom_id": "\x00\n\u202e", "component_type": 2}),
    "no message": changed(PRESS, message=ABSENT),
    "a message that says nothing": changed(PRESS, message={}),
    "completing for nobody": changed(SLASH, type=4, data=option(focused=True), user=ABSENT),
    "no rights": changed(AT_HOME, app_permissions=ABSENT),
    "who installed it unknown": changed(AT_HOME, authorizing_integration_owners={"9": "9"}),
    "new entitlements": changed(PRESS, entitlement_skus=None),
    "a server without a name": changed(AT_HOME, guild={"id": "40", "features": ["NEW"], "locale": "tlh"}),
}
UNREADABLE: dict[str, Any] = {
    "an unknown kind": changed(PRESS, type=99),
    "null for a kind": changed(PRESS, type=None),
    "an object for a kind": changed(PRESS, type={}),
    "a ping": changed(PRESS, type=1, data=ABSENT),
    "a form": changed(PRESS, type=5, data={"custom_id": "x", "components": []}),
    "a form without fields": changed(PRESS, type=5, data={}),
    "no kind": changed(PRESS, type=ABSENT),
    "no id": changed(PRESS, id=ABSENT),
    "null for an id": changed(PRESS, id=None),
    "words for an id": changed(PRESS, id="five hundred"),
    "no token": changed(PRESS, token=ABSENT),
    "no version": changed(PRESS, version=ABSENT),
    "no application": changed(PRESS, application_id=ABSENT),
    "no limit for files": changed(PRESS, attachment_size_limit=ABSENT),
    "nobody": changed(PRESS, user=ABSENT),
    "null for a person": changed(PRESS, user=None),
    "a person without a number": changed(PRESS, user={"username": "al"}),
    "null for a member": changed(AT_HOME, member=None),
    "no member": changed(AT_HOME, member=ABSENT),
    "a member who is nobody": changed(AT_HOME, member={"roles": []}),
    "null for a channel": changed(PRESS, channel=None),
    "null for a message": changed(PRESS, message=None),
    "a list for a message": changed(PRESS, message=[]),
    "null for data": changed(PRESS, data=None),
    "no data": changed(PRESS, data=ABSENT),
    "a list for data": changed(PRESS, data=[1]),
    "no button": changed(PRESS, data={"component_type": 2}),
    "no component": changed(PRESS, data={"custom_id": "story"}),
    "null for a button": changed(PRESS, data={"custom_id": None, "component_type": 2}),
    "a number for a button": changed(PRESS, data={"custom_id": 7, "component_type": 2}),
    "a list for a button": changed(PRESS, data={"custom_id": ["story"], "component_type": 2}),
    "words for rights": changed(AT_HOME, app_permissions="all"),
    "null for who installed it": changed(PRESS, authorizing_integration_owners=None),
    "null for entitlements": changed(PRESS, entitlements=None),
    "a command without data": changed(SLASH, data=ABSENT),
    "a command of null": changed(SLASH, data=None),
    "a command without a name": changed(SLASH, data={"id": "1", "type": 1}),
    "null for options": changed(SLASH, data={**option(), "options": None}),
    "words for options": changed(SLASH, data={**option(), "options": ["hi"]}),
    "an option without a name": changed(SLASH, data={**option(), "options": [{"type": 3, "value": "x"}]}),
    "an option without a value": changed(SLASH, data={**option(), "options": [{"type": 3, "name": "words"}]}),
    "a list for an argument": changed(SLASH, data=option(value=["hi"])),
    "a number for a token": changed(PRESS, token=7),
    "a list for a token": changed(PRESS, token=["x"]),
    "half of a character": changed(PRESS, data={"custom_id": "story \ud800", "component_type": 2}),
    "half of a character in an argument": changed(SLASH, data=option(value="\ud800")),
    "a fraction for a person's number": changed(PRESS, user={**AL, "id": 1.5}),
    "a fraction for a member's number": changed(AT_HOME, member={**MEMBER, "user": {**AL, "id": 1.5}}),
    "completing what is nowhere": changed(SLASH, type=4, data=option(name="gone", focused=True)),
    "completing a number": changed(SLASH, type=4, data=option(value=7, focused=True)),
    "completing what nobody types": changed(SLASH, type=4, data=option()),
    "completing nothing": changed(SLASH, type=4, data=None),
    "a file that was not sent": changed(SLASH, data=option(type=11, value="1")),
    "a command by nobody": changed(SLASH, user=ABSENT),
    "a list": [],
    "null": None,
    "a word": "interaction",
    "a number": 7,
}
OTHER_EVENTS: list[tuple[Any, Any]] = [
    ("MESSAGE_CREATE", {}),
    ("MESSAGE_CREATE", None),
    ("GUILD_CREATE", {"id": None}),
    ("GUILD_CREATE", []),
    ("USER_UPDATE", None),
    ("ENTITLEMENT_CREATE", {}),
    ("ENTITLEMENT_DELETE", "x"),
    ("CHANNEL_CREATE", {}),
    ("VOICE_STATE_UPDATE", 7),
    ("INTEGRATION_CREATE", {"guild_id": "x"}),
    ("READY", {}),
    ("READY", None),
    ("RESUMED", None),
    (["READY"], {}),
    ({"t": 1}, {}),
]
FRAMES = [
    "",
    "{",
    "nonsense",
    "[]",
    "null",
    "7",
    '"x"',
    "[" * 50_000,
    '{"op": 0, "t": "INTERACTION_CREATE"}',
    '{"op": 10}',
]
STEPPED_OVER = ["A_NEW_EVENT", "", None]


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[Discord, LoopbackBot]]:
    """A bot that has its connection."""
    async with Discord(None) as world:
        bot = LoopbackBot(world)
        async with running(bot):
            yield world, bot


async def is_answered(world: Discord) -> None:
    """The next good press is answered, over the same session."""
    press = changed(PRESS)
    await world.tell("INTERACTION_CREATE", press)
    await world.response(press["id"])
    assert world.sessions == 1


@pytest.mark.parametrize("payload", ANSWERED.values(), ids=ANSWERED)
async def test_what_is_new_to_us_is_answered_all_the_same(payload: dict[str, Any]) -> None:
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.tell("INTERACTION_CREATE", payload)
            await is_answered(world)
            await world.response(payload["id"])
    assert logs == []


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_interaction_that_cannot_be_read_is_stepped_over(
    payload: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.tell("INTERACTION_CREATE", payload)
            await is_answered(world)
    [line] = logs
    known = payload.get("id") if isinstance(payload, dict) else None
    assert line["event"] == "discord.event_unreadable"
    assert line["kind"] == "INTERACTION_CREATE"
    assert (None if line["id"] is None else str(line["id"])) == (known if (known or "").isdecimal() else None)
    assert caplog.records == []


@pytest.mark.parametrize(("event", "data"), OTHER_EVENTS)
async def test_any_other_event_that_cannot_be_read_is_stepped_over(event: Any, data: Any) -> None:
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.tell(event, data)
            await is_answered(world)
    assert [line["event"] for line in logs] == ["discord.event_unreadable"]


@pytest.mark.parametrize("event", STEPPED_OVER)
async def test_an_event_that_is_new_is_nothing_to_us(event: Any) -> None:
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.tell(event, {"id": "1"})
            await is_answered(world)
    assert logs == []


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
async def test_a_frame_that_is_none_is_stepped_over(frame: str) -> None:
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.send_frame(frame)
            await is_answered(world)
    assert [line["event"] for line in logs] == ["discord.event_unreadable"]


async def test_nothing_of_what_an_event_says_is_logged() -> None:
    async with listening() as (world, _bot):
        with capture_logs() as logs:
            await world.tell(
                "INTERACTION_CREATE", changed(PRESS, id="secret", token="secret", user={"username": "secret"})
            )
            await world.tell("MESSAGE_CREATE", {"id": "7" * 1000, "content": "secret"})
            await is_answered(world)
    assert len(logs) == 2
    assert "secret" not in json.dumps(logs)
    assert [line["id"] for line in logs] == [None, None]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(AT_HOME)) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
ODD_FIELDS = st.dictionaries(
    st.sampled_from(sorted({*AT_HOME, "user", "locale", "entitlements"} - {"id"})),
    JSON | st.just(ABSENT),
    min_size=1,
    max_size=4,
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([PRESS, SLASH, AT_HOME]), ODD_FIELDS), min_size=10, max_size=20))
async def test_whatever_an_interaction_looks_like_the_next_press_is_answered(
    odd: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    async with listening() as (world, _bot):
        for payload, fields in odd:
            await world.tell("INTERACTION_CREATE", changed(payload, **fields))
        await is_answered(world)
