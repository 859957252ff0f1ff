"""What came of a bad night."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST_LINES = 100
"""Lines of the log in a night, whatever happens in it."""


@dataclass(frozen=True, slots=True)
class Night:
    """Counts, and the longest time in seconds between two votes that were acknowledged, or two recaps that arrived."""

    votes: int = 0
    lost: int = 0
    mistakes: tuple[str, ...] = ()
    recaps: int = 0
    recaps_lost: int = 0
    twice: int = 0
    """Recaps that arrived twice."""

    in_flight: int = 0
    """Recaps of which nobody can know whether they arrived: on their way when the process was killed."""

    outage: float = 0.0
    lines: int = 0
    """Lines in the logs of all processes."""

    def also(self, mistakes: Iterable[str], lines: int) -> "Night":
        """The same night, with what else was wrong, and so many lines in the logs."""
        return replace(self, mistakes=(*self.mistakes, *mistakes), lines=lines)

    @property
    def well(self) -> bool:
        """Whether nothing that was acknowledged is lost, nothing false, and what was on its way alone came twice.

        Nor does the log tell one outage again and again.
        """
        wrong = self.lost or self.mistakes or self.recaps_lost or self.twice > self.in_flight
        return not wrong and self.lines <= MOST_LINES
