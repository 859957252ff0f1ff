"""Where the tests' files are: in memory where there is room for them, as a disk costs most of what they take."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage

SHARED = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory; each test's folder is its own
ROOM = 3 * 2**30
"""Bytes that are to be free there: what all that run at once have, and a million votes, with some to spare."""


def room() -> Path | None:
    """Where files are kept in memory; None where there is no such place, too little room, or no right to it."""
    with suppress(OSError):
        if os.access(SHARED, os.W_OK) and disk_usage(SHARED).free >= ROOM:
            return SHARED
    return None


def keep_files_in_memory() -> None:
    """Have temporary files in memory, here and in processes that are started, unless TMPDIR names a place."""
    if "TMPDIR" in os.environ or (folder := room()) is None:
        return
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = str(folder)  # where that is was looked up when pytest started
