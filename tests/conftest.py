"""What tests are given: a small catalogue, three people, and the whole bot on a database file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from bot.app.settings import Settings
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from tests.support.conversation import Ask, Conversation, Press, conversation
from tests.support.incidents import catalogue
from tests.support.season import (
    CALENDAR,
    DRIVERS,
    DRIVERS_BEFORE,
    QUALIFYING,
    RESULT,
    SPRINT,
    TEAMS,
    Fans,
    curious_fans,
)

# How long an example takes is the machine's affair.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer's own bot is told, tests do not hear it; nor do they ask the results archive."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("JOLPICA_URL", "off")


@pytest.fixture(scope="session")
def incidents() -> Incidents:
    return catalogue()


@pytest.fixture(scope="session")
def shipped() -> Incidents:
    return Incidents.load()


@pytest.fixture
def al() -> User:
    return User(Platform.TELEGRAM, "7")


@pytest.fixture
def bo() -> User:
    return User(Platform.TELEGRAM, "8")


@pytest.fixture
def cy() -> User:
    return User(Platform.TELEGRAM, "9")


@pytest.fixture
def boss() -> User:
    """An admin of whatever chat they write in: user 1 always is."""
    return User(Platform.TELEGRAM, "1")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    return Settings(data_dir=tmp_path)


@pytest.fixture
async def bot(settings: Settings, incidents: Incidents) -> AsyncIterator[Conversation]:
    async with conversation(settings, incidents) as bot:
        yield bot


@pytest.fixture
def ask(bot: Conversation) -> Ask:
    return bot.ask


@pytest.fixture
def press(bot: Conversation) -> Press:
    return bot.press


@pytest.fixture
async def newcomers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, incidents: Incidents) -> AsyncIterator[Fans]:
    """Nothing is known yet."""
    monkeypatch.chdir(tmp_path)  # where there is no .env
    async with curious_fans(Settings(data_dir=tmp_path), incidents) as fans:
        yield fans


@pytest.fixture
async def fans(newcomers: Fans) -> Fans:
    """The season so far is known, and so is a sprint to come."""
    await newcomers.know(RESULT, QUALIFYING, SPRINT, DRIVERS_BEFORE, DRIVERS, TEAMS, calendar=CALENDAR)
    return newcomers
