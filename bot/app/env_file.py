"""What is odd in a `.env` file, and would otherwise look as if nothing, or something else, had been set."""

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

FILE = Path(".env")
"""Where settings may stand, in the folder that the bot is started in."""

TOKENS: Mapping[str, re.Pattern[str]] = {
    "TELEGRAM_BOT_TOKEN": re.compile(r"[0-9]{6,}:[\w-]{30,}", re.ASCII),
    "DISCORD_TOKEN": re.compile(r"[\w-]{18,}\.[\w-]{6,7}\.[\w-]{27,}", re.ASCII),
}
"""What tokens look like, and where they belong; what is shorter may be anything."""

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


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
            if not (_sets(binding) or _is_blank(binding)):
                alone = token_name(binding.original.string.strip())
                written = f"is a token alone: write {alone}= before it" if alone else "sets nothing: write NAME=value"
                yield f"Line {_number(binding)} of {file} {written}."


def plain_lines(file: Path = FILE) -> StringIO:
    """All of it but the odd lines; nothing where it cannot be read, which `odd_lines` tells."""
    return StringIO("".join(each.original.string for each in _readable(file) if _sets(each) or _is_blank(each)))


def values(file: Path = FILE) -> dict[str, str]:
    """What it sets, by name; nothing where it cannot be read, which `odd_lines` tells."""
    return {binding.key: binding.value or "" for binding in _readable(file) if binding.key and _sets(binding)}


def token_name(value: str) -> str | None:
    """The setting that something with a token's looks belongs in; None for anything else."""
    return next((name for name, shape in TOKENS.items() if shape.fullmatch(value)), None)


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


def _sets(binding: Binding) -> bool:
    """Whether it is `NAME=value`. What has odd characters in its name may have all of a token there."""
    return not binding.error and binding.value is not None and bool(_NAME.fullmatch(binding.key or ""))


def _is_blank(binding: Binding) -> bool:
    """Whether it is a blank line, or a comment."""
    return not binding.error and binding.key is None


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
        written = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    if "\0" in written:
        raise UnicodeError("two bytes a character")
    return [*parse_stream(StringIO(written))]


def _number(binding: Binding) -> int:
    """The number of the line with something in it; blank ones before it are taken for a part of it."""
    lines = binding.original.string
    return binding.original.line + len(lines) - len(lines.lstrip("\n"))
