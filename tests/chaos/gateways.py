"""A night in which Discord's gateway says again and again that the session is invalid, while people press buttons."""

import asyncio
import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bot.adapters.discord import DiscordAdapter
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.app.supervisor import supervise
from storage.database.open import open_database
from tests.adapters.discord.api import AL, PRESS, Discord
from tests.chaos.nights import Night
from tests.chaos.strangers.visits import a_core
from tests.storage.booth import recounted, tallied
from tests.support.clock import FakeClock

PRESSES = 120
TROUBLES = 8
"""How often the session is invalid."""

AT_ONCE = 5
"""Presses under way when it becomes so."""

PATIENCE = 30.0
"""Seconds after which a press that nobody answers counts as never answered."""

BEGINS, RESUMES = json.dumps({"op": 9, "d": False}), json.dumps({"op": 9, "d": True})
"""Who is told so begins a new session, or may try to resume the one that there was."""


def invalid(random: Random, _hard: float) -> Night:
    """Sessions end amid presses, and each press is answered and counted once all the same."""
    return asyncio.run(_invalid(random))


async def _invalid(random: Random) -> Night:
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), jolpica_url=None, f1db_url=None)
        async with Discord(None) as world, a_core(settings) as core:
            running = asyncio.create_task(supervise(_adapter(core, world), FakeClock()))
            await world.listened_to()
            unanswered = await _pressed(world, random)
            running.cancel()
            await asyncio.wait({running})
        database = open_database(settings.database)
        by_poll = await tallied(database)
        mistakes = ["a poll's tally is off"] * (by_poll != await recounted(database))
        await database.close()
    mistakes += [f"{unanswered} presses were never answered"] * bool(unanswered)
    counted = sum(by_poll.values())
    mistakes += ["a vote was counted twice"] * (counted > PRESSES)
    return Night(votes=PRESSES - unanswered, lost=max(0, PRESSES - unanswered - counted), mistakes=tuple(mistakes))


async def _pressed(world: Discord, random: Random) -> int:
    """Let everybody press once, and sessions end in between; how many were never answered."""
    troubled = {*random.sample(range(1, PRESSES // AT_ONCE), TROUBLES)}
    for batch in range(PRESSES // AT_ONCE):
        for number in range(batch * AT_ONCE, (batch + 1) * AT_ONCE):
            await world.tell("INTERACTION_CREATE", _press(number))
        if batch in troubled:
            again = world.listeners + 1
            await world.send_frame(random.choice((BEGINS, RESUMES)))
            async with asyncio.timeout(PATIENCE):
                await world.listened_to_by(again)
    unanswered = 0
    for number in range(PRESSES):
        try:
            async with asyncio.timeout(PATIENCE):
                await world.response(_press(number)["id"])
        except TimeoutError:
            unanswered += 1
    return unanswered


def _press(number: int) -> dict[str, Any]:
    """Somebody's vote."""
    vote = {"custom_id": "vote imola-2021 all-russell", "component_type": 2}
    return {**PRESS, "id": f"{70_000 + number}", "user": {**AL, "id": f"{7_000 + number}"}, "data": vote}


def _adapter(core: Core, world: Discord) -> DiscordAdapter:
    return DiscordAdapter(
        *(world.token, core.dispatcher, core.posted, core.menus, core.stored.forum_posts),
        connector=world.connector,
        clock=FakeClock(),
    )


AT_THE_GATEWAY = {"session invalid amid presses": invalid}
