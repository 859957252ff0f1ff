from pathlib import Path

import pytest

from storage.database.file_lock import FileLockedError, lock_file


def test_a_file_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "racing-incident.db"
    with lock_file(file), pytest.raises(FileLockedError, match="Stop it first"), lock_file(file):
        pass


def test_it_can_be_locked_again_once_it_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "racing-incident.db"
    for _ in range(2):
        with lock_file(file):
            assert not file.exists()
