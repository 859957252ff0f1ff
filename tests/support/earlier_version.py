"""Earlier versions of the program, out of the project's own history, by the newest migration that they know."""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from storage.database.upgrades import LATEST
from tests.support.command_line import ROOT

UPGRADES = "storage/database/upgrades.py"
PROGRAM = ("bot", "handlers", "storage", "migrations")

MISSING = (
    "There is no history of the project here (git clone without --depth), so no version before this one was tested."
)


def version_before() -> str | None:
    """The newest migration of the version before this one; None where there is no history to look it up in."""
    return next((newest for newest, _commit in _versions() if newest != LATEST), None)


def unpack(newest: str, folder: Path) -> None:
    """Put the last version into a folder whose newest migration is this one."""
    commit = next(commit for known, commit in _versions() if known == newest)
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, *PROGRAM))) as archive:
        archive.extractall(folder, filter="data")


def _versions() -> Iterator[tuple[str, str]]:
    """The newest migration of each version, and the last commit that has it; the newest version first.

    A commit with a migration that was given another number later was no version: nobody ever had it.
    """
    try:
        last, known = "HEAD", _newest_migration("HEAD")
        following = last
        for commit in _git("log", "--format=%H", "--", UPGRADES).decode().split():
            newest = _newest_migration(commit)
            if newest != known and known is not None:
                if _migrations(last) <= _migrations("HEAD"):
                    yield known, last
                last = f"{following}^"
            known, following = newest, commit
    except (OSError, subprocess.CalledProcessError):
        return


def _migrations(commit: str) -> set[bytes]:
    return {*_git("ls-tree", "--name-only", commit, "migrations/versions/").splitlines()}


def _newest_migration(commit: str) -> str | None:
    found = re.search(r'^LATEST = "(\w+)"$', _git("show", f"{commit}:{UPGRADES}").decode(), re.MULTILINE)
    return found[1] if found else None


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603, S607
