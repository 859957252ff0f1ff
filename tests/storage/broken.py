"""What disks do to files."""

from pathlib import Path

PAGE = 4096


def tear(file: Path) -> None:
    """Overwrite all of a file but its first page, which holds the tables' names, with noise."""
    content = file.read_bytes()
    file.write_bytes(content[:PAGE] + b"\xa5" * (len(content) - PAGE))
