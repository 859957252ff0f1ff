"""A Bot API on the loopback, and a bot that talks to it."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.adapters.telegram.bot_api import BotApi
from tests.adapters.telegram.bot_api_schema import check
from tests.adapters.telegram.desk import Desk


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(check) as api:
        yield api


@pytest.fixture
def desk(api: BotApi) -> Desk:
    return Desk(api)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
