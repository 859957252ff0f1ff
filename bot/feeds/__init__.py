"""Feeds: what the race tells us."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

LONGEST_PAUSE = 3600.0
"""Seconds; whatever a service asks for, it is tried again after an hour."""


class FeedError(Exception):
    """A feed gave no answer, or none that can be trusted; the same question may be answered later."""


class QuestionFailedError(FeedError):
    """One question was refused, or its answer cannot be trusted; the feed is there, and may well answer others."""


def retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """Seconds that a service wants to be left alone, at most LONGEST_PAUSE, or `otherwise` where it has no wish.

    It may give a number, or a date to hold against its own.
    """
    wish = headers.get("Retry-After", "")
    if wish.isascii() and wish.isdecimal():
        return min(float(wish), LONGEST_PAUSE)
    try:
        wait = parsedate_to_datetime(wish) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return otherwise
    return min(wait.total_seconds(), LONGEST_PAUSE) if wait.total_seconds() > 0 else otherwise


@cache
def user_agent() -> str:
    """How we introduce ourselves to a service: our name, our version, and where we are at home."""
    try:
        ours = version("racing-incident")
    except PackageNotFoundError:
        ours = "unreleased"
    return f"racing-incident/{ours} (+https://github.com/racing-incident/racing-incident)"
