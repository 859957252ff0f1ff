"""What is failing at present: an outage is worth one line of the log, however often it is run into."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.pacing.remembered import Remembered

REMEMBERED = 1_000
"""Upper bound of outages that are known at a time; the oldest is forgotten first, and may be told again."""

Key = TypeVar("Key", bound=Hashable)


class Outages(Generic[Key]):
    """Knows what has failed and has not succeeded since."""

    def __init__(self) -> None:
        self._failing: Remembered[Key, None] = Remembered(REMEMBERED)

    def begins(self, what: Key) -> bool:
        """Take note that something failed; whether it did not fail the last time, so that this is to be told."""
        known = what in self._failing
        self._failing[what] = None
        return not known

    def ends(self, what: Key) -> bool:
        """Take note that something succeeded: once it fails again, that is told again. Whether it had failed before."""
        failed = what in self._failing
        self._failing.pop(what, None)
        return failed
