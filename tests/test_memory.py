"""Tests' files are in memory where there is room for them, and where they are told to be."""

import tempfile
from pathlib import Path

import pytest

from tests.support import memory
from tests.support.memory import keep_files_in_memory


@pytest.fixture(autouse=True)
def _a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files are on a disk, and memory has room."""
    disk, shared = tmp_path / "disk", tmp_path / "shared"
    disk.mkdir()
    shared.mkdir()
    monkeypatch.setenv("TMPDIR", "")  # so that it is put back
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    monkeypatch.setattr(memory, "SHARED", shared)
    monkeypatch.setattr(memory, "ROOM", 1)


def place(tmp_path: Path) -> str:
    keep_files_in_memory()
    return Path(tempfile.mkdtemp()).relative_to(tmp_path).parts[0]


def test_files_are_in_memory(tmp_path: Path) -> None:
    assert place(tmp_path) == "shared"


def test_with_too_little_room_they_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ROOM", 2**62)
    assert place(tmp_path) == "disk"


def test_where_there_is_no_such_memory_they_are_on_the_disk(tmp_path: Path) -> None:
    memory.SHARED.rmdir()
    assert place(tmp_path) == "disk"


def test_where_they_are_told_to_be_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    assert place(tmp_path) == "disk"
