"""A press room in which the calendar of 2021 is known, at Imola's flag."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.press_room import PressRoom, press_room


@pytest.fixture
async def room(data_dir: Path) -> AsyncIterator[PressRoom]:
    async with press_room(data_dir) as room:
        yield room
