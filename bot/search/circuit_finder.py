"""Where races are: the catalogue's circuits, by whatever a feed calls them."""

from collections.abc import Mapping

from bot.domain.names import Circuit
from bot.domain.season import Race
from bot.search.words import split, telling


class CircuitFinder:
    """The circuits that the catalogue knows."""

    def __init__(self, circuits: Mapping[str, Circuit]) -> None:
        self._circuits = {
            joined(name): circuit for circuit in circuits.values() for name in (*circuit.also, circuit.name)
        }

    def of(self, race: Race) -> Circuit | None:
        """Where a race is, if that is a circuit that the catalogue knows."""
        return self.called(race.circuit_id, race.circuit, race.locality)

    def called(self, *names: str | None) -> Circuit | None:
        """The circuit by the first of its names that the catalogue knows."""
        known = (self._circuits.get(joined(name)) for name in names if name)
        return next(filter(None, known), None)


def joined(name: str) -> str:
    """The telling words of a name, as one."""
    return "".join(telling(split(name)))
