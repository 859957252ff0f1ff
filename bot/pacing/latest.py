"""What is made of something once, and again only when that has changed."""

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Source = TypeVar("Source")
Made = TypeVar("Made")


class Latest(Generic[Key, Source, Made]):
    """For each key what was made last, for as long as its source is the same object; one entry a key.

    There are at most so many entries; whichever was made longest ago is forgotten first. A plain dictionary, as every
    vote looks into it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[Key, tuple[Source, Made]] = {}

    def get(self, key: Key, source: Source, make: Callable[[], Made]) -> Made:
        """What was made of that source for a key; it is made now if another one was the last."""
        known = self._made.get(key)
        if known is None or known[0] is not source:
            made = make()
            self._made.pop(key, None)  # so that it is the newest from now on
            known = self._made[key] = source, made
            if len(self._made) > self._most:
                del self._made[next(iter(self._made))]
        return known[1]
