"""The incidents: what they must say, where they are read from, how one is found."""

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.search.found import Found, Nothing, Several
from bot.search.incident_finder import LONGEST_QUERY, Finder, Match
from bot.search.similarity import look_alike
from bot.search.words import split, telling
from storage.incidents.reading import incident_files, read_circuits, read_drivers, read_incidents

__all__ = ["Circuit", "Driver", "Incident", "Incidents", "Match"]

GOOD = 0.4
"""Share of a query's weight that an incident must match to be an answer at all."""

CLEAR = 0.93
"""An incident that scores at least this share of the best one's is offered beside it."""

CHOICES = 8


class Incidents:
    """The catalogue in memory, newest incident first."""

    def __init__(
        self,
        incidents: Iterable[Incident],
        circuits: Mapping[str, Circuit] | None = None,
        drivers: Mapping[str, Driver] | None = None,
    ) -> None:
        self._all = tuple(sorted(incidents, key=lambda incident: (incident.date, incident.id), reverse=True))
        self._by_id = {incident.id: incident for incident in self._all}
        self._circuits = dict(circuits or {})
        self._finder = Finder(self._all, self._circuits, drivers or {})
        self._places = dict(_place_names(self._circuits.values()))

    @classmethod
    def load(cls) -> "Incidents":
        """The incidents that ship with the bot. Raises BadFilesError."""
        circuits = read_circuits()
        return cls(read_incidents(incident_files(), circuits), circuits, read_drivers())

    def __iter__(self) -> Iterator[Incident]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, or None."""
        return self._by_id.get(incident_id)

    def circuit(self, incident: Incident) -> Circuit:
        """Where an incident happened. Raises KeyError for a circuit that nobody named."""
        return self._circuits[incident.circuit]

    def rank(self, query: str) -> list[Match]:
        """The incidents that fit a query, best first."""
        return self._finder.rank(query)

    def find(self, query: str, limit: int = CHOICES) -> list[Incident]:
        """What a query means: one incident, a few that fit it about as well (best first), or none."""
        if exact := self._by_id.get(query.strip().casefold()):
            return [exact]
        matches = self._finder.rank(query, limit=limit)
        if not matches or matches[0].score < GOOD:
            return []
        least = matches[0].score * CLEAR
        return [match.incident for match in matches if match.score >= least]

    def look_up(self, query: str) -> Found[Incident] | Several[Incident] | Nothing[Incident]:
        """The incident that a query means, the few that fit it about as well, or what comes near."""
        match self.find(query):
            case []:
                return Nothing(tuple(self.nearest(query)), self.place(query) or "")
            case [incident]:
                return Found(incident)
            case several:
                return Several(tuple(several))

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return self._finder.knows(word)

    def nearest(self, query: str, limit: int = 3) -> list[Incident]:
        """The incidents to offer where a query found none: those that share a word with it, else look like it."""
        if matches := self.rank(query)[:limit]:
            return [match.incident for match in matches]
        asked = " ".join(split(query[:LONGEST_QUERY]))
        titles = {incident.id: " ".join(split(incident.title)) for incident in self._all}
        return [self._by_id[found] for found in look_alike(asked, titles, limit)]

    def place(self, query: str) -> str | None:
        """The circuit that a query names in full, whether or not anything of ours happened there."""
        words = telling([word for word in split(query[:LONGEST_QUERY]) if not word.isdigit()])
        return self._places.get("".join(words))

    def starting(self, typed: str, limit: int = 25) -> list[Incident]:
        """What the beginning of a query may become, best first; of an empty one, the newest and best known."""
        if typed.strip():
            return [match.incident for match in self._finder.rank(typed, limit=limit, typing=True)]
        return sorted(self._all, key=lambda incident: (incident.season, incident.fame), reverse=True)[:limit]


def _place_names(circuits: Iterable[Circuit]) -> Iterator[tuple[str, str]]:
    for circuit in circuits:
        for name in (*circuit.also, circuit.country, circuit.name):
            yield "".join(telling(split(name))), circuit.name
