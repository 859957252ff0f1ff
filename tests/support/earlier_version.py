"""The version of the program before the newest migration, out of the project's own history."""

import io
import re
import subprocess
import tarfile
from pathlib import Path

from storage.database.upgrades import LATEST
from tests.support.command_line import ROOT

UPGRADES = "storage/database/upgrades.py"
PROGRAM = ("bot", "handlers", "storage", "migrations")

MISSING = (
    "There is no history of the project here (git clone without --depth), so no version before this one was tested."
)


def unpack(folder: Path) -> str | None:
    """Put it into a folder; the newest migration that it knows, or None where there is no history to take it from."""
    try:
        commits = _git("log", "--format=%H", "--", UPGRADES).decode().split()
        for commit in commits:
            newest = _newest_migration(commit)
            if newest not in (None, LATEST):
                _unpack(_last_before(commits, commit), folder)
                return newest
    except (OSError, subprocess.CalledProcessError):
        return None
    return None


def _last_before(commits: list[str], commit: str) -> str:
    """The last commit before the migration that came after: the parent of the one that brought it."""
    place = commits.index(commit)
    return f"{commits[place - 1]}^" if place else commit


def _newest_migration(commit: str) -> str | None:
    found = re.search(r'^LATEST = "(\w+)"$', _git("show", f"{commit}:{UPGRADES}").decode(), re.MULTILINE)
    return found[1] if found else None


def _unpack(commit: str, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, *PROGRAM))) as archive:
        archive.extractall(folder, filter="data")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603, S607
