"""A server with releases, and the feed in front of it."""

from collections.abc import AsyncIterator

import pytest

from bot.feeds.f1db.client import F1db
from storage.incidents.reading import read_f1db_ids
from tests.support.f1db_server import F1dbServer


@pytest.fixture
async def server() -> AsyncIterator[F1dbServer]:
    """The server, whose latest release is to be put there."""
    async with F1dbServer() as running:
        yield running


@pytest.fixture
async def f1db(server: F1dbServer) -> AsyncIterator[F1db]:
    """The feed."""
    async with F1db(server.latest, read_f1db_ids(), timeout=5) as feed:
        yield feed
