"""The incidents: told in files, and noted by race control; where they are read from, how one is found."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from heapq import merge
from operator import itemgetter
from typing import NamedTuple, overload
from zoneinfo import ZoneInfo

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord
from bot.domain.racers import Involvement, Seat
from bot.search.found import Found, Nothing, Several
from bot.search.incident_finder import LONGEST_QUERY, Finder
from bot.search.incident_index import Index
from bot.search.known_names import KnownNames
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.noted_index import standing
from bot.search.race_finder import season_and_words
from bot.search.words import joined, split, telling
from storage.incidents.reading import read_circuits, read_drivers, read_shipped

__all__ = ["Circuit", "Driver", "Incident", "Incidents", "Match"]

GOOD = 0.4
"""Share of a query's weight that an incident must match to be an answer at all."""

CLEAR = 0.93
"""An incident that scores at least this share of the best one's is offered beside it."""

BESIDE_TOLD = 0.7
"""What a noted incident's score counts beside a told one's, of which most people mean one: it must fit much better."""

CHOICES = 8

AT_A_TIME = 50
"""Incidents whose words are indexed in one go: some milliseconds' work."""


class Match(NamedTuple):
    """An incident and how well it fits a query, 0 to 1."""

    incident: Incident
    score: float


class Incidents:
    """The catalogue in memory, newest incident first."""

    def __init__(
        self,
        incidents: Iterable[Incident],
        circuits: Mapping[str, Circuit] | None = None,
        drivers: Mapping[str, Driver] | None = None,
        index: Index | None = None,
    ) -> None:
        self.told = tuple(sorted(incidents, key=lambda incident: (incident.date, incident.id), reverse=True))
        """Those whose story somebody told, the newest first."""

        self._by_id = {incident.id: incident for incident in self.told}
        self._by_nickname = {"".join(split(name)): each for each in self.told for name in each.nicknames}
        self._taken_over = {incident.takes_over: incident for incident in self.told if incident.takes_over}
        self._circuits = dict(circuits or {})
        self._index = index or Index(self.told, KnownNames(self._circuits, drivers or {}))
        self._told_numbers = {incident.id: number for number, incident in enumerate(self._index.incidents)}
        self._finder = Finder(self._index)
        self._noted = NotedCatalogue(self._index.known)
        self._told_seats = frozenset(seat for incident in self.told for seat in _seats(incident))
        self._places = dict(_place_names(self._circuits.values()))

    @classmethod
    def load(cls) -> "Incidents":
        """The incidents that ship with the bot. Raises BadFilesError."""
        return cls(read_shipped(), read_circuits(), read_drivers(), _index_of_shipped())

    def take_up(self, records: Iterable[NotedRecord]) -> list[NotedRecord]:
        """Know noted incidents, or what has become of them, from now on, but not those that are told by now.

        What comes back are those that were not known so before.
        """
        return self._noted.take_up(record for record in records if record.id not in self._taken_over)

    async def read(self) -> None:
        """Index the words of noted incidents that were taken up, a few at a time, while others have their turns.

        Whoever looks for one before has the rest indexed at once.
        """
        for _some in iter(lambda: self._noted.read(AT_A_TIME), False):
            await asyncio.sleep(0)

    def __iter__(self) -> Iterator[Incident]:
        return iter(self.newest_first)

    def __len__(self) -> int:
        return len(self.told) + len(self._noted)

    @property
    def newest_first(self) -> Sequence[Incident]:
        """All incidents, put together as they are looked at."""
        return _Listed(self._ids_by_date(), self._of_id)

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, told ones first, each the newest first."""
        told = [incident for incident in self.told if first <= incident.date <= last]
        return told + self._noted.between(first, last)

    @property
    def noted_seasons(self) -> set[int]:
        """The seasons in which incidents were noted that nobody has told."""
        return self._noted.seasons

    def noted_in(self, season: int) -> list[str]:
        """The ids of a season's incidents that nobody has told, the newest first; none is put together for them."""
        return self._noted.ids_between(dt.date(season, 1, 1), dt.date(season, 12, 31))

    @property
    def seats(self) -> set[Seat]:
        """Everybody who was in an incident, told or noted, as they are written there."""
        return {*self._told_seats, *self._noted.seats}

    def involving(self, meant: Callable[[Seat], bool]) -> list[Involvement]:
        """The incidents that somebody was in, told ones first, each the newest first."""
        ours = ((each, frozenset(seat.suspect_id for seat in _seats(each) if meant(seat))) for each in self.told)
        told = [_involvement(incident, suspects) for incident, suspects in ours if suspects]
        return told + self._noted.involving(meant)

    def of_ids(self, incident_ids: Sequence[str]) -> Sequence[Incident]:
        """Known incidents by their ids, each put together as it is looked at. Raises KeyError for another, then."""
        return _Listed(incident_ids, self._of_id)

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, or the one that took it over, or None."""
        told = self._by_id.get(incident_id) or self._taken_over.get(incident_id)
        return told or self._noted.get(incident_id)

    def circuit(self, incident: Incident) -> Circuit:
        """Where an incident happened. Raises KeyError for a circuit that nobody named."""
        return self._circuits[incident.circuit]

    def zone(self, incident: Incident) -> ZoneInfo:
        """The zone that clocks show where an incident happened. Raises KeyError for a circuit that nobody named."""
        return incident.zone if isinstance(incident, NotedIncident) else self.circuit(incident).zone

    def rank(self, query: str, *, limit: int | None = None, typing: bool = False) -> list[Match]:
        """The incidents that fit a query, best first; `typing`: its last word may be only begun."""
        ranked = self._ranked(query, limit, typing=typing)
        return [Match(self._of_id(incident_id), score) for incident_id, score, _meant in ranked]

    def like(self, query: str, share: float) -> Sequence[Incident]:
        """The incidents that fit a query at least so well, compared with what fits it best; the newest first.

        Nobody means one of them: noted ones are among them that fit as well as told ones.
        """
        ranked = self._ranked(query, beside_told=1)
        fitting = {incident_id for incident_id, score, _meant in ranked if score >= share * ranked[0][1]}
        return _Listed([each for each in self._ids_by_date() if each in fitting], self._of_id)

    def find(self, query: str, limit: int = CHOICES) -> list[Incident]:
        """What a query means: one incident that it names, a few that fit it about as well (best first), or none."""
        if exact := self.get(query.strip().casefold()) or self._by_nickname.get("".join(split(query[:LONGEST_QUERY]))):
            return [exact]
        matches = [(incident_id, score) for incident_id, score, meant in self._ranked(query, limit) if meant]
        if not matches or matches[0][1] < GOOD:
            return []
        fitting = [incident_id for incident_id, score in matches if score >= matches[0][1] * CLEAR]
        if len(fitting) == 1 and not self._is_named(query, fitting[0]):
            return []
        return [self._of_id(incident_id) for incident_id in fitting]

    def _is_named(self, query: str, incident_id: str) -> bool:
        """Whether a query names an incident, so that it may be answered with alone."""
        number = self._told_numbers.get(incident_id)
        if number is None:
            return self._noted.is_named(query, incident_id)
        return self._finder.is_named(query, number)

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
        return self._finder.knows(word) or self._noted.knows(word)

    def nearest(self, query: str, limit: int = 3) -> list[Incident]:
        """The incidents to offer where a query found none: those that share a word with it, or one that is like it."""
        return [match.incident for match in self.rank(query, limit=limit)]

    def place(self, query: str) -> str | None:
        """The circuit that a query names in full, whether or not anything of ours happened there."""
        words = telling([word for word in split(query[:LONGEST_QUERY]) if not word.isdigit()])
        return self._places.get("".join(words))

    def at(self, circuit: str) -> list[str]:
        """The ids of the incidents at a circuit, by its slug: told ones first, each the newest first."""
        return [*(incident.id for incident in self.told if incident.circuit == circuit), *self._noted.at(circuit)]

    def in_season(self, season: int) -> list[str]:
        """The ids of a season's incidents: told ones first, each the newest first."""
        return [*(incident.id for incident in self.told if incident.season == season), *self.noted_in(season)]

    @property
    def seasons(self) -> list[int]:
        """The seasons that have incidents, the latest first."""
        return sorted(self.noted_seasons.union(incident.season for incident in self.told), reverse=True)

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
        told = sorted(self.told, key=lambda incident: (incident.season, incident.fame), reverse=True)
        return [
            *told,
            *(self._of_id(noted) for _place, noted in self._noted.newest_first[: max(0, limit - len(told))]),
        ][:limit]

    def _ranked(
        self, query: str, limit: int | None = None, *, typing: bool = False, beside_told: float = BESIDE_TOLD
    ) -> list[tuple[str, float, bool]]:
        """The ids of the incidents that fit a query, their scores, and whether each may be meant.

        The best come first, and of equals those that are told.
        """
        told = self._finder.rank(query, limit=limit, typing=typing)
        ranked = [(self._index.incidents[number].id, score, meant) for number, score, meant in told]
        if len(self._noted):
            noted = self._noted.rank(query, limit=limit, typing=typing)
            ranked += [(incident_id, score * beside_told, meant) for incident_id, score, meant in noted]
            ranked.sort(key=lambda hit: -hit[1])
        return ranked[:limit]

    def _ids_by_date(self) -> list[str]:
        """The ids of all incidents, the newest first; told ones before those noted on their day."""
        told = ((standing(incident.date, 0), incident.id) for incident in self.told)
        return [incident_id for _place, incident_id in merge(told, self._noted.newest_first, key=itemgetter(0))]

    def _of_id(self, incident_id: str) -> Incident:
        incident = self.get(incident_id)
        if incident is None:
            raise KeyError(incident_id)
        return incident


