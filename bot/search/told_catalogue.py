"""The incidents whose story somebody told: by their names and words, and by who was in them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from bot.domain.incidents import Incident
from bot.domain.racers import Involvement, Seat
from bot.search.incident_finder import Finder
from bot.search.incident_index import Index
from bot.search.query_words import LONGEST_QUERY
from bot.search.words import split


class ToldCatalogue:
    """The told incidents in memory; nothing changes them."""

    def __init__(self, incidents: Iterable[Incident], index: Index) -> None:
        self.newest_first = tuple(sorted(incidents, key=lambda incident: (incident.date, incident.id), reverse=True))
        self._by_id = {incident.id: incident for incident in self.newest_first}
        self._by_nickname = {"".join(split(name)): each for each in self.newest_first for name in each.nicknames}
        self._taken_over = {incident.takes_over: incident for incident in self.newest_first if incident.takes_over}
        self._index = index
        self._numbers = {incident.id: number for number, incident in enumerate(index.incidents)}
        self._finder = Finder(index)
        self.seats = frozenset(seat for incident in self.newest_first for seat in _seats(incident))
        """Everybody who was in one, as they are written there."""

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, or the one that took it over, or None."""
        return self._by_id.get(incident_id) or self._taken_over.get(incident_id)

    def takes_over(self, incident_id: str) -> bool:
        """Whether one of these tells what a noted incident was."""
        return incident_id in self._taken_over

    def by_nickname(self, typed: str) -> Incident | None:
        """The incident that goes by a name, however it is spelled, or None."""
        return self._by_nickname.get("".join(split(typed[:LONGEST_QUERY])))

    def rank(self, query: str, *, limit: int | None, typing: bool) -> list[tuple[str, float]]:
        """The ids of the incidents that fit a query, and how well; as the finder does it."""
        ids = self._index.ids
        return [(ids[number], score) for number, score in self._finder.rank(query, limit=limit, typing=typing)]

    def meant(self, query: str, limit: int, least: float) -> list[tuple[str, float]]:
        """The ids of those that can be what was meant, and how well each fits; as the finder does it."""
        ids = self._index.ids
        return [(ids[number], score) for number, score in self._finder.meant(query, limit, least)]

    def is_named(self, query: str, incident_id: str) -> bool:
        """Whether a query names one of these, rather than what comes near it."""
        number = self._numbers.get(incident_id)
        return number is not None and self._finder.is_named(query, number)

    def calls_a_driver(self, word: str) -> bool:
        """Whether a folded word is what a driver is called, whether or not one of these knows them."""
        return self._index.is_called(word) or self._index.is_code(word)

    def seasons_of(self, word: str) -> set[int]:
        """The seasons of the incidents that a folded word names."""
        return {self._index.incidents[number].season for number in self._index.naming(word)}

    @property
    def newest(self) -> int:
        """The season of the newest; 0 where there is none."""
        return self.newest_first[0].season if self.newest_first else 0

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return self._finder.knows(word)

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, the newest first."""
        return [incident for incident in self.newest_first if first <= incident.date <= last]

    def at(self, circuit: str) -> list[str]:
        """The ids of the incidents at a circuit, by its slug, the newest first."""
        return [incident.id for incident in self.newest_first if incident.circuit == circuit]

    def in_season(self, season: int) -> list[str]:
        """The ids of a season's incidents, the newest first."""
        return [incident.id for incident in self.newest_first if incident.season == season]

    @property
    def circuits(self) -> set[str]:
        """The slugs of the circuits that have incidents."""
        return {incident.circuit for incident in self.newest_first}

    @property
    def best_known(self) -> list[Incident]:
        """All of them: the latest season first, and of a season the most famous."""
        return sorted(self.newest_first, key=lambda incident: (incident.season, incident.fame), reverse=True)

    def involving(self, meant: Callable[[Seat], bool]) -> list[Involvement]:
        """The incidents that somebody was in, the newest first."""
        seats = (
            (each, frozenset(seat.suspect_id for seat in _seats(each) if meant(seat))) for each in self.newest_first
        )
        return [_involvement(incident, ours) for incident, ours in seats if ours]


def _seats(incident: Incident) -> Iterator[Seat]:
    return (Seat(suspect.id, suspect.name, suspect.team) for suspect in incident.suspects)


def _involvement(incident: Incident, ours: frozenset[str]) -> Involvement:
    at_fault = None if incident.ruling is None else frozenset(incident.ruling.at_fault)
    return Involvement(incident.id, incident.season, told=True, ours=ours, at_fault=at_fault)
