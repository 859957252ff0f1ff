"""A memory with a bound."""

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(MutableMapping[Key, Value]):
    """A mapping of at most `most` entries: whichever was set longest ago is forgotten first.

    Setting an entry again makes it the newest, and so does `refresh`; reading it does not.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def __getitem__(self, key: Key) -> Value:
        return self._entries[key]

    def __setitem__(self, key: Key, value: Value) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def __delitem__(self, key: Key) -> None:
        del self._entries[key]

    def __iter__(self) -> Iterator[Key]:
        """The keys, oldest entry first."""
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def refresh(self, key: Key) -> None:
        """Make an entry the newest. Raises KeyError."""
        self._entries.move_to_end(key)
