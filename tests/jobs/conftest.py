"""A press room in which the calendar of 2021 is known, at Imola's flag."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.press_room import PressRoom, press_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[PressRoom]:
    async with press_room(tmp_path) as room:
        yield room
