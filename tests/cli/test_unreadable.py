"""A database that is damaged, foreign, empty, locked up or counted with another secret, whatever command meets it."""

import asyncio
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.cli.main import main
from bot.domain.places import User
from bot.search.catalogue import Incidents
from tests.storage.broken import PAGE, tear
from tests.support.command_line import CommandLine, Finished
from tests.support.conversation import conversation, votes
from tests.support.small_disk import filled, freeze, may_mount, small_disk
from tests.support.window import OFF

CLOSED = pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="the superuser is let in everywhere")

READING = [["export"], ["turnout"], ["turnout", "imola-2021"], ["find", "imola", "2021"], ["backup", "copy.db"]]
COPYING = ["db", "copy", "--to", "sqlite:///target.db"]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")


def no_database(file: Path) -> None:
    file.write_text("That is no database, however long one looks at it. " * 100)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("command", [*READING, COPYING], ids=" ".join)
@pytest.mark.parametrize(
    ("spoil", "advice"),
    [(tear, "put back a backup"), (no_database, "Put back a backup"), (another_programs, ""), (empty, "")],
)
def test_every_command_says_what_to_do(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    spoil: Callable[[Path], None],
    advice: str,
) -> None:
    monkeypatch.setenv("DATA_DIR", str(data_dir))
    spoil(data_dir / "racing-incident.db")
    code = main(command)
    _out, err = capsys.readouterr()
    assert (code, advice in err, "\n" in err) == (0 if command[0] == "find" else 1, True, True)
    if spoil is another_programs and command is not COPYING:
        assert "tables of another program, such as recipe" in err
    if spoil is empty and command is not COPYING:
        assert err.startswith("The database is empty")
    assert not (data_dir / "copy.db").exists()


@pytest.mark.usefixtures("settings")
def test_tables_that_somebody_else_has_changed_are_told_at_the_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(data_dir))
    file = data_dir / "racing-incident.db"
    with closing(sqlite3.connect(file)) as ours:
        ours.execute("DROP TABLE poll")
    assert main(["deliveries"]) == 1
    assert "Somebody else has changed its tables" in capsys.readouterr().err


async def locked_up(folder: Path, *arguments: str) -> Finished:
    """What becomes of a command of somebody who is let in no more than files and folders say."""
    command_line = CommandLine(folder.parent, unprivileged=True)
    return await command_line(*arguments, DATA_DIR=str(folder), **OFF)


