"""Shards: connections among which Discord divides a bot's servers, each of which is told what happens in its own."""

import re
from typing import NamedTuple, Self

MOST = 16_384
"""Upper bound of shards; far more than any bot has."""

AUTOMATIC = "auto"

_SAID = re.compile(r"(?P<ids>\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)/(?P<count>\d{1,5})", re.ASCII)


class NoShardsError(ValueError):
    """What somebody said names no shards."""


class Shards(NamedTuple):
    """Which shards are a process's, of how many all processes have together."""

    ids: tuple[int, ...] = ()
    """In their order; none where they are all that Discord recommends."""

    of: int = 0
    """How many there are; 0 where Discord says so."""

    @classmethod
    def parse(cls, said: str) -> Self:
        """The shards that a text names: `auto`, `0-3/16`, `0,4-7/16`. Raises NoShardsError."""
        said = "".join(said.split()).lower()
        if said == AUTOMATIC:
            return cls()
        found = _SAID.fullmatch(said)
        if found is None:
            raise NoShardsError(said)
        count = int(found["count"])
        ids = {number for part in found["ids"].split(",") for number in _numbers(part, count)}
        return cls(tuple(sorted(ids)), count)

    @property
    def are_automatic(self) -> bool:
        """Whether Discord says how many there are, and all are this process's."""
        return not self.of


def _numbers(part: str, count: int) -> range:
    """The numbers of a range, each of which is one of so many shards'. Raises NoShardsError."""
    first, _, last = part.partition("-")
    numbers = range(int(first), int(last or first) + 1)
    if not numbers or numbers[-1] >= count or count > MOST:
        raise NoShardsError(part)
    return numbers
