"""The bot split over processes on one PostgreSQL database, as an operator starts them; Telegram is a loopback."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.domain.announcements import Announcement, Kind
from bot.domain.places import Chat, Platform
from bot.pacing.clock import SystemClock
from storage.announcements import Announcements
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.subscriptions import Subscriptions
from tests.adapters.telegram.bot_api import TOKEN, BotApi, typed
from tests.support.command_line import CommandLine, Running

pytestmark = pytest.mark.postgresql

PADDOCK = Chat(Platform.TELEGRAM, "-1001")
SECRET = "8f3a1c5e9b7d2046af13c8e05d7b924610fe3ca85b97d2e4"
ALONE = {"JOLPICA_URL": "off", "F1DB_URL": "off", "RACE_CONTROL": "off", "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    database = open_database(postgresql_url)
    yield database
    await database.close()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


class Fleet:
    """Starts processes, each in a folder of its own, and stops them."""

    def __init__(self, folder: Path, url: str, api: BotApi) -> None:
        self._folder = folder
        self._environment = {
            **ALONE,
            "DATABASE_URL": url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api.url,
            "VOTER_SECRET": SECRET,
        }
        self._processes: list[Running] = []

    async def start(self, roles: str, **more: str) -> dict[str, object]:
        """Start a process with some roles; what it says of itself once it has started."""
        folder = self._folder / roles
        folder.mkdir()
        process = await CommandLine(folder).start("run", "--only", roles, **self._environment, **more)
        self._processes.append(process)
        assert process.stderr is not None
        said: dict[str, object] = {}
        while line := await process.stderr.readline():
            heard = json.loads(line)
            said |= {heard["event"]: heard}
            if heard["event"] == "bot.started":
                return said
        raise AssertionError("it ended without having started")

    async def stop(self) -> list[int | None]:
        """Ask all to stop; their exit codes."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        await asyncio.gather(*(process.communicate() for process in self._processes))
        return [process.returncode for process in self._processes]


@pytest.fixture
async def fleet(tmp_path: Path, postgresql_url: str, api: BotApi) -> AsyncIterator[Fleet]:
    fleet = Fleet(tmp_path, postgresql_url, api)
    yield fleet
    assert set(await fleet.stop()) == {0}


async def announce(database: Database) -> None:
    """Have a group told something for which nobody has to look anything up: how a poll ended."""
    clock, announcements = SystemClock(), Announcements(database)
    chats = await Chats.open(database, HandledUpdates(database))
    await Subscriptions(database, chats, HandledUpdates(database)).begin(PADDOCK, ["recaps"])
    result = {"incident": "imola-2021", "here": [], "everyone": []}
    made = await announcements.announce(Announcement("a result", "recaps", Kind.POLL_RESULT, result, clock.now()))
    assert made is not None
    while await announcements.spread(made, lambda _settings: clock.now()):
        pass


async def test_one_answers_and_another_delivers(fleet: Fleet, api: BotApi, database: Database) -> None:
    await fleet.start("telegram")
    await api.polled()
    await announce(database)
    await api.deliver(typed("/help"))
    (answered,) = await api.called("sendMessage")
    assert "/crash" in answered["text"]
    said = await fleet.start("deliver")
    assert said["bot.started"]["platforms"] == ["telegram"]  # type: ignore[index]
    _answer, news = await api.called("sendMessage", 2)
    assert (news["chat_id"], "Imola" in news["text"]) == ("-1001", True)


async def test_whoever_only_delivers_takes_no_updates(fleet: Fleet, api: BotApi, database: Database) -> None:
    await fleet.start("deliver")
    await announce(database)
    await api.called("sendMessage")
    assert api.polls == []
    assert api.given("setMyCommands") == []


async def test_monitoring_is_told_the_roles(fleet: Fleet) -> None:
    said = await fleet.start("season", HEALTH_PORT="0")
    port = said["monitoring.started"]["port"]  # type: ignore[index]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get("/readyz")).text == "ready as season\n"
        figures = (await http.get("/metrics")).text
    assert 'racing_incident_role{role="season"} 1.0' in figures
    assert 'racing_incident_role{role="telegram"} 0.0' in figures
