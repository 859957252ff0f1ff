"""A bot of few words in a simulated Discord."""

from collections.abc import AsyncIterator

import pytest
from simcord.env import Env

from tests.adapters.discord.club import Bot, Club, simulated


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def env(bot: Bot) -> AsyncIterator[Env]:
    async with simulated(bot) as env:
        yield env


@pytest.fixture
def club(env: Env) -> Club:
    return Club(env)