class _Listed(Sequence[Incident]):
    """Incidents in a row, each put together as it is looked at."""

    def __init__(self, ids: Sequence[str], incident: Callable[[str], Incident]) -> None:
        self._ids = ids
        self._incident = incident

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Incident: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Incident]: ...
    def __getitem__(self, index: int | slice) -> Incident | Sequence[Incident]:
        if isinstance(index, slice):
            return [self._incident(each) for each in self._ids[index]]
        return self._incident(self._ids[index])


@cache
def _index_of_shipped() -> Index:
    """Made once, as nothing changes it: what is noted has another one."""
    return Index(read_shipped(), KnownNames(read_circuits(), read_drivers()))


def _seats(incident: Incident) -> Iterator[Seat]:
    return (Seat(suspect.id, suspect.name, suspect.team) for suspect in incident.suspects)


def _involvement(incident: Incident, ours: frozenset[str]) -> Involvement:
    at_fault = None if incident.ruling is None else frozenset(incident.ruling.at_fault)
    return Involvement(incident.id, incident.season, told=True, ours=ours, at_fault=at_fault)


def _place_names(circuits: Iterable[Circuit]) -> Iterator[tuple[str, str]]:
    for circuit in circuits:
        for name in (*circuit.also, circuit.country, circuit.name):
            yield joined(name), circuit.name
