import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.private_files import close_to_others, write_new
from tests.support.conversation import conversation
from tests.support.small_disk import filled, may_mount, small_disk


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _careless() -> Iterator[None]:
    """A process that lets everybody read what it makes, as most do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


async def test_all_that_a_bot_keeps_is_its_owners_alone(settings: Settings, incidents: Incidents, al: User) -> None:
    apart = replace(settings, data_dir=settings.data_dir / "new")
    async with conversation(apart, incidents) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        kept = {path.name: mode(path) for path in apart.data_dir.iterdir()}
    assert kept.keys() >= {"racing-incident.db", "racing-incident.db-wal", "racing-incident.db-shm", "voter-secret"}
    assert set(kept.values()) == {0o600}
    assert mode(apart.data_dir) == 0o700


async def test_what_others_made_readable_is_closed_at_the_start(settings: Settings, incidents: Incidents) -> None:
    file = settings.data_dir / "racing-incident.db"
    left = [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", ".lock")]
    for each in (file, *left):
        each.touch()
        each.chmod(0o644)
    settings.data_dir.chmod(0o755)
    async with conversation(settings, incidents):
        assert {mode(path) for path in (file, *left)} == {0o600}
        assert mode(settings.data_dir) == 0o700


def test_what_is_not_ours_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(0o644)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)  # no test can make a file that is another user's
    with capture_logs() as logs:
        close_to_others(theirs)
        close_to_others(tmp_path / "nothing")
    assert [line["event"] for line in logs] == ["file.not_ours"]
    assert logs[0]["problem"] == (
        f"{theirs} is open to others, and is not ours to close. Give it to the bot's user: chown USER {theirs}"
    )


def test_on_a_full_disk_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("no disk can be mounted here")
    with small_disk(tmp_path):
        with filled(tmp_path), pytest.raises(OSError, match="No space left"):
            write_new(tmp_path / "verdict.png", b"whole")
        assert [*tmp_path.iterdir()] == []
        write_new(tmp_path / "verdict.png", b"whole")
        assert (tmp_path / "verdict.png").read_bytes() == b"whole"
