"""What a check finds: a mark, a sentence, and what to do."""

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Finding(NamedTuple):
    """Something that was looked at: what is so, and what to do where it should not be so."""

    mark: Mark
    what: str
    remedy: str = ""


def ok(what: str) -> Finding:
    """All is well."""
    return Finding(Mark.OK, what)


def warning(what: str, remedy: str) -> Finding:
    """The bot works, but not as well as it could."""
    return Finding(Mark.WARNING, what, remedy)


def problem(what: str, remedy: str) -> Finding:
    """The bot, or a part of it, does not work."""
    return Finding(Mark.PROBLEM, what, remedy)
