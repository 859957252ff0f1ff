"""Starting on a PostgreSQL server: four processes at once on an empty database, and servers that do not serve."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url

from bot.app.settings import Settings
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from storage.database import postgresql
from storage.database.base import CannotOpenError
from storage.database.open import open_database
from storage.database.upgrades import LATEST, revision
from tests.support.command_line import CommandLine
from tests.support.conversation import conversation

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


@pytest.mark.parametrize(
    ("behind", "said"), [(False, "permission denied for table alembic_version"), (True, "must be owner of table vote")]
)
async def test_tables_of_somebody_else_are_told_in_a_sentence(
    empty_postgresql_url: str, operator: asyncpg.Connection, behind: bool, said: str
) -> None:
    owners = open_database(empty_postgresql_url)
    await owners.upgrade()
    await owners.close()
    user = make_url(empty_postgresql_url).database
    await operator.execute(f"CREATE ROLE {user} LOGIN")
    if behind:
        await operator.execute("UPDATE alembic_version SET version_num = '0024'")
        await operator.execute(f"GRANT ALL ON SCHEMA public TO {user}")
        await operator.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}")
    try:
        theirs = make_url(empty_postgresql_url).set(username=user).render_as_string(hide_password=False)
        assert await refused(theirs) == (
            f"The database cannot be opened: {said}. Have the database's user own it, or give it, as who owns it,"
            " the rights that README names."
        )
    finally:
        await operator.execute(f"DROP OWNED BY {user}")
        await operator.execute(f"DROP ROLE {user}")


async def test_whom_the_owner_gives_the_rights_that_readme_names_may_vote(
    settings: Settings, incidents: Incidents, postgresql_url: str
) -> None:
    user = make_url(postgresql_url).database
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rights = re.findall(r"^    (GRANT .* TO )bot;", readme, re.MULTILINE)
    assert len(rights) == 3
    owner = await asyncpg.connect(postgresql_url)
    await owner.execute(f"CREATE ROLE {user} LOGIN")
    await owner.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    for right in rights:
        await owner.execute(f"{right}{user}")
    try:
        theirs = make_url(postgresql_url).set(username=user).render_as_string(hide_password=False)
        async with conversation(replace(settings, database_url=theirs), incidents) as bot:
            await bot.ask("/vote imola-2021 all-russell", User(Platform.TELEGRAM, "1"))
        assert await owner.fetchval("SELECT sum(votes) FROM poll_tally") == 1
    finally:
        await owner.execute(f"DROP OWNED BY {user}")
        await owner.execute(f"DROP ROLE {user}")
        await owner.close()


def test_a_driver_that_is_not_installed_is_told_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(CannotOpenError, match=r"^asyncpg is missing: run make setup .*brings it\.$"):
        open_database("postgresql://localhost/racing")


async def test_a_server_that_is_too_old_is_told_in_a_sentence(
    empty_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", (99,))
    assert (await refused(empty_postgresql_url)).endswith("; 99 or newer is needed.")
