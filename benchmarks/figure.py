"""One measured number with the noise of its own repeats, held against its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

COMPARISON = "for comparison"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in its unit; `noise` is half the distance between the quartiles of its repeats, 0 for one.

    `target` says in words what is asked for. A figure misses it only where it is beyond it by more than its noise.
    """

    name: str
    value: float
    unit: str
    noise: float = 0.0
    target: str = COMPARISON
    beyond: float = 0.0
    """By how much the value is on the wrong side of the target; 0 or less where it is on the right one."""

    @classmethod
    def compared(cls, name: str, measured: float | Sequence[float], unit: str) -> "Figure":
        """A number without a target, to be read beside others."""
        value, noise = _middle(measured)
        return cls(name, value, unit, noise)

    @classmethod
    def at_least(cls, name: str, measured: float | Sequence[float], unit: str, least: float) -> "Figure":
        """A number that should be large: the median of its repeats, where there are several."""
        value, noise = _middle(measured)
        return cls(name, value, unit, noise, f"at least {least:g}", least - value)

    @classmethod
    def at_most(cls, name: str, measured: float | Sequence[float], unit: str, most: float) -> "Figure":
        """A number that should be small: the median of its repeats, where there are several."""
        value, noise = _middle(measured)
        return cls(name, value, unit, noise, f"at most {most:g}", value - most)

    @property
    def missed(self) -> bool:
        """Whether the target is missed by more than the machine's noise."""
        return self.beyond > self.noise

    @property
    def verdict(self) -> str:
        """`met`, `missed`, or `within noise` where it cannot be told; empty without a target."""
        if self.target == COMPARISON:
            return ""
        return "missed" if self.missed else "within noise" if self.beyond > 0 else "met"


def _middle(measured: float | Sequence[float]) -> tuple[float, float]:
    """The median of repeats, and their noise."""
    if not isinstance(measured, Sequence):
        return measured, 0.0
    if len(measured) == 1:
        return measured[0], 0.0
    lower, _median, upper = quantiles(measured, n=4, method="inclusive")
    return median(measured), (upper - lower) / 2
