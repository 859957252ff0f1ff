from collections.abc import AsyncIterator

import pytest

from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from tests.web.reader import TELEGRAM, Reader, reading


@pytest.fixture
async def reader(settings: Settings, incidents: Incidents) -> AsyncIterator[Reader]:
    async with reading(settings, incidents, ways=[TELEGRAM]) as reader:
        yield reader
