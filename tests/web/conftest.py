from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from tests.support.incidents import catalogue
from tests.web.reader import TELEGRAM, Reader, reading


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def resting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Reader]:
    """Somebody who reads a site on which nobody votes: one for all tests that only read."""
    async with reading(Settings(data_dir=tmp_path_factory.mktemp("resting")), catalogue(), ways=[TELEGRAM]) as reader:
        yield reader


@pytest.fixture
async def reader(settings: Settings, incidents: Incidents) -> AsyncIterator[Reader]:
    async with reading(settings, incidents, ways=[TELEGRAM]) as reader:
        yield reader
