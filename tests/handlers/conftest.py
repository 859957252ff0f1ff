"""Fans who ask about seasons, at noon two days after Imola 2021."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.incidents import Incidents
from tests.season import CALENDAR, DRIVERS, DRIVERS_BEFORE, QUALIFYING, RESULT, SPRINT, TEAMS, Fans, curious_fans


@pytest.fixture
async def newcomers(tmp_path: Path, incidents: Incidents) -> AsyncIterator[Fans]:
    """Nothing is known yet."""
    async with curious_fans(tmp_path, incidents) as fans:
        yield fans


@pytest.fixture
async def fans(newcomers: Fans) -> Fans:
    """The season so far is known, and so is a sprint to come."""
    await newcomers.know(RESULT, QUALIFYING, SPRINT, DRIVERS_BEFORE, DRIVERS, TEAMS, calendar=CALENDAR)
    return newcomers
