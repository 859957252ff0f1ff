"""Strangers on Discord: whatever may stand in an interaction, parsed by the real client from its gateway's frames."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Any

from bot.adapters.discord import DiscordAdapter
from bot.app.settings import Settings
from bot.app.shared_core import Core
from tests.adapters.discord.api import AL, PRESS, SLASH, Discord
from tests.adapters.discord.test_internals import AT_HOME
from tests.chaos.strangers.oddities import changed, garbled, odd, without
from tests.chaos.strangers.visits import VOTE, WISHES, Visits, a_core, compared, counted, rows
from tests.support.clock import FakeClock

AT_ONCE = 100
"""Strangers between two friends."""

FRIENDS = 900_000_000_000
"""The id of the first friend's interaction."""

READS = ("crash imola-2021", "~browse 2021 2", "help", "next", "timeline imola-2021", "standings")
COMMANDS = (("crash", "incident", "imola"), ("results", "race", "imola 2021"), ("standings", "nobody", "x"))
NEEDED = (("data", "custom_id"), ("user",), ("user", "id"), ("id",), ("token",))


def pressed(data: str, at: dict[str, Any] = PRESS) -> dict[str, Any]:
    """A press of a button with this data."""
    return {**at, "data": {"custom_id": data, "component_type": 2}}


def asked(random: Random) -> dict[str, Any]:
    """A slash command that only reads, or its completion while it is typed."""
    name, option, said = random.choice(COMMANDS)
    options = [{"name": option, "type": 3, "value": said, "focused": random.random() < 0.5}]
    return {**SLASH, "type": random.choice((2, 4)), "data": {"id": "1", "name": name, "type": 1, "options": options}}


def draw(random: Random) -> Any:
    """What the next stranger sends: never what may change anything but by its being taken for something else."""
    kind = random.random()
    if kind < 0.05:
        return odd(random)
    if kind < 0.3:
        return changed(random, pressed(random.choice(READS), random.choice((PRESS, AT_HOME))))
    if kind < 0.45:
        return changed(random, asked(random))
    if kind < 0.6:
        return without(random, {**pressed(VOTE), "user": {**AL, "id": "8"}}, *NEEDED)
    # At home somebody has no rights; alone with the bot whoever wishes for something may have it, by right words.
    return pressed(garbled(random, random.choice(WISHES)), AT_HOME)


async def visit(settings: Settings, strangers: int, seed: int) -> Visits:
    """Have so many strangers come, and a friend after each hundred."""
    random = Random(seed)
    await _come(settings, Visits(), [])
    before = await rows(settings)
    visits = Visits(strangers=strangers)
    everybody = [draw(random) for _ in range(strangers)]
    async with counted(visits):
        await _come(settings, visits, everybody)
    visits.rows = compared(before, await rows(settings))
    return visits


async def _come(settings: Settings, visits: Visits, strangers: list[Any]) -> None:
    async with Discord(None) as world, a_core(settings) as core:
        adapter = _adapter(core, world)
        running = asyncio.create_task(adapter.run())
        for first in range(0, max(len(strangers), 1), AT_ONCE):
            for number, each in enumerate(strangers[first : first + AT_ONCE], first):
                named = isinstance(each, dict) and each.get("id") == PRESS["id"]
                await world.tell("INTERACTION_CREATE", {**each, "id": f"{10_000 + number}"} if named else each)
            friend = f"{FRIENDS + visits.friends}"
            visits.friends += 1
            await world.tell("INTERACTION_CREATE", {**pressed(VOTE), "id": friend})
            await world.response(friend)
            visits.friends_answered += 1
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        visits.answered = len(world.responses) - visits.friends_answered


def _adapter(core: Core, world: Discord) -> DiscordAdapter:
    return DiscordAdapter(
        world.token,
        core.dispatcher,
        core.posted,
        core.menus,
        core.stored.forum_posts,
        connector=world.connector,
        clock=FakeClock(),
    )
