"""From a person's words to sessions that race control's archive has: those of the race that they mean."""

from collections.abc import Iterable, Sequence

from bot.domain.race_control import Session
from bot.search.circuit_finder import CircuitFinder
from bot.search.race_finder import fit


class SessionFinder:
    """The sessions of a season, by what fans call its races."""

    def __init__(self, circuits: CircuitFinder) -> None:
        self._circuits = circuits

    def fitting(self, words: Sequence[str], sessions: Iterable[Session]) -> set[str]:
        """The keys of the sessions that words fit best: as a rule those of one race; of all where there are none."""
        if not words:
            return {session.key for session in sessions}
        fits = {session.key: self._fit(words, session) for session in sessions}
        best = max(fits.values(), default=0.0)
        return {key for key, fits_so in fits.items() if best and fits_so == best}

    def _fit(self, words: Sequence[str], session: Session) -> float:
        circuit = self._circuits.called(session.circuit, session.place)
        place = [*filter(None, (session.place, session.circuit)), *([circuit.name] if circuit else [])]
        other = [*filter(None, [session.country]), *([circuit.country, *circuit.also] if circuit else [])]
        return fit(words, session.event, place, other)
