import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url

from bot.app.settings import Settings
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.database.open import open_database
from tests.storage.booth import recounted, tallied
from tests.support.command_line import CommandLine, Finished
from tests.support.conversation import conversation
from tests.support.full_database import fill

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(180)]  # processes take their time on a busy machine


async def test_a_community_moves_to_a_server_and_goes_on_there(
    settings: Settings,
    incidents: Incidents,
    empty_postgresql_url: str,
    racing_incident: CommandLine,
    al: User,
    bo: User,
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        refused = await racing_incident("db", "copy", "--to", empty_postgresql_url)
    assert (refused.code, refused.out) == (1, "")
    assert "is in use: a bot, or another copy, has it. Stop that first" in refused.err
    done = await racing_incident("db", "copy", "--from", settings.database, "--to", empty_postgresql_url)
    assert (done.code, done.out) == (0, "")
    assert "\nvote: 1\n" in f"\n{done.err}"
    secret = settings.data_dir / "voter-secret"
    assert re.search(rf"each compared with its original\. Set DATABASE_URL to it .* \({secret}\)", done.err)
    moved = replace(settings, database_url=empty_postgresql_url)
    async with conversation(moved, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)  # as before: nobody has become a stranger
        await bot.ask("/vote imola-2021 all-russell", bo)
        poll = bot.core.stored.polls.get("imola-2021")
        assert poll is not None
        assert (await bot.core.stored.polls.tally(poll)).votes == 2
    again = await racing_incident("db", "copy", "--to", empty_postgresql_url)
    assert again.code == 1
    assert again.err.startswith("The target has rows that are not this copy's, or has gone on since: ")


async def test_a_database_that_a_server_does_not_have_is_told_in_a_sentence(
    empty_postgresql_url: str, racing_incident: CommandLine
) -> None:
    nowhere = make_url(empty_postgresql_url).set(database="nowhere").render_as_string(hide_password=False)
    done = await racing_incident("db", "copy", "--from", nowhere, "--to", empty_postgresql_url)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith('Not all is copied: database "nowhere" does not exist. Make it, as README says')


async def test_killed_it_goes_on_where_it_was(
    sqlite_url: str, empty_postgresql_url: str, racing_incident: CommandLine
) -> None:
    database = open_database(sqlite_url)
    await database.write(lambda connection: fill(connection, rows=700))
    before = await recounted(database)
    await database.close()
    for table in ("chat", "delivery", "vote"):
        copying = await racing_incident.start("db", "copy", "--to", empty_postgresql_url)
        assert copying.stderr is not None
        while not (line := await copying.stderr.readline()).startswith(f"{table}:".encode()):
            assert line, "it ended before"
        copying.kill()
        await copying.communicate()
    bot = await racing_incident("chat", DATABASE_URL=empty_postgresql_url, typed="/about\n")
    assert bot.code == 1
    assert "Run the same racing-incident db copy again" in bot.err
    done = await racing_incident("db", "copy", "--to", empty_postgresql_url)
    assert done.code == 0, done.err
    database = open_database(empty_postgresql_url)
    assert await tallied(database) == before == await recounted(database)
    await database.close()


@pytest.fixture
async def operator(empty_postgresql_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody at the server, who may always write."""
    connection = await asyncpg.connect(empty_postgresql_url, server_settings={"default_transaction_read_only": "off"})
    yield connection
    await connection.close()


async def test_a_server_that_takes_nothing_any_more_is_told_in_a_sentence(
    sqlite_url: str, empty_postgresql_url: str, operator: asyncpg.Connection, racing_incident: CommandLine
) -> None:
    database = open_database(sqlite_url)
    await database.write(lambda connection: fill(connection, rows=700))
    await database.close()
    copying = await racing_incident.start("db", "copy", "--to", empty_postgresql_url)
    assert copying.stderr is not None
    assert await copying.stderr.readline()
    name = make_url(empty_postgresql_url).database
    await operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    await operator.execute(others, name)
    _out, told = await copying.communicate()
    assert copying.returncode == 1
    assert re.search(r"Not all is copied: .*\. Once that is mended, run the same command again: ", told.decode())
    assert "Traceback" not in told.decode()
    refused = await racing_incident("db", "copy", "--to", empty_postgresql_url)
    assert refused.err.startswith("The database server takes nothing new: ")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    await operator.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert (await racing_incident("db", "copy", "--to", empty_postgresql_url)).code == 0


async def test_what_cannot_be_is_told_in_a_sentence(
    data_dir: Path, sqlite_url: str, empty_postgresql_url: str, racing_incident: CommandLine
) -> None:
    elsewhere = make_url(empty_postgresql_url).set(query={"host": str(data_dir)}).render_as_string()
    wrong = {
        ("--to", sqlite_url): Finished(2, "", "The source and the target are one and the same database.\n"),
        ("--to", "nonsense"): Finished(
            2, "", "That is no database's address. Say it like sqlite:///FILE or postgresql://user@host/name.\n"
        ),
        ("--from", "sqlite:///nowhere.db", "--to", sqlite_url): Finished(1, "", "There is no file nowhere.db.\n"),
    }
    for arguments, finished in (*wrong.items(), *wrong.items()):  # the second time as well: no empty file was made
        assert await racing_incident("db", "copy", *arguments) == finished
    unreachable = await racing_incident("db", "copy", "--to", elsewhere)
    assert (unreachable.code, unreachable.out) == (1, "")
    assert unreachable.err.startswith("The database server is not reached: ")
    assert unreachable.err.count("\n") == 1
