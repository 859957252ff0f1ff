"""The incidents: told in files, and noted by race control; where they are read from, how one is found."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.search.found import Found, Nothing, Several
from bot.search.held_incidents import Held, Listed
from bot.search.incident_index import Index
from bot.search.known_names import KnownNames
from bot.search.query_words import LONGEST_QUERY
from bot.search.race_finder import season_and_words
from bot.search.words import split, telling
from storage.incidents.reading import read_circuits, read_drivers, read_shipped

__all__ = ["Circuit", "Driver", "Incident", "Incidents", "Match"]

GOOD = 0.4
"""Share of a query's weight that an incident must match to be an answer at all."""

CLEAR = 0.93
"""An incident that scores at least this share of the best one's is offered beside it."""

BESIDE_TOLD = 0.7
"""What a noted incident's score counts beside a told one's, of which most people mean one: it must fit much better."""

CHOICES = 8


Ranked: TypeAlias = list[tuple[str, float]]
"""Incidents' ids and how well each fits a query, best first."""


class Match(NamedTuple):
    """An incident and how well it fits a query, 0 to 1."""

    incident: Incident
    score: float


class Incidents(Held):
    """The catalogue in memory, and how an incident is found in it; newest incident first."""

    @classmethod
    def load(cls) -> "Incidents":
        """The incidents that ship with the bot. Raises BadFilesError."""
        return cls(read_shipped(), read_circuits(), read_drivers(), _index_of_shipped())

    def rank(self, query: str, *, limit: int | None = None, typing: bool = False) -> list[Match]:
        """The incidents that fit a query, best first; `typing`: its last word may be only begun."""
        ranked = self._ranked(query, limit, typing=typing)
        return [Match(self._of_id(incident_id), score) for incident_id, score in ranked]

    def like(self, query: str, share: float) -> Sequence[Incident]:
        """The incidents that fit a query at least so well, compared with what fits it best; the newest first.

        Nobody means one of them: noted ones are among them that fit as well as told ones.
        """
        ranked = self._ranked(query, beside_told=1)
        fitting = {incident_id for incident_id, score in ranked if score >= share * ranked[0][1]}
        return Listed([each for each in self._ids_by_date() if each in fitting], self._of_id)

    def find(self, query: str, limit: int = CHOICES) -> list[Incident]:
        """What a query means: one incident that it names, a few that fit it about as well (best first), or none."""
        if exact := self.get(query.strip().casefold()) or self._told.by_nickname(query):
            return [exact]
        matches = self._told.meant(query, limit, GOOD * CLEAR)
        if len(self._noted):
            matches = _best(matches, self._noted.meant(query, limit, GOOD * CLEAR / BESIDE_TOLD), BESIDE_TOLD)[:limit]
        if not matches or matches[0][1] < GOOD:
            return []
        fitting = [incident_id for incident_id, score in matches if score >= matches[0][1] * CLEAR]
        if len(fitting) == 1 and not self._is_named(query, fitting[0]):
            return []
        return [self._of_id(incident_id) for incident_id in fitting]

    def _is_named(self, query: str, incident_id: str) -> bool:
        """Whether a query names an incident, so that it may be answered with alone."""
        if self._told.get(incident_id) is None:
            return self._noted.is_named(query, incident_id)
        return self._told.is_named(query, incident_id)

    def look_up(self, query: str) -> Found[Incident] | Several[Incident] | Nothing[Incident]:
        """The incident that a query means, the few that fit it about as well, newest first, or what comes near."""
        match self.find(query):
            case []:
                season, words = season_and_words(query)
                place = self.place(query)
                if place is None:  # a year alone comes near no name
                    return Nothing(tuple(self.nearest(query)) if words else (), season=season)
                there = self._at(place)
                return Nothing(tuple(there), place, season, len(there))
            case [incident]:
                return Found(incident)
            case several:
                return Several(tuple(sorted(several, key=lambda incident: incident.date, reverse=True)))

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return self._told.knows(word) or self._noted.knows(word)

    def nearest(self, query: str, limit: int = 3) -> list[Incident]:
        """The incidents to offer where a query found none: those that share a word with it, or one that is like it."""
        return [match.incident for match in self.rank(query, limit=limit)]

    def place(self, query: str) -> str | None:
        """The circuit that a query names in full, whether or not anything of ours happened there."""
        words = telling([word for word in split(query[:LONGEST_QUERY]) if not word.isdigit()])
        return self.places.get("".join(words))

    def _at(self, place: str) -> Sequence[Incident]:
        """The incidents at a circuit of that name, told ones first, each the newest first."""
        ids = [incident.id for incident in self.told if self._circuits[incident.circuit].name == place]
        for slug, circuit in self._circuits.items():
            if circuit.name == place:
                ids += self._noted.at(slug)
        return self.of_ids(ids)

    def starting(self, typed: str, limit: int = 25) -> list[Incident]:
        """What the beginning of a query may become, best first; of an empty one, the newest and best known."""
        if typed.strip():
            return [match.incident for match in self.rank(typed, limit=limit, typing=True)]
        told = self._told.best_known
        return [
            *told,
            *(self._of_id(noted) for _place, noted in self._noted.newest_first[: max(0, limit - len(told))]),
        ][:limit]

    def _ranked(
        self, query: str, limit: int | None = None, *, typing: bool = False, beside_told: float = BESIDE_TOLD
    ) -> list[tuple[str, float]]:
        """The ids of the incidents that fit a query, and their scores; the best first, and of equals those told."""
        ranked = self._told.rank(query, limit=limit, typing=typing)
        if len(self._noted):
            ranked = _best(ranked, self._noted.rank(query, limit=limit, typing=typing), beside_told)
        return ranked[:limit]


def _best(told: Ranked, noted: Ranked, beside_told: float) -> Ranked:
    """Told and noted ones in one row, best first, and of equals those told."""
    return sorted(
        [*told, *((incident_id, score * beside_told) for incident_id, score in noted)], key=lambda hit: -hit[1]
    )


@cache
def _index_of_shipped() -> Index:
    """Made once, as nothing changes it: what is noted has another one."""
    return Index(read_shipped(), KnownNames(read_circuits(), read_drivers()))
