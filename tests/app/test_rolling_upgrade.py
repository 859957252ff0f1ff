"""Processes are replaced one by one: earlier versions go on while, and after, a newer one has made its tables.

That is the version before, and the oldest of which the tables say that it does.
"""

from pathlib import Path

import pytest
from sqlalchemy import update

from storage.database.open import open_database
from storage.database.upgrades import COMPATIBLE_FROM, LATEST, VERSION, revision
from tests.storage.booth import recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.support.command_line import CommandLine, Finished
from tests.support.earlier_version import MISSING, UPGRADES, unpack, version_before

pytestmark = pytest.mark.timeout(180)  # processes take their time on a busy machine

ASKED = (
    "/crash imola 2021\n/vote imola-2021 all-bottas\n/blame imola 2021\n/rate imola-2021 correct\n"
    "/settings zone berlin\n/settings\n/subscribe\n/quote\n/mydata\n/next\n/results imola 2021\n/about\n"
)
"""What reads and writes most of the tables."""

TROUBLE = ("went wrong", "Traceback", "[error", "[warning")


class Before(CommandLine):
    """An earlier version, at a shell."""

    def __init__(self, folder: Path, program: Path, newest: str) -> None:
        super().__init__(folder, program=program)
        self.newest = newest
        self.reads_compatibility = "COMPATIBLE_FROM" in (program / UPGRADES).read_text()


THE_OLDEST = "the oldest that goes on"


@pytest.fixture(scope="module", params=["the version before", pytest.param(THE_OLDEST, marks=pytest.mark.exhaustive)])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where an earlier version is, and the newest migration that it knows."""
    newest = version_before()
    if newest is None:
        pytest.skip(MISSING)
    if request.param == THE_OLDEST:
        newest = COMPATIBLE_FROM
    folder = tmp_path_factory.mktemp("before")
    unpack(newest, folder)
    return folder, newest


@pytest.fixture
def before(tmp_path: Path, program: tuple[Path, str]) -> Before:
    return Before(tmp_path, *program)


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.exhaustive),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    """Where there is nothing yet: on a server, as versions run side by side there; in a file one has the other's."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


async def votes(url: str) -> int:
    """How many votes there are, all of which are in the tallies."""
    database = open_database(url)
    counted = await recounted(database)
    assert await tallied(database) == counted
    assert await tallied_by_chat(database) == await recounted_by_chat(database)
    await database.close()
    return sum(counted.values())


async def make_newest_tables(url: str) -> None:
    """Do what a newer process does first of all when it starts."""
    database = open_database(url)
    await database.upgrade()
    assert await database.read(revision) == LATEST
    await database.close()


async def keep_quiet(url: str, before: Before) -> None:
    """Have an earlier version take newer tables for its own, where it cannot read yet that it goes with them."""
    if not before.reads_compatibility:
        older = update(VERSION).values(version_num=before.newest)
        database = open_database(url)
        await database.write(lambda connection: connection.execute(older))
        await database.close()


def test_the_newest_tables_are_declared_to_go_with_the_version_before() -> None:
    newest = version_before()
    if newest is None:
        pytest.skip(MISSING)
    assert newest >= COMPATIBLE_FROM, "what an older version needs goes only with the version after (CONTRIBUTING.md)"


def check_well(done: Finished) -> None:
    """Look whether all that was asked was answered."""
    assert done.code == 0, done.err
    assert not [each for each in TROUBLE if each in done.out + done.err], done.out + done.err
    assert "failed" not in done.err, "as an appeal may have, of which a quotation tells"


async def test_the_version_before_starts_on_the_newest_tables(before: Before, url: str) -> None:
    await make_newest_tables(url)
    await keep_quiet(url, before)
    check_well(await before("chat", typed=ASKED, DATABASE_URL=url, LOG_LEVEL="WARNING"))
    assert await votes(url) == 2


@pytest.mark.postgresql
async def test_the_version_before_goes_on_while_its_tables_are_made_anew(
    before: Before, tmp_path: Path, empty_postgresql_url: str
) -> None:
    running = await before.start("chat", DATABASE_URL=empty_postgresql_url, LOG_LEVEL="WARNING")
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(ASKED.encode())
    while b"Formula 1 companies" not in await running.stdout.readline():
        assert not running.stdout.at_eof()
    assert await votes(empty_postgresql_url) == 2
    await make_newest_tables(empty_postgresql_url)
    newest = CommandLine(tmp_path)
    check_well(await newest("chat", typed=ASKED, DATABASE_URL=empty_postgresql_url, LOG_LEVEL="WARNING"))
    out, err = await running.communicate(ASKED.replace("all-bottas", "all-russell").encode())
    check_well(Finished(running.returncode, out.decode(), err.decode()))
    assert "✓ All Russell" in out.decode()
    assert await votes(empty_postgresql_url) == 2


async def test_the_newest_version_goes_on_with_what_the_one_before_wrote(
    before: Before, tmp_path: Path, url: str
) -> None:
    for each in (before, CommandLine(tmp_path)):
        done = await each("chat", typed=ASKED, DATABASE_URL=url, LOG_LEVEL="WARNING")
        check_well(done)
        assert "✓ All Bottas" in done.out
    assert await votes(url) == 2
