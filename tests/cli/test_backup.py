import asyncio
import datetime as dt
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from bot.app.settings import Settings
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.database.backup import BackupError, back_up
from storage.database.open import open_database
from storage.database.restore import RestoreError, restore
from storage.database.upgrades import configured
from tests.storage.broken import tear
from tests.support.command_line import CommandLine, Finished
from tests.support.conversation import conversation


def copies(folder: Path) -> list[str]:
    """Copies in a folder, and what is left of any."""
    return [each.name for each in folder.glob("copy*")]


async def test_a_copy_is_made_beside_the_bot_that_has_the_file(
    settings: Settings, incidents: Incidents, racing_incident: CommandLine, al: User, bo: User
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        done = await racing_incident("backup", "copy.db")
        await bot.ask("/vote imola-2021 all-russell", bo)  # it goes on, and this is not in the copy
    assert done == Finished(0, "", "Written to copy.db, and sound.\n")
    copy = settings.data_dir / "copy.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copies(settings.data_dir) == ["copy.db"]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM vote").fetchone() == (1,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_bot_goes_on_from_a_copy(
    settings: Settings, incidents: Incidents, tmp_path: Path, al: User, bo: User
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    file = settings.data_dir / "racing-incident.db"
    await asyncio.to_thread(back_up, file, tmp_path / "copy.db")
    file.unlink()
    shutil.move(tmp_path / "copy.db", file)
    async with conversation(settings, incidents) as bot:
        poll = bot.core.stored.polls.get("imola-2021")
        assert poll is not None
        await bot.ask("/vote imola-2021 all-russell", bo)
        assert (await bot.core.stored.polls.tally(poll)).votes == 2


async def test_nothing_is_overwritten(data_dir: Path, racing_incident: CommandLine) -> None:
    (data_dir / "copy.db").write_text("precious")
    done = await racing_incident("backup", "copy.db")
    assert done == Finished(1, "", "copy.db is there already, and stays as it is. Name another file.\n")
    assert (data_dir / "copy.db").read_text() == "precious"
    with pytest.raises(BackupError, match="is there already"):
        await asyncio.to_thread(back_up, data_dir / "racing-incident.db", data_dir / "racing-incident.db")


def test_of_a_damaged_file_there_is_no_copy(data_dir: Path) -> None:
    file, copy = data_dir / "racing-incident.db", data_dir / "copy.db"
    tear(file)
    with pytest.raises(BackupError, match=r"The database cannot be copied: |The database is damaged: "):
        back_up(file, copy)
    assert copies(data_dir) == []


def test_rows_that_refer_to_nothing_are_told(data_dir: Path) -> None:
    file, copy = data_dir / "racing-incident.db", data_dir / "copy.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO choice (poll_id, key) VALUES (404, 'nobody')")
        connection.commit()
    with pytest.raises(BackupError, match="damaged: rows of choice refer to nothing"):
        back_up(file, copy)
    assert copies(data_dir) == []


def test_where_nothing_can_be_written_is_told(data_dir: Path) -> None:
    with pytest.raises(BackupError, match=r"copy.db cannot be written: No such file or directory\."):
        back_up(data_dir / "racing-incident.db", data_dir / "nowhere" / "copy.db")


@pytest.mark.usefixtures("never_ran")
async def test_where_there_is_no_database_there_is_no_copy(data_dir: Path, racing_incident: CommandLine) -> None:
    done = await racing_incident("backup", "copy.db")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("The database cannot be read: there is no file ")
    assert copies(data_dir) == []


async def test_a_server_has_a_program_of_its_own(racing_incident: CommandLine) -> None:
    done = await racing_incident("backup", "copy.db", DATABASE_URL="postgresql://localhost/f1")
    assert (done.code, done.out) == (1, "")
    assert "pg_dump --format=custom --file=copy.db DATABASE_URL" in done.err


async def voters(settings: Settings, incidents: Incidents) -> int:
    """How many votes a bot that is started on the database finds there."""
    async with conversation(settings, incidents) as bot:
        poll = bot.core.stored.polls.get("imola-2021")
        assert poll is not None
        return (await bot.core.stored.polls.tally(poll)).votes


def kept_aside(folder: Path) -> list[Path]:
    return [*folder.glob("racing-incident.db.2*")]


async def test_a_backup_is_gone_back_to_and_what_was_there_is_kept(
    settings: Settings, incidents: Incidents, racing_incident: CommandLine, al: User, bo: User
) -> None:
    file = settings.data_dir / "racing-incident.db"
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        assert (await racing_incident("backup", "copy.db")).code == 0
        await bot.ask("/vote imola-2021 all-russell", bo)
        refused = await racing_incident("restore", "copy.db")
    assert (refused.code, kept_aside(settings.data_dir)) == (1, [])
    assert refused.err.startswith("Another Racing Incident is using ")
    done = await racing_incident("restore", "copy.db")
    (aside,) = kept_aside(settings.data_dir)
    assert done == Finished(0, "", f"{file} is what copy.db was. What was there is kept as {aside}.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await voters(settings, incidents) == 1
    assert (settings.data_dir / "copy.db").exists()
    again = await racing_incident("restore", aside.name)
    assert again.code == 0
    assert await voters(settings, incidents) == 2


def test_of_two_in_the_same_second_each_keeps_what_was_there(data_dir: Path) -> None:
    file, copy, now = data_dir / "racing-incident.db", data_dir / "copy.db", dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    back_up(file, copy)
    kept = [restore(copy, file, now) for _time in range(3)]
    assert [aside.name for aside in kept if aside] == [
        f"racing-incident.db.2026-03-01-000000{ending}" for ending in ("", "-2", "-3")
    ]


def test_what_a_killed_bot_left_in_the_wal_is_kept_as_well(data_dir: Path) -> None:
    file, copy = data_dir / "racing-incident.db", data_dir / "copy.db"
    back_up(file, copy)
    with closing(sqlite3.connect(file)) as killed:
        killed.execute("PRAGMA journal_mode = WAL")
        killed.execute("INSERT INTO poll (incident, question) VALUES ('spa', 'blame')")
        killed.commit()
        for ending in ("", "-wal"):
            shutil.copy(f"{file}{ending}", f"{data_dir / 'left.db'}{ending}")
    left = data_dir / "left.db"
    aside = restore(copy, left, dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    assert aside == data_dir / "left.db.2026-03-01-120000"
    assert not (data_dir / "left.db-wal").exists()
    for database, polls in ((aside, 1), (left, 0)):
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT count(*) FROM poll").fetchone() == (polls,)


def test_a_damaged_database_is_kept_as_it_is(data_dir: Path) -> None:
    file, copy = data_dir / "racing-incident.db", data_dir / "copy.db"
    back_up(file, copy)
    tear(file)
    torn = file.read_bytes()
    aside = restore(copy, file, dt.datetime.now(dt.UTC))
    assert aside is not None
    assert aside.read_bytes() == torn
    assert file.read_bytes() != torn


def _other(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def test_what_cannot_be_gone_back_to_is_told_and_changes_nothing(data_dir: Path) -> None:
    file = data_dir / "racing-incident.db"
    before = file.read_bytes()
    for name in ("newer.db", "torn.db"):
        back_up(file, data_dir / name)
    _other(data_dir / "newer.db", "UPDATE alembic_version SET version_num = '9999', compatible_from = '9998'")
    tear(data_dir / "torn.db")
    _other(data_dir / "foreign.db", "CREATE TABLE recipes (name TEXT)")
    _other(data_dir / "empty.db", "VACUUM")
    (data_dir / "text.db").write_text("no database" * 1000)
    told = {
        "nowhere.db": "There is no file ",
        "racing-incident.db": "is the database itself",
        "newer.db": "revision 9999, which this version of Racing Incident does not know",
        "torn.db": "is no copy to go back to: The database",
        "foreign.db": "tables of another program, such as recipes",
        "empty.db": "it is empty",
        "text.db": "is no copy to go back to: The database cannot be copied: file is not a database",
    }
    for name, why in told.items():
        with pytest.raises(RestoreError, match=why):
            restore(data_dir / name, file, dt.datetime.now(dt.UTC))
    assert file.read_bytes() == before
    assert kept_aside(data_dir) == []


async def test_a_copy_of_an_older_version_is_brought_up_to_date_at_the_next_start(
    data_dir: Path, settings: Settings, incidents: Incidents, racing_incident: CommandLine
) -> None:
    older = open_database(f"sqlite:///{data_dir / 'older.db'}")
    await older.upgrade()
    await older.migrate(lambda connection: command.downgrade(configured(connection), "0010"))
    await older.close()
    assert (await racing_incident("restore", "older.db")).code == 0
    assert await voters(settings, incidents) == 0


@pytest.mark.usefixtures("never_ran")
async def test_on_a_new_machine_there_is_nothing_to_be_kept(
    settings: Settings, incidents: Incidents, tmp_path: Path, racing_incident: CommandLine
) -> None:
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    await copy.upgrade()
    await copy.close()
    done = await racing_incident("restore", str(tmp_path / "copy.db"))
    assert done.err.endswith(f"is what {tmp_path / 'copy.db'} was.\n")
    assert await voters(settings, incidents) == 0


async def test_a_server_has_a_program_to_go_back_as_well(racing_incident: CommandLine) -> None:
    done = await racing_incident("restore", "copy.dump", DATABASE_URL="postgresql://localhost/f1")
    assert (done.code, done.out) == (1, "")
    assert "pg_restore --clean --if-exists --dbname=DATABASE_URL copy.dump" in done.err
