"""Whose fault it is, as a PostgreSQL server and its driver say it; SQLite's faults are in test_group_commit.py."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.exc import InternalError, OperationalError
from structlog.testing import capture_logs

from bot.domain.ballots import Receipt
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from storage import tables
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database, in_words, outage
from storage.database.faults import is_the_databases
from storage.database.notifications import LineLostError
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import Booth, voter

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    database = open_database(postgresql_url)
    yield database
    await database.close()


async def fault(database: Database, *statements: str) -> Exception:
    """What comes of statements."""

    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    with pytest.raises(Exception) as caught, capture_logs():  # noqa: PT011 - that is the question
        await database.write(run)
    assert isinstance(caught.value, Exception)
    return caught.value


ADD_A_CHAT = "INSERT INTO chat (platform, external, kind) VALUES ('telegram', '1', 'group')"


@pytest.mark.parametrize(
    "statements",
    [
        ["SELECT pg_terminate_backend(pg_backend_pid())"],
        ["SET LOCAL statement_timeout = 1", "SELECT pg_sleep(60)"],
        ["SET TRANSACTION READ ONLY", ADD_A_CHAT],
        ["DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"],
        ["DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P03'; END $$"],
        ["DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"],
        ["DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '55P03'; END $$"],
    ],
    ids=["stopped", "too slow", "read-only", "disk full", "starting", "serialization", "locked"],
)
async def test_it_is_the_servers(database: Database, statements: Sequence[str]) -> None:
    error = await fault(database, *statements)
    assert is_the_databases(error)
    assert outage(error)


def test_what_the_driver_finds_on_a_connection_that_was_cut_is_the_servers() -> None:
    said = Exception("cannot switch to state 11; another operation (2) is in progress")
    assert is_the_databases(InternalError("SELECT 1", {}, said))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO choice (poll_id, key) VALUES (404, 'nobody')",
        """SELECT '["\\u0000"]'::jsonb ->> 0""",
        "SELECT 99999999999 :: integer",
    ],
    ids=["no such poll", "no text", "no number"],
)
async def test_it_is_what_was_to_be_written(database: Database, statement: str) -> None:
    error = await fault(database, statement)
    assert not is_the_databases(error)
    assert outage(error) is None


async def test_a_value_that_the_driver_refuses_is_not_the_servers(database: Database) -> None:
    huge = select(tables.chat.c.id).where(tables.chat.c.id == bindparam("id"))
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await database.read(lambda connection: connection.scalar(huge, {"id": 2**80}))
    assert not is_the_databases(caught.value)


async def test_a_server_that_is_not_there_is_at_fault(tmp_path: Path) -> None:
    nobody = open_database(f"postgresql://postgres@/postgres?host={tmp_path}")
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await nobody.read(lambda connection: connection.scalar(select(1)))
    assert is_the_databases(caught.value)
    await nobody.close()


async def read_only(url: str, *, on: bool, throw_out: bool = True) -> None:
    """Let a database take nothing any more, as a standby does until it is promoted; or let it again.

    Whoever is connected is thrown out, or stays with a server that is as it was.
    """
    operator = await asyncpg.connect(url, server_settings={"default_transaction_read_only": "off"})
    name = await operator.fetchval("SELECT current_database()")
    await operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {'on' if on else 'off'}")
    if throw_out:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2"
        await operator.execute(others, name, operator.get_server_pid())
    await operator.close()


async def test_an_outage_is_told_once_with_what_it_cost(postgresql_url: str, incidents: Incidents) -> None:
    database = open_database(postgresql_url)
    handled = HandledUpdates(database)
    box = BallotBox(database, await Chats.open(database, handled), handled)
    booth = Booth(box, await Polls.open(database, incidents), Voters(database, b"a secret"))
    counting = asyncio.create_task(box.run())
    await booth.press("imola-2021 all-russell", User(Platform.TELEGRAM, "7"))

    async def press_all() -> list[Receipt | BaseException]:
        presses = (booth.press("imola-2021 all-bottas", voter(number)) for number in range(40))
        return await asyncio.gather(*presses, return_exceptions=True)

    with capture_logs() as logs:
        await read_only(postgresql_url, on=True)
        for _ in range(2):
            assert all(isinstance(failed, Exception) for failed in await press_all())
        await read_only(postgresql_url, on=False)
        counted = await press_all()
    assert all(isinstance(receipt, Receipt) for receipt in counted)
    assert [(line["event"], line.get("items"), line.get("failed")) for line in logs] == [
        ("write.failed", 40, None),
        ("write.recovered", None, 80),
    ]
    await box.close()
    await counting
    await database.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "no answer in time"),
        (ExceptionGroup("unhandled errors in a TaskGroup", [LineLostError()]), "the connection to the database ended"),
        (
            OperationalError("SELECT 44", {}, ConnectionError("the server closed it\n(and more)")),
            "the server closed it",
        ),
    ],
)
def test_what_an_outage_is_can_be_read_in_the_log(error: Exception, said: str) -> None:
    assert in_words(error) == said
