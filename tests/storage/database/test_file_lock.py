from pathlib import Path

import pytest

from storage.database.file_lock import InUseError, sole_owner


def test_a_database_has_one_owner_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "racing-incident.db"
    with sole_owner(file), pytest.raises(InUseError, match="Stop it first"), sole_owner(file):
        pass


def test_it_can_be_had_again_once_it_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "racing-incident.db"
    for _ in range(2):
        with sole_owner(file):
            assert not file.exists()
