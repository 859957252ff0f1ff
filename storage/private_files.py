"""Files and folders that their owner alone can read, whoever made them."""

import os
import stat
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and close one that is there to others. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    close_to_others(folder)


def make_file(file: Path) -> None:
    """Make an empty file for its owner alone, and close one that is there to others. Raises OSError."""
    os.close(os.open(file, os.O_RDONLY | os.O_CREAT, 0o600))
    close_to_others(file)


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner alone, whole or not at all. Raises OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as opened:  # noqa: PTH123
            opened.write(content)
    except OSError:
        file.unlink(missing_ok=True)
        raise


def close_to_others(path: Path) -> None:
    """Take from others what they may do with a file or folder, where there is one; what cannot be is in the log."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
    except FileNotFoundError:
        return
    except OSError:
        problem = f"{path} is open to others, and is not ours to close. Give it to the bot's user: chown USER {path}"
        log.warning("file.not_ours", problem=problem)
