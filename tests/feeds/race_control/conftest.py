"""Live timing on the loopback, and a client of it whose time stands still."""

from collections.abc import AsyncIterator

import pytest

from bot.feeds.race_control.live_timing import LiveTiming
from tests.support.clock import HeldClock
from tests.support.live_timing_server import ZANDVOORT, LiveTimingServer


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(ZANDVOORT)


@pytest.fixture
async def server() -> AsyncIterator[LiveTimingServer]:
    async with LiveTimingServer() as server:
        yield server


@pytest.fixture
def live_timing(server: LiveTimingServer, clock: HeldClock) -> LiveTiming:
    return LiveTiming(server.url, clock)
