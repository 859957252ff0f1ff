"""Which channel or group somebody asks about in private: `/subscribe recaps @mychannel`."""

import re

_NAME = re.compile(r"(?<!\S)(@[A-Za-z]\w{3,31}|-100\d{5,15})(?!\S)", re.ASCII)


def named(argument: str) -> tuple[str, str] | None:
    """The channel or group that an argument names, and the rest of it; None where it names none."""
    match = _NAME.search(argument)
    if match is None:
        return None
    return match[1], " ".join((argument[: match.start()] + argument[match.end() :]).split())
