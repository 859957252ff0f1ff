"""Starting on a PostgreSQL server: four processes at once on an empty database, and servers that do not serve."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url

from bot.cli.doctor.database import look_at_database
from bot.cli.doctor.findings import Mark, problem
from bot.pacing.clock import SystemClock
from storage.database import postgresql
from storage.database.base import CannotOpenError
from storage.database.open import open_database
from storage.database.upgrades import LATEST, revision
from tests.support.command_line import CommandLine
from tests.support.postgresql import cluster, programs

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def operator(empty_postgresql_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may do anything on the server, whatever is set for others."""
    connection = await asyncpg.connect(empty_postgresql_url, server_settings={"default_transaction_read_only": "off"})
    yield connection
    await connection.close()


async def refused(url: str) -> str:
    """Why a database cannot be opened."""
    database = open_database(url)
    with pytest.raises(CannotOpenError) as caught:
        await database.upgrade()
    await database.close()
    return str(caught.value)


async def test_four_that_start_at_once_on_nothing_all_start(tmp_path: Path, empty_postgresql_url: str) -> None:
    shell = CommandLine(tmp_path)
    processes = (shell("chat", DATABASE_URL=empty_postgresql_url) for _ in range(4))
    for finished in await asyncio.gather(*processes):
        assert (finished.code, finished.err) == (0, "")
    database = open_database(empty_postgresql_url)
    assert await database.read(revision) == LATEST
    await database.close()


async def test_a_server_that_is_read_only_is_told_in_a_sentence(
    empty_postgresql_url: str, operator: asyncpg.Connection
) -> None:
    name = make_url(empty_postgresql_url).database
    await operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert await refused(empty_postgresql_url) == (
        "The database server takes nothing new: it is a standby, or set to default_transaction_read_only. "
        "Set DATABASE_URL to the one that writes."
    )


async def test_the_doctor_calls_no_server_well_that_has_become_a_standby(
    postgresql_url: str, operator: asyncpg.Connection
) -> None:
    name = make_url(postgresql_url).database
    await operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    found = await look_at_database(postgresql_url, SystemClock(), follows=False)
    pages = await look_at_database(postgresql_url, SystemClock(), follows=False, for_pages=True)
    await operator.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    why = "Database: server takes nothing new: it is a standby, or set to default_transaction_read_only."
    assert found == [problem(why, "Set DATABASE_URL to the one that writes.")]
    assert [finding.mark for finding in pages] == [Mark.OK], "which only read"


@pytest.mark.parametrize(
    ("wrong", "why", "todo"),
    [
        ({"database": "no_such_one"}, 'database "no_such_one" does not exist', r"Make it, .*createdb"),
        ({"username": "no_such_user"}, 'role "no_such_user" does not exist', r"Have the server let this user in"),
        (
            {"host": "127.0.0.1", "query": {"sslmode": "perhaps"}},
            "`sslmode` parameter must be one of",
            r"Look at DATABASE_URL",
        ),
    ],
)
async def test_whoever_is_not_let_in_is_told_what_to_do(
    empty_postgresql_url: str, wrong: dict[str, Any], why: str, todo: str
) -> None:
    url = make_url(empty_postgresql_url).set(**wrong).render_as_string(hide_password=False)
    assert re.match(rf"The database server does not let us in: {re.escape(why)}.*\. {todo}", await refused(url))
    (found,) = await look_at_database(url, SystemClock(), follows=False)
    assert why in found.what
    assert re.match(f"{todo}|Look as the user that the bot runs as", found.remedy)


async def test_a_wrong_password_is_told_with_where_it_belongs() -> None:
    folder = programs()
    assert folder is not None
    with cluster(folder) as server:
        operator = await asyncpg.connect(server.address)
        await operator.execute("CREATE ROLE bot LOGIN PASSWORD 'right'")
        (server.home / "data" / "pg_hba.conf").write_text("local all postgres trust\nlocal all bot scram-sha-256\n")
        await operator.execute("SELECT pg_reload_conf()")
        url = make_url(server.address).set(username="bot", password="wrong").render_as_string(hide_password=False)
        said = await refused(url)
        while "password" not in said:  # it is read a moment later
            said = await refused(url)
        await operator.close()
    assert said.endswith(". Put this user's password into the address, PGPASSWORD or ~/.pgpass.")


async def test_a_database_that_has_no_room_for_all_names_is_told_in_a_sentence(
    empty_postgresql_url: str, operator: asyncpg.Connection
) -> None:
    narrow = f"{make_url(empty_postgresql_url).database}_narrow"
    how = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    await operator.execute(f"CREATE DATABASE {narrow} {how}")
    try:
        url = make_url(empty_postgresql_url).set(database=narrow).render_as_string(hide_password=False)
        assert (await refused(url)).startswith(
            "The database's encoding is LATIN1, which does not have all that people are"
        )
    finally:
        await operator.execute(f"DROP DATABASE {narrow} WITH (FORCE)")


async def test_a_missing_right_is_told_in_a_sentence(empty_postgresql_url: str, operator: asyncpg.Connection) -> None:
    user = make_url(empty_postgresql_url).database  # a name that nobody else has
    await operator.execute(f"CREATE ROLE {user} LOGIN")
    await operator.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        theirs = make_url(empty_postgresql_url).set(username=user).render_as_string(hide_password=False)
        assert (await refused(theirs)).startswith(
            "The database cannot be opened: permission denied for schema public. Give the database's user the right"
        )
    finally:
        await operator.execute(f"DROP ROLE {user}")


async def test_an_upgrade_of_somebody_elses_tables_is_told_in_a_sentence(
    empty_postgresql_url: str, operator: asyncpg.Connection
) -> None:
    owners = open_database(empty_postgresql_url)
    await owners.upgrade()
    await owners.close()
    user = make_url(empty_postgresql_url).database
    await operator.execute(f"CREATE ROLE {user} LOGIN")
    await operator.execute("UPDATE alembic_version SET version_num = '0024'")
    for what in ("SCHEMA public", "ALL TABLES IN SCHEMA public", "ALL SEQUENCES IN SCHEMA public"):
        await operator.execute(f"GRANT ALL ON {what} TO {user}")
    try:
        theirs = make_url(empty_postgresql_url).set(username=user).render_as_string(hide_password=False)
        assert await refused(theirs) == (
            "The database cannot be opened: must be owner of table vote. Have the database's user own it, or give it,"
            " as who owns it, the rights that README names."
        )
    finally:
        await operator.execute(f"DROP OWNED BY {user}")
        await operator.execute(f"DROP ROLE {user}")


def test_a_driver_that_is_not_installed_is_told_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(CannotOpenError, match=r"^asyncpg is missing: run make setup .*brings it\.$"):
        open_database("postgresql://localhost/racing")


async def test_a_server_that_is_too_old_is_told_in_a_sentence(
    empty_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", (99,))
    assert (await refused(empty_postgresql_url)).endswith("; 99 or newer is needed.")
