"""Answers whose way is disturbed: by a Discord on the loopback that fails, sends a page, or hangs up."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.adapters.discord.api import PRESS, SLASH, Discord, Fate
from tests.adapters.discord.paddock import Paddock, running

LOST = {
    "a 500": Fate(arrives=False, status=500),
    "a 502 with a page": Fate(arrives=False, status=502, page=True),
    "a 503": Fate(arrives=False, status=503),
    "a 504 that has arrived": Fate(arrives=True, status=504, page=True),
    "a page of a proxy": Fate(arrives=False, status=200, page=True),
    "a page, but it has arrived": Fate(arrives=True, status=200, page=True),
    "a dropped line": Fate(arrives=False, status=0),
    "a dropped line, but it has arrived": Fate(arrives=True, status=0),
}
lost = pytest.mark.parametrize("fate", LOST.values(), ids=LOST)
TOO_LATE = Fate(arrives=False, status=404, code=10062)


def press(button: str, number: int = 700) -> dict[str, Any]:
    return {**PRESS, "id": str(number), "data": {"custom_id": button, "component_type": 2}}


async def titles(world: Discord, paddock: Paddock, interaction: dict[str, Any], opened: asyncio.Event | None = None) -> list[str]:
    """What an asker reads, in order, once all is said."""
    async with running(paddock):
        await world.tell("INTERACTION_CREATE", interaction)
        if opened is not None:
            await world.answers.get()
            opened.set()
        await paddock.idle()
    said = [response["data"] for response in world.responses.values() if "data" in response]
    return [each["embeds"][0]["title"] for each in (*said, *world.originals, *world.follow_ups) if each.get("embeds")]
