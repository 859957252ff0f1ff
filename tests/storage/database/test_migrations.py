import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, update
from sqlalchemy.exc import DatabaseError
from structlog.testing import capture_logs

from storage.database import upgrades
from storage.database.base import CannotOpenError, Database
from storage.database.open import open_database
from storage.database.upgrades import COMPATIBLE_FROM, LATEST, VERSION, configured, misfit, revision


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def test_the_migrations_build_what_the_models_say(database: Database) -> None:
    await database.migrate(lambda connection: command.check(configured(connection)))


async def test_down_and_up_again_is_the_same(database: Database) -> None:
    before = await database.read(tables)
    await database.migrate(lambda connection: command.downgrade(configured(connection), "base"))
    assert await database.read(tables) == set()
    await database.upgrade()
    assert await database.read(tables) == before
    await database.migrate(lambda connection: command.check(configured(connection)))


async def test_an_upgrade_says_what_it_did_and_a_second_one_nothing(empty_url: str) -> None:
    database = open_database(empty_url)
    with capture_logs() as first:
        await database.upgrade()
    with capture_logs() as second:
        await database.upgrade()
    newest = await database.read(revision)
    await database.close()
    assert first == [{"event": "database.upgraded", "before": None, "after": newest, "log_level": "info"}]
    assert second == []


@pytest.mark.postgresql
async def test_processes_that_start_at_once_upgrade_once(empty_postgresql_url: str) -> None:
    databases = [open_database(empty_postgresql_url) for _ in range(4)]
    with capture_logs() as logs:
        await asyncio.gather(*(database.upgrade() for database in databases))
    assert [line["event"] for line in logs] == ["database.upgraded"]
    assert await asyncio.gather(*(database.read(revision) for database in databases)) == [LATEST] * 4
    for database in databases:
        await database.close()


async def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    newer = "UPDATE alembic_version SET version_num = '9999', compatible_from = '9998'"
    await database.migrate(lambda connection: connection.exec_driver_sql(newer))
    with pytest.raises(CannotOpenError, match="revision 9999, which this version of Racing Incident does not know"):
        await database.upgrade()


async def test_a_newer_database_that_goes_with_this_version_stays_as_it_is(database: Database) -> None:
    newer = update(VERSION).values(version_num="9999")
    await database.write(lambda connection: connection.execute(newer.values(compatible_from=LATEST)))
    with capture_logs() as logs:
        done = await database.upgrade()
    assert (done.before, done.after) == ("9999", "9999")
    assert logs == [{"event": "database.newer", "revision": "9999", "ours": LATEST, "log_level": "info"}]
    assert await database.read(misfit) is None
    for noted in ("9998", None):
        await database.write(partial(Connection.execute, statement=newer.values(compatible_from=noted)))
        with pytest.raises(CannotOpenError, match="revision 9999, which this version of Racing Incident does not know"):
            await database.upgrade()
        assert await database.read(misfit) is not None


async def test_who_makes_tables_notes_which_version_goes_with_them(database: Database) -> None:
    noted = select(VERSION.c.version_num, VERSION.c.compatible_from)
    for _ in range(2):
        found = await database.read(lambda connection: tuple(connection.execute(noted).one()))
        assert found == (LATEST, COMPATIBLE_FROM)
        await database.migrate(lambda connection: command.downgrade(configured(connection), "-1"))
        await database.upgrade()


