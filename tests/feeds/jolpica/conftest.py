"""A Jolpica on the loopback, and a client of it whose clock is ours."""

from collections.abc import AsyncIterator

import pytest

from bot.feeds.jolpica.client import Jolpica
from tests.support.clock import FakeClock
from tests.support.jolpica_server import JolpicaServer


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server() -> AsyncIterator[JolpicaServer]:
    async with JolpicaServer() as server:
        yield server


@pytest.fixture
async def jolpica(server: JolpicaServer, clock: FakeClock) -> AsyncIterator[Jolpica]:
    async with Jolpica(server.url, clock) as jolpica:
        yield jolpica
