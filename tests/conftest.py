"""What tests are given: a small catalogue, three people, databases, and the whole bot on a file of its own."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from shutil import copy, copyfile

import httpx
import pytest
import pytest_asyncio
import structlog
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Pool, event, make_url

from bot.app.settings import NAMES, Settings
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from storage.database.base import Database
from storage.database.open import open_database
from storage.voter_secret import load_secret
from tests.support import postgresql
from tests.support.bare_settings import settings_in
from tests.support.compiled import compile_once
from tests.support.conversation import Ask, Conversation, Press, conversation
from tests.support.hurried import hurried
from tests.support.incidents import catalogue
from tests.support.memory import keep_files_in_memory
from tests.support.postgresql_copies import Copies
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
from tests.support.shares import load_own_share

# How long an example takes is the machine's affair.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores, as tests wait for timers, servers and other processes: so no core is idle."""
    return (os.cpu_count() or 1) + 2


def pytest_configure() -> None:
    """Before anybody asks for a folder; the processes that xdist starts are told where it is."""
    keep_files_in_memory()


def pytest_collection(session: pytest.Session) -> None:
    """What is loaded stays until the end: looking through it for what may go takes a fifth of all tests' time."""
    gc.disable()
    load_own_share(session.config)


def pytest_collection_finish() -> None:
    """From here on the collector looks at what tests make, and not at the tests; as seldom as a bot's does."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip here, and not in a fixture: so pytest's summary says it in one line, not in one for each test."""
    needed = item.get_closest_marker("postgresql") is not None
    if needed and not postgresql.NAMED and postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Compiling them anew for each test's engines takes a fifth of the time of all that ask a bot."""
    end = compile_once()
    yield
    end()


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """Some tests commit thousands of times, and most of their time was spent on that."""
    event.listen(Pool, "checkout", hurried)
    yield
    event.remove(Pool, "checkout", hurried)


@pytest.fixture(scope="session", autouse=True)
def _traces_are_plain() -> Iterator[None]:
    """A trace that no test captures takes ten seconds, where it is drawn with all that its functions had in hand."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _whom_to_trust_is_read_once() -> Iterator[None]:
    """Each of httpx's clients reads all authorities of the web anew, which takes longer than what tests ask with it."""
    once = cache(httpx.create_ssl_context)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", once)
        patch.setattr("httpx._transports.default.create_ssl_context", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_set() -> Iterator[None]:
    """Whatever the developer's own bot is told, tests do not hear it; nor do they reach the network."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name.upper(), raising=False)
        patch.setenv("JOLPICA_URL", "off")
        patch.setenv("F1DB_URL", "off")
        patch.setenv("RACE_CONTROL", "off")
        yield


@pytest.fixture
def incidents() -> Incidents:
    """A catalogue for this test alone, as incidents that are noted join it."""
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has its tables, from which others are copied: making them takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "racing-incident.db"
    database = open_database(f"sqlite:///{file}")
    await database.upgrade()
    await database.close()
    return file


@pytest.fixture(scope="session")
def secret_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voter's secret, from which others are copied: its fingerprint, slow on purpose, is remembered."""
    file = tmp_path_factory.mktemp("secret") / "voter-secret"
    load_secret(None, file)
    return file


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_template: Path, secret_template: Path) -> Path:
    """A folder with a secret, and a database file that has its tables but knows no secret yet, for this test alone."""
    copyfile(sqlite_template, tmp_path / sqlite_template.name)
    copy(secret_template, tmp_path)  # which takes its mode along
    return tmp_path


@pytest.fixture
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(data_dir)  # where there is no .env
    return settings_in(data_dir)


@pytest.fixture
def never_ran(data_dir: Path) -> None:
    """There is no database yet, nor a secret."""
    (data_dir / "racing-incident.db").unlink()
    (data_dir / "voter-secret").unlink()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'racing-incident.db'}"


@pytest.fixture
def sqlite_url(data_dir: Path) -> str:
    """The address of a file that has its tables."""
    return f"sqlite:///{data_dir / 'racing-incident.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The PostgreSQL server that TEST_DATABASE_URL names, or one of our own; whoever asks for it is marked."""
    if postgresql.NAMED:
        yield postgresql.NAMED
        return
    programs = postgresql.programs()
    assert programs
    with postgresql.server(programs) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgresql_template(postgresql_server: str) -> AsyncIterator[str]:
    """The name of a database there that has its tables, from which others are copied."""
    async with postgresql.new_database(postgresql_server) as address:
        database = open_database(address)
        await database.upgrade()
        await database.close()
        yield str(make_url(address).database)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgresql_copies(postgresql_server: str, postgresql_template: str) -> AsyncIterator[Copies]:
    """Copies of that one there."""
    copies = await Copies.of(postgresql_server, postgresql_template)
    yield copies
    await copies.close()


@pytest.fixture
async def empty_postgresql_url(postgresql_server: str) -> AsyncIterator[str]:
    """The address of a database there without tables."""
    async with postgresql.new_database(postgresql_server) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def postgresql_url(postgresql_copies: Copies) -> AsyncIterator[str]:
    """The address of a database there that has its tables, and nothing in them."""
    async with postgresql_copies.one() as address:
        yield address


@pytest.fixture(params=postgresql.BOTH)
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database that is for this test alone."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A database with its tables."""
    database = open_database(url)
    await database.upgrade()
    yield database
    await database.close()


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
async def newcomers(data_dir: Path, monkeypatch: pytest.MonkeyPatch, incidents: Incidents) -> AsyncIterator[Fans]:
    """Nothing is known yet."""
    monkeypatch.chdir(data_dir)  # where there is no .env
    async with curious_fans(settings_in(data_dir), incidents) as fans:
        yield fans


@pytest.fixture
async def fans_at_imola(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fans]:
    """The same as `fans`, with a catalogue of their own, into which what race control notes is taken up."""
    monkeypatch.chdir(data_dir)  # where there is no .env
    async with curious_fans(settings_in(data_dir), catalogue()) as fans:
        await fans.know(RESULT, DRIVERS_BEFORE, DRIVERS, TEAMS, calendar=CALENDAR)
        yield fans


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def season_template(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, secret_template: Path
) -> Path:
    """A database file in which the season so far is known, and a sprint to come, from which others are copied."""
    folder = tmp_path_factory.mktemp("season")
    copyfile(sqlite_template, folder / sqlite_template.name)
    copy(secret_template, folder)
    async with curious_fans(Settings(data_dir=folder), catalogue()) as fans:
        await fans.know(RESULT, QUALIFYING, SPRINT, DRIVERS_BEFORE, DRIVERS, TEAMS, calendar=CALENDAR)
    return folder / sqlite_template.name


@pytest.fixture
def season_so_far(data_dir: Path, season_template: Path) -> None:
    """What whoever asks is to know from the beginning."""
    copyfile(season_template, data_dir / season_template.name)


@pytest.fixture
def fans(season_so_far: None, newcomers: Fans) -> Fans:  # noqa: ARG001 - before anybody opens the database
    """The season so far is known, and so is a sprint to come."""
    return newcomers
