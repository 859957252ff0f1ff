"""One process at a time has an SQLite file: two that write can corrupt its WAL, and neither sees the other's votes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BESIDE = ("-wal", "-shm", ".lock")
"""How the names of the files beside a database file end."""


class FileLockedError(Exception):
    """Another process has the database; the text says which file, and what to do."""


@contextmanager
def lock_file(database: Path) -> Iterator[None]:
    """Lock a database file for as long as this lasts; the lock ends with the process. Raises FileLockedError."""
    file = database.with_name(f"{database.name}.lock")
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileLockedError(
                f"Another Racing Incident is using {database}. Stop it first, or set DATA_DIR to another folder."
            ) from None
        yield
    finally:
        os.close(descriptor)
