"""What a process does of a bot on Discord that several processes may be."""

from typing import NamedTuple

from bot.domain.shards import Shards
from bot.pacing.pace import Pace


class Part(NamedTuple):
    """All of it, unless something else is said."""

    answers: bool = True
    """Whether interactions are taken; otherwise messages are only sent, without the gateway."""

    pace: Pace | None = None
    """Kept together with other processes; without one the library alone keeps to what Discord says."""

    shards: Shards | None = None
    """None where a single connection is told of all servers."""


ALL_OF_IT = Part()
