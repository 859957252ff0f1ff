"""What is odd in a `.env` file, and would otherwise look as if nothing, or something else, had been set."""

from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import Binding, parse_stream

FILE = Path(".env")
"""Where settings may stand, in the folder that the bot is started in."""


def odd_lines(file: Path = FILE) -> Iterator[str]:
    """A line for each that is not `NAME=value`; it is named by its number, as it may hold a token."""
    try:
        read = _read(file)
    except OSError as error:
        yield f"{file} cannot be read: {error.strerror}."
    except UnicodeError:
        yield f"{file} is not written in UTF-8: save it as such."
    else:
        for binding in read:
            if binding.error or (binding.key is not None and binding.value is None):
                yield f"Line {_number(binding)} of {file} sets nothing: write NAME=value."


def names(file: Path = FILE) -> list[str]:
    """The names that it sets, each once; none where it cannot be read, which `odd_lines` tells."""
    return list(dict.fromkeys(binding.key for binding in _readable(file) if binding.key))


def names_set_twice(file: Path = FILE) -> Iterator[str]:
    """A line for each name, written large or small, that is given another value further down; the last one counts."""
    seen: dict[str, Binding] = {}
    for binding in _readable(file):
        if binding.key is None or binding.value is None:
            continue
        before = seen.get(name := binding.key.upper())
        if before is not None and before.value != binding.value:
            where = f"lines {_number(before)} and {_number(binding)} of {file}"
            yield f"{name} is set twice, in {where}: the second counts."
        seen[name] = binding


def _readable(file: Path) -> list[Binding]:
    try:
        return _read(file)
    except (OSError, UnicodeError):
        return []


def _read(file: Path) -> list[Binding]:
    """Its lines; none where there is no such file. Raises OSError and UnicodeError where it cannot be read.

    What some editors put before the first letter of a file is no part of a name.
    """
    try:
        with file.open(encoding="utf-8-sig") as text:
            return [*parse_stream(text)]
    except FileNotFoundError:
        return []


def _number(binding: Binding) -> int:
    """The number of the line with something in it; blank ones before it are taken for a part of it."""
    lines = binding.original.string
    return binding.original.line + len(lines) - len(lines.lstrip("\n"))
