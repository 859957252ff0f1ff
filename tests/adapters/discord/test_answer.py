"""Answers whose way is disturbed: by a Discord on the loopback that fails, sends a page, or hangs up."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, NamedTuple

import discord
import pytest
from structlog.testing import capture_logs

from bot.adapters.discord.render import render
from bot.pacing.losses import QUIET
from tests.adapters.discord.api import AL, PRESS, SLASH, Discord, Fate
from tests.adapters.discord.layouts import LAYOUT, heading
from tests.adapters.discord.loopback_bot import STORY, LoopbackBot, running

LOST = {
    "a 500": Fate(arrives=False, status=500),
    "a 502 with a page": Fate(arrives=False, status=502, page=True),
    "a 503": Fate(arrives=False, status=503),
    "a 504 that has arrived": Fate(arrives=True, status=504, page=True),
    "a 429 of a proxy": Fate(arrives=False, status=429, page=True),
    "a page of a proxy": Fate(arrives=False, status=200, page=True),
    "a page, but it has arrived": Fate(arrives=True, status=200, page=True),
    "a dropped line": Fate(arrives=False, status=0),
    "a dropped line, but it has arrived": Fate(arrives=True, status=0),
}
lost = pytest.mark.parametrize("fate", LOST.values(), ids=LOST)
DOWN = LOST["a 503"]
TOO_LATE = Fate(arrives=False, status=404, code=10062)
SOMEBODY_ELSES = Fate(arrives=False, status=400, code=40060)


EPHEMERAL = 1 << 6


class Ask(NamedTuple):
    """What somebody sends, what they read then, and in which message for all to see, if it is one."""

    interaction: dict[str, Any]
    read: str
    post: str = ""


def press(button: str, number: int = 700) -> dict[str, Any]:
    return {**PRESS, "id": str(number), "data": {"custom_id": button, "component_type": 2}}


def slash(command: str) -> dict[str, Any]:
    return {**SLASH, "id": "701", "data": {"id": "1", "name": command, "type": 1, "options": []}}


VOTE = Ask(press("vote"), "Your vote counts")
BRINGING = Ask(press("story"), "Imola 2021", "77")
ASKS = {
    "a command": Ask(slash("crash"), "Imola 2021", "77"),
    "a command answered in private": Ask(slash("votes"), "You voted once"),
    "a press that brings a message": BRINGING,
    "a press that changes its message": Ask(press("change"), "Imola 2021", "900"),
    "a vote": VOTE,
}
asks = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)


@pytest.fixture
async def world() -> AsyncIterator[Discord]:
    async with Discord(None) as world:
        yield world


def read(world: Discord) -> set[str]:
    """What can be read; what is written over itself is there once."""
    responses = [response["data"] for response in world.responses.values() if "data" in response]
    written = [each for each in (*responses, *world.originals, *world.follow_ups) if each.get("components")]
    return {heading(each["components"]) for each in written}


async def answered(world: Discord, bot: LoopbackBot, ask: Ask, later: tuple[Fate, ...] = ()) -> list[Any]:
    """Somebody asks, and is answered; `later` is what becomes of what follows an acknowledgement. What was logged."""
    with capture_logs() as logs:
        async with running(bot):
            await world.tell("INTERACTION_CREATE", ask.interaction)
            await bot.started.wait()
            if later:
                await world.response(ask.interaction["id"])
                world.fates.extend(later)
            bot.gate.set()
    assert len(bot.asked) == 1
    return logs


@asks
@lost
@pytest.mark.parametrize("times", [1, 2])
async def test_an_answer_is_given_again_where_it_was_lost(world: Discord, ask: Ask, fate: Fate, times: int) -> None:
    bot = LoopbackBot(world)
    world.fates.extend([fate] * times)
    assert await answered(world, bot, ask) == []
    assert read(world) == {ask.read}
    assert [post.message for post in bot.posted] == [ask.post] * bool(ask.post)
    assert len(world.responses) == 1


@asks
@lost
async def test_an_acknowledgement_is_given_again_where_it_was_lost(world: Discord, ask: Ask, fate: Fate) -> None:
    bot = LoopbackBot(world, slow=True)
    world.fates.append(fate)
    with capture_logs() as logs:
        async with running(bot):
            await world.tell("INTERACTION_CREATE", ask.interaction)
            await world.response(ask.interaction["id"])
            bot.gate.set()
    assert logs == []
    assert read(world) == {ask.read}


@asks
@lost
async def test_what_follows_an_acknowledgement_is_given_again_where_it_was_lost(
    world: Discord, ask: Ask, fate: Fate
) -> None:
    bot = LoopbackBot(world, slow=True)
    logs = await answered(world, bot, ask, later=(fate,))
    if ask is BRINGING and fate.status == HTTPStatus.OK:
        assert [line["event"] for line in logs] == ["discord.event_failed"], "a second message might be one too many"
        return
    assert logs == []
    assert read(world) == {ask.read}
    assert len(bot.posted) == bool(ask.post)


@asks
async def test_an_answer_that_is_lost_again_and_again_is_given_up(world: Discord, ask: Ask) -> None:
    bot = LoopbackBot(world)
    world.fates.extend([DOWN] * 10)
    [line] = await answered(world, bot, ask)
    assert (line["event"], line["status"]) == ("discord.answer_failed", 503)
    assert len(world.fates) == 7
    assert bot.clock.seconds < 3


async def test_an_outage_is_a_line_as_it_begins_and_one_with_the_number_after_it(world: Discord) -> None:
    bot = LoopbackBot(world)
    with capture_logs() as logs:
        for number in range(700, 706):
            if number == 705:
                bot.clock.pass_by(QUIET + 1)
            else:
                world.fates.extend([DOWN] * 3)
            async with running(bot):
                bot.started.clear()
                await world.tell("INTERACTION_CREATE", press("vote", number))
                await bot.started.wait()
    assert [(line["event"], line["status"], line.get("answers")) for line in logs] == [
        ("discord.answer_failed", 503, None),
        ("discord.answers_lost", 503, 5),
    ]


@pytest.mark.parametrize("fate", [TOO_LATE, SOMEBODY_ELSES])
async def test_what_discord_refuses_is_not_tried_again(world: Discord, fate: Fate) -> None:
    bot = LoopbackBot(world)
    world.fates.append(fate)
    [line] = await answered(world, bot, VOTE)
    assert (line["event"], line["id"], line["code"]) == ("discord.answer_failed", 700, fate.code)
    assert world.responses == {}


async def test_an_interaction_that_comes_twice_is_taken_once(world: Discord) -> None:
    bot = LoopbackBot(world)
    async with running(bot):
        for ask in (VOTE, VOTE, ASKS["a command"], VOTE, ASKS["a command"]):
            await world.tell("INTERACTION_CREATE", ask.interaction)
        await world.response("701")
        await world.tell("INTERACTION_CREATE", press("vote", 702))
        await world.response("702")
    assert sorted(request.command for request in bot.asked) == ["crash", "vote", "vote"]


async def test_an_interaction_is_known_to_the_next_connection(world: Discord) -> None:
    bot = LoopbackBot(world)
    for number in (702, 703):
        async with running(bot):
            await world.tell("INTERACTION_CREATE", VOTE.interaction)
            await world.tell("INTERACTION_CREATE", press("vote", number))
            await world.response(str(number))
    assert len(bot.asked) == 3


@pytest.mark.parametrize("offered", [True, False])
async def test_a_press_says_whether_its_message_offers_it(world: Discord, offered: bool) -> None:
    bot, interaction = LoopbackBot(world), press("vote")
    button = {"type": 2, "style": 1, "label": "Russell", "custom_id": "vote" if offered else "crash"}
    interaction["message"] = {**interaction["message"], "components": [{"type": 1, "components": [button]}]}
    await answered(world, bot, Ask(interaction, "Your vote counts"))
    assert [request.offered for request in bot.asked] == [offered]


async def test_a_command_that_is_there_no_more_is_answered_with_one_sentence(world: Discord) -> None:
    bot = LoopbackBot(world)
    async with running(bot):
        await world.tell("INTERACTION_CREATE", slash("gossip"))
        answer = await world.response("701")
    assert heading(answer["data"]["components"]) == "No such command here\\. \\/help lists them all\\."
    assert answer["data"]["flags"] == LAYOUT | EPHEMERAL


async def test_an_argument_counts_by_whatever_name_an_older_menu_has_for_it(world: Discord) -> None:
    bot, asked = LoopbackBot(world), slash("say")
    asked["data"]["options"] = [{"name": "on", "type": 3, "value": "off"}]
    await answered(world, bot, Ask(asked, "Imola 2021"))
    assert [request.argument for request in bot.asked] == ["off"]


async def test_a_press_that_changes_nothing_says_so(world: Discord) -> None:
    bot, again = LoopbackBot(world), press("change")
    components = render(STORY).view.to_components()  # type: ignore[no-untyped-call]
    again["message"] = {**again["message"], "components": components, "flags": LAYOUT}
    async with running(bot):
        await world.tell("INTERACTION_CREATE", again)
        answer = await world.response(again["id"])
    assert heading(answer["data"]["components"]) == "It is so already\\."
    assert answer["data"]["flags"] == LAYOUT | EPHEMERAL


GUEST = {"authorizing_integration_owners": {"1": "7"}, "context": 0, "guild_id": "5"}
MEMBER = {"user": AL, "roles": [], "joined_at": "2021-04-18T13:00:00+00:00", "deaf": False, "mute": False, "flags": 0}


@pytest.mark.parametrize(("permissions", "kind"), [("0", 7), (str(discord.Permissions.all().value), 4)])
async def test_a_page_turns_in_place_where_all_that_a_guest_says_is_for_the_asker_alone(
    world: Discord, permissions: str, kind: int
) -> None:
    bot, turned = LoopbackBot(world), press("change") | GUEST
    turned["message"] = {**turned["message"], "flags": EPHEMERAL}
    turned["member"] = {**MEMBER, "permissions": permissions}
    async with running(bot):
        await world.tell("INTERACTION_CREATE", turned)
        answer = await world.response(turned["id"])
    assert answer["type"] in {kind, 6}
