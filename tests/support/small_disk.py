"""A disk of its own for a folder, small enough to be filled: memory that is mounted there, where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

MEGABYTES = 192
"""A PostgreSQL server's files, and some more."""

FILLER = "filler"


@cache
def may_mount() -> bool:
    """Whether a disk can be mounted here."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with TemporaryDirectory() as folder, suppress(subprocess.CalledProcessError), small_disk(Path(folder)):
        return True
    return False


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A folder is a disk of its own while this lasts."""
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True, stderr=subprocess.DEVNULL)  # noqa: S603, S607
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


def freeze(folder: Path) -> None:
    """Have a disk of its own mounted anew, so that nobody can write to it."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The disk that a folder is has not a byte left while this lasts."""
    filler = folder / FILLER
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**16))
    try:
        yield
    finally:
        filler.unlink()
