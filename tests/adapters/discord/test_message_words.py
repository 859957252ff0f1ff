"""What a message says that is asked about by its menu: its own words, and those of what it shows or passes on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.adapters.discord.api import PRESSED, SLASH, Discord
from tests.adapters.discord.layouts import heading
from tests.adapters.discord.loopback_bot import LoopbackBot, running
from tests.adapters.discord.wire import BOT, MESSAGE


@pytest.fixture
async def world() -> AsyncIterator[Discord]:
    async with Discord(None) as world:
        yield world


FORWARDED = {**MESSAGE, "content": "That crash at Spa 2012", "embeds": []}
POLL_ON_SPA = {
    "question": {"text": "Spa 2012, whose fault?"},
    "answers": [],
    "expiry": "2021-04-19T13:00:00+00:00",
    "allow_multiselect": False,
    "layout_type": 1,
}
PICTURE = {
    "id": "1",
    "filename": "spa.png",
    "size": 1,
    "url": "https://example.org/spa.png",
    "proxy_url": "https://example.org/spa.png",
    "description": "The start of Spa 2012",
}


def doors(*data: str) -> dict[str, Any]:
    """A row of buttons with these data."""
    return {"type": 1, "components": [{"type": 2, "style": 2, "label": each, "custom_id": each} for each in data]}


ONE_DOOR = doors("vote imola-2021 russell", "~blame imola-2021", "subscribe recaps")
TWO_DOORS = doors("crash imola-2021", "crash spa-2012")


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ({"content": "That  crash at\nImola 2021 again!"}, "That crash at Imola 2021 again!"),
        ({"embeds": [{"type": "rich", "title": "Monza 2021"}]}, "Monza 2021"),
        ({"components": [{"type": 17, "components": [{"type": 10, "content": "### Spa 2012"}]}]}, "### Spa 2012"),
        ({"content": "x" * 2000}, "x" * 200),
        ({"content": "look https://example.org/2021", "embeds": [{"title": "Crash at Imola"}]}, "look Crash at Imola"),
        ({"embeds": [{"description": "### Spa 2012\n*Lap 1*"}], "content": "<@&123456>"}, "### Spa 2012"),
        ({"components": [{"type": 10, "content": "<@&123>"}, {"type": 10, "content": "Spa 2012"}]}, "Spa 2012"),
        ({"content": "<:imola:1> Spa <t:1346594400:F> <@7> <#9> 2012 </crash:5>"}, "Spa 2012"),
        ({"content": f"{'x' * 2000} Imola", "embeds": [{"title": "Spa 2012"}]}, f"{'x' * 100} Spa 2012"),
        ({"message_snapshots": [{"message": FORWARDED}]}, "That crash at Spa 2012"),
        ({"poll": POLL_ON_SPA}, "Spa 2012, whose fault?"),
        ({"content": "https://example.org/2012/spa-start-crash"}, "https example org 2012 spa start crash"),
        ({"attachments": [PICTURE]}, "The start of Spa 2012"),
        ({"content": "<@7> !!", "components": [TWO_DOORS]}, "…"),
        ({"author": {**BOT, "id": "8"}, "components": [ONE_DOOR]}, "…"),
        ({"content": "Turn 4, Monza", "components": [ONE_DOOR]}, "imola-2021"),
        ({}, "…"),
    ],
    ids=[
        *("words", "an embed", "a layout", "many words", "a link", "an announcement", "a role", "mentions"),
        *("a long text above a title", "a forwarded message", "a poll", "an address alone", "a picture"),
        *("ours about several", "another bot's", "ours", "nothing"),
    ],
)
async def test_on_a_message_one_can_ask_who_was_to_blame(world: Discord, message: dict[str, Any], asked: str) -> None:
    bot = LoopbackBot(world)
    target = {**PRESSED[7], "content": "", "embeds": [], "components": [], **message}
    data = {
        "id": "2",
        "name": "Who was to blame?",
        "type": 3,
        "target_id": "900",
        "resolved": {"messages": {"900": target}},
    }
    async with running(bot):
        await world.tell("INTERACTION_CREATE", {**SLASH, "id": "702", "data": data})
        answer = await world.response("702")
    assert [(request.command, request.argument, request.pressed) for request in bot.asked] == [("blame", asked, None)]
    assert heading(answer["data"]["components"]) == "Imola 2021"
