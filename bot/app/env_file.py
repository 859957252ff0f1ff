"""The lines of a `.env` file that set nothing, which would otherwise look as if nothing had been set."""

from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import parse_stream

FILE = Path(".env")
"""Where settings may stand, in the folder that the bot is started in."""


def odd_lines(file: Path = FILE) -> Iterator[str]:
    """A line for each that is not `NAME=value`; it is named by its number, as it may hold a token."""
    try:
        text = file.open(encoding="utf-8")
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{file} cannot be read: {error.strerror}."
        return
    with text:
        try:
            for binding in parse_stream(text):
                if binding.error or (binding.key is not None and binding.value is None):
                    number = _number(binding.original.string, binding.original.line)
                    yield f"Line {number} of {file} sets nothing: write NAME=value."
        except UnicodeError:
            yield f"{file} is not written in UTF-8: save it as such."


def _number(lines: str, first: int) -> int:
    """The number of the line with something in it; blank ones before it are taken for a part of it."""
    return first + len(lines) - len(lines.lstrip("\n"))
