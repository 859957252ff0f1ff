"""One measured number, held against its target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: `target` says in words what is asked for, `met` whether it is."""

    name: str
    value: float
    unit: str
    target: str
    met: bool

    @classmethod
    def at_least(cls, name: str, value: float, unit: str, least: float) -> "Figure":
        """A number that should be large."""
        return cls(name, value, unit, f"at least {least:g}", value >= least)

    @classmethod
    def at_most(cls, name: str, value: float, unit: str, most: float) -> "Figure":
        """A number that should be small."""
        return cls(name, value, unit, f"at most {most:g}", value <= most)