@pytest.fixture
def apart(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder within another one, to be locked up."""
    folder = tmp_path_factory.mktemp("around") / "data"
    shutil.copytree(data_dir, folder)
    return folder


@CLOSED
async def test_a_file_that_cannot_be_written_to_keeps_the_bot_from_starting_and_the_doctor_says_so(apart: Path) -> None:
    (apart / "racing-incident.db").chmod(0o400)
    for command in (["chat"], ["deliveries"]):
        done = await locked_up(apart, *command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("The database cannot be opened: attempt to write a readonly database. Give the user")
        assert len(done.err.splitlines()) == 1
    told = (await locked_up(apart, "doctor")).out.split()  # a line breaks where the folder's name has it
    assert "racing-incident.db cannot be written to." in " ".join(told)


@pytest.fixture
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder within another one, in which nothing may be made."""
    folder = tmp_path_factory.mktemp("around") / "data"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


@CLOSED
async def test_a_folder_that_nothing_can_be_made_in_is_no_servers_matter(sealed: Path) -> None:
    done = await locked_up(sealed, "chat")
    assert (done.code, done.out) == (1, "")
    assert done.err.split(" cannot be opened: ")[1] == (
        "Permission denied. Give the user that the bot runs as the right to it, and to its folder.\n"
    )


@CLOSED
@pytest.mark.parametrize("closed", ["racing-incident.db", "."])
async def test_nobody_is_shown_a_trace_of_what_is_closed_to_them(apart: Path, closed: str) -> None:
    (apart / closed).chmod(0)
    try:
        for command in (["find", "imola"], ["incidents", "check"], ["turnout"], ["backup", "copy.db"], COPYING):
            done = await locked_up(apart, *command)
            assert "Traceback" not in done.err
            assert "Errno" not in done.err
            assert done.code == (0 if command[0] in {"find", "incidents"} else 1)
    finally:
        (apart / closed).chmod(0o700)


async def test_the_doctor_knows_a_secret_that_votes_were_not_counted_with(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    (settings.data_dir / "voter-secret").write_bytes(bytes(range(32)))
    done = await locked_up(settings.data_dir, "doctor")
    assert "problem  Voters' secret: is not the one that the database knows." in done.out


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3 here to do as it is told")
async def test_what_the_doctor_says_to_do_about_a_damaged_file_brings_back_what_can_be_read(
    settings: Settings, incidents: Incidents, al: User, tmp_path: Path
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    file, new = settings.data_dir / "racing-incident.db", settings.data_dir / "new.db"
    with closing(sqlite3.connect(file)) as whole:
        (page,) = whole.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_noted_incident_season'").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = bytes([165] * PAGE)
    file.write_bytes(content)
    shell = CommandLine(tmp_path)
    surroundings = {"DATA_DIR": str(settings.data_dir), **OFF}
    found = " ".join((await shell("doctor", **surroundings)).out.split())
    (salvage,) = re.findall(r"Database: damaged: .* restored: (sqlite3 .+ NEW); racing-incident restore NEW", found)
    told = await asyncio.create_subprocess_shell(salvage.replace("FILE", str(file)).replace("NEW", str(new)))
    assert await told.wait() == 0
    assert (await shell("restore", str(new), **surroundings)).code == 0
    assert "Database: sound and up to date, 1 vote." in (await shell("doctor", **surroundings)).out
    async with conversation(settings, incidents) as bot:
        assert votes(await bot.ask("/blame imola", al))["Here"].endswith("all Russell 1")


@pytest.fixture
def disk(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder on a disk of its own."""
    if not may_mount():
        pytest.skip("no disk may be mounted here")
    around = tmp_path_factory.mktemp("disk")
    with small_disk(around):
        yield Path(shutil.copytree(data_dir, around / "data"))


async def test_from_a_disk_that_is_mounted_read_only_all_can_be_read_and_the_bot_says_why_it_does_not_start(
    settings: Settings, incidents: Incidents, al: User, disk: Path, tmp_path: Path
) -> None:
    async with conversation(settings, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
    shutil.copytree(settings.data_dir, disk, dirs_exist_ok=True)
    freeze(disk.parent)
    command_line = CommandLine(tmp_path)
    surroundings = {"DATA_DIR": str(disk), **OFF}
    for command in (["export"], ["turnout", "imola-2021"], ["find", "imola"], ["backup", str(tmp_path / "copy.db")]):
        done = await command_line(*command, **surroundings)
        assert (done.code, "cannot be" in done.err) == (0, False), command
    started = await command_line("chat", **surroundings)
    assert started.code == 1
    assert started.err.rstrip().endswith("Have its disk mounted to be written to, or set DATA_DIR to another folder.")
    doctor = await command_line("doctor", **surroundings)
    assert "is on a disk that is mounted read-only" in doctor.out
    assert "chmod" not in doctor.out


async def test_the_doctor_looks_at_the_disk_that_the_database_is_on(disk: Path, tmp_path: Path) -> None:
    """Which may be another than the data folder's."""
    surroundings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{disk}/racing-incident.db", **OFF}
    with filled(disk.parent):
        done = await CommandLine(tmp_path)("doctor", **surroundings)
    assert "problem  Database file: 0.0 GB free." in done.out
    assert (
        "Database file: 0" not in (await CommandLine(tmp_path)("doctor", **surroundings | {"DATA_DIR": str(disk)})).out
    )
    freeze(disk.parent)
    done = await CommandLine(tmp_path)("doctor", **surroundings)
    assert f"problem  Database file: {disk} is on a disk that is mounted read-only." in done.out
    assert "or set DATABASE_URL to another place." in " ".join(done.out.split())


async def test_on_a_disk_without_room_a_database_that_cannot_be_opened_says_so(disk: Path, tmp_path: Path) -> None:
    with filled(disk.parent):
        for command in (["chat"], ["export"], ["doctor"]):
            done = await CommandLine(tmp_path)(
                *command, DATA_DIR=str(disk), **(OFF | {"F1DB_URL": "http://127.0.0.1:9"})
            )
            assert done.code == 1
            assert "full" in " ".join(f"{done.out} {done.err}".split()), command
            assert "Please report this" not in done.out


async def test_a_database_that_another_program_has_locked_is_said_to_be(data_dir: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data_dir / "racing-incident.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        commands = ["chat"], ["export"], ["backup", "copy.db"]  # at once, as each waits for a while
        told = (CommandLine(tmp_path)(*command, DATA_DIR=str(data_dir), **OFF) for command in commands)
        for done in await asyncio.gather(*told):
            assert done.code == 1
            assert done.err.rstrip().endswith("Another program has it open: end that, and try again.")
