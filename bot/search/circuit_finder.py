"""Where races are: the catalogue's circuits, by whatever a feed calls them."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.names import Circuit
from bot.domain.season import Race
from bot.search.words import joined


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

    def at_the_track(self, race: Race) -> Race:
        """A race with each session on its day at the track, as far as the circuit and the time are known.

        Feeds' days are UTC's, ours the track's, which are the ones on the tickets.
        """
        circuit = self.of(race)
        if circuit is None:
            return race
        days = (session.starts_at and session.starts_at.astimezone(circuit.zone).date() for session in race.sessions)
        sessions = zip(race.sessions, days, strict=True)
        return replace(race, sessions=tuple(replace(session, day=day or session.day) for session, day in sessions))
