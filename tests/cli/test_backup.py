import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.database.backup import BackupError, back_up
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