async def test_what_was_known_before_there_was_what_is_told_counts_as_told(database: Database) -> None:
    await database.migrate(lambda connection: command.downgrade(configured(connection), "0005"))
    race = "INSERT INTO race VALUES ('{0}', 2021, 1, 0, {1}, '{0} told', {2})"
    result = "INSERT INTO classification VALUES ('imola', '{0}', 0, '{0} told', 7)"
    announcement = "INSERT INTO announcement (key, topic, kind, subject, made_at) VALUES ('{0}', '', '', '', 0)"
    in_spring, the_year_before = 1618000000, 1608000000
    for statement in (
        race.format("imola", "FALSE", in_spring),
        race.format("lost", "TRUE", in_spring),
        race.format("off", "TRUE", in_spring),
        race.format("draft", "TRUE", the_year_before),
        result.format("race"),
        result.format("qualifying"),
        announcement.format(f"cancelled off since {in_spring}"),
        announcement.format("recap imola race"),
    ):
        await database.write(partial(Connection.exec_driver_sql, statement=statement))
    await database.upgrade()
    races, results = "SELECT key, told, changes_told FROM race", "SELECT kind, told, known_since FROM classification"
    known = await database.read(lambda connection: connection.exec_driver_sql(races).all())
    assert {*known} == {("imola", "imola told", 0), ("lost", "lost told", 0), ("off", None, 1), ("draft", None, 0)}
    known = await database.read(lambda connection: connection.exec_driver_sql(results).all())
    assert {*known} == {("race", "race told", 7), ("qualifying", None, 7)}


BROKEN = """
from alembic import op

revision, down_revision = "broken", "{newest}"


def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("SELECT 1 FROM nothing")
"""


@pytest.fixture
def broken_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations, and one more that fails half-way."""
    copy = tmp_path / "migrations"
    shutil.copytree(upgrades.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    newest = ScriptDirectory(str(copy)).get_current_head()
    (copy / "versions" / "broken.py").write_text(BROKEN.format(newest=newest))
    monkeypatch.setattr(upgrades, "MIGRATIONS", copy)


@pytest.mark.usefixtures("broken_migration")
async def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(DatabaseError, match="nothing"):
        await database.upgrade()
    assert await database.read(tables) == set()
    assert await database.read(revision) is None
    await database.close()


async def test_a_migration_that_would_leave_rows_referring_to_nothing_is_undone(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await database.upgrade()
    orphan = "INSERT INTO choice (poll_id, key) VALUES (404, 'nobody')"
    with pytest.raises(RuntimeError, match="rows that refer to nothing"):
        await database.migrate(lambda connection: connection.exec_driver_sql(orphan))
    await database.close()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT count(*) FROM choice").fetchone() == (0,)


async def test_where_nothing_was_migrated_nothing_is_looked_through(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO choice (poll_id, key) VALUES (404, 'nobody')")
        connection.commit()
    database = open_database(sqlite_url)
    await database.upgrade()  # what to do about such rows is the doctor's to say
    with pytest.raises(RuntimeError, match="rows that refer to nothing"):
        await database.migrate(lambda connection: command.downgrade(configured(connection), "-1"))
    await database.close()


def test_the_newest_migration_is_the_one_that_a_start_looks_for() -> None:
    script = ScriptDirectory(str(upgrades.MIGRATIONS))
    assert script.get_current_head() == LATEST


@pytest.mark.postgresql
async def test_votes_that_change_find_room_on_their_own_page(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    options = "SELECT reloptions FROM pg_class WHERE relname = 'vote'"
    assert await database.read(lambda connection: connection.exec_driver_sql(options).scalar()) == ["fillfactor=85"]
    await database.close()


async def test_messages_that_showed_polls_before_are_in_use_from_now_on(database: Database) -> None:
    await database.migrate(lambda connection: command.downgrade(configured(connection), "0018"))
    for statement in (
        "INSERT INTO poll (id, incident, question) VALUES (1, 'imola-2021', 'blame')",
        "INSERT INTO chat (id, platform, external, kind) VALUES (7, 'discord', '555', 'group')",
        "INSERT INTO post (id, poll_id, chat_id, message) VALUES (3, 1, 7, '42')",
    ):
        await database.write(partial(Connection.exec_driver_sql, statement=statement))
    before = int(time.time())
    await database.upgrade()
    posts = "SELECT id, platform, message, shown, used_at FROM post"
    ((*post, used_at),) = await database.read(lambda connection: connection.exec_driver_sql(posts).all())
    assert post == [3, "discord", "42", None]
    assert before <= used_at <= time.time()
