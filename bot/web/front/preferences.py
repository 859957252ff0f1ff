"""What a header that negotiates says: names, each with how much it is liked."""

from collections.abc import Iterator

MOST_READ = 500
"""Characters of a header that are read."""


def preferences(header: str) -> Iterator[tuple[str, float]]:
    """Each name that a header gives, in small letters, with its quality between 0 and 1: `de;q=0.8` is 0.8.

    It is 1 where none is said, and 0 where what is said is none.
    """
    for part in header[:MOST_READ].split(","):
        name, _semicolon, parameter = part.partition(";")
        if name.strip():
            yield name.strip().casefold(), _quality(parameter)


def _quality(parameter: str) -> float:
    name, _equals, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value) if name.strip().casefold() == "q" else 0.0
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
