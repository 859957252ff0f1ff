"""What a newcomer's first `make run` leaves behind where it fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[1] / "Makefile"

WITHOUT_PIP = """#!/bin/sh
[ "$1" = -c ] && exit 0
mkdir -p .venv/bin && touch .venv/bin/python
echo "ensurepip is not available" >&2
exit 1
"""
"""A Python as Debian packs it: it makes half an environment, and fails."""


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_half_an_environment_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(WITHOUT_PIP, encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "pyproject.toml").touch()
    make = ("make", "--no-print-directory", f"--file={MAKEFILE}", f"PYTHON={python}", "run")
    for _time in range(2):
        done = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode
        assert "ensurepip is not available" in done.stderr
        assert "apt install python3-venv" in done.stderr
        assert done.stdout == "Setting up in .venv, which takes about a minute.\n"
    assert not (tmp_path / ".venv").exists()
