"""The incidents: told in files, and noted by race control; where they are read from, how one is found."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from heapq import merge
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord
from bot.domain.racers import Involvement, Seat
from bot.pacing.clock import Clock, SystemClock
from bot.search.daily import Daily
from bot.search.days import NamedDay, no_such_day
from bot.search.found import Found, Nothing, Several
from bot.search.incident_index import Index
from bot.search.known_names import KnownNames
from bot.search.listed import Listed
from bot.search.named_places import NamedPlaces
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.noted_index import precedence
from bot.search.race_finder import season_and_words
from bot.search.ranking import RECENT_FIRST, Ranking
from bot.search.told_catalogue import ToldCatalogue
from storage.incidents.reading import read_circuits, read_drivers, read_shipped

__all__ = ["Circuit", "Driver", "Incident", "Incidents", "Match"]

AT_A_TIME = 50
"""Incidents whose words are indexed in one go: some milliseconds' work."""

CHOICES = 8


class Match(NamedTuple):
    """An incident and how well it fits a query, 0 to 1."""

    incident: Incident
    score: float


class Incidents:
    """All incidents in memory, by their words, ids, days, places and who was in them; those that are noted change."""

    def __init__(
        self,
        incidents: Iterable[Incident],
        circuits: Mapping[str, Circuit] | None = None,
        drivers: Mapping[str, Driver] | None = None,
        index: Index | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._circuits = dict(circuits or {})
        told = tuple(incidents)
        index = index or Index(told, KnownNames(self._circuits, drivers or {}))
        self._told = ToldCatalogue(told, index)
        self._noted = NotedCatalogue(index.known)
        self._ranking = Ranking(self._told, self._noted, clock or SystemClock())
        self._daily = Daily(self._told, self._noted, self._ranking)
        self._places = NamedPlaces(self._circuits)

    @classmethod
    def load(cls, clock: Clock | None = None) -> "Incidents":
        """The incidents that ship with the bot; `clock` says which year is the last. Raises BadFilesError."""
        return cls(read_shipped(), read_circuits(), read_drivers(), _index_of_shipped(), clock)

    def take_up(self, records: Iterable[NotedRecord]) -> list[NotedRecord]:
        """Know noted incidents, or what has become of them, from now on, but not those that are told by now.

        What comes back are those that were not known so before.
        """
        return self._noted.take_up(record for record in records if not self._told.takes_over(record.id))

    async def read(self) -> None:
        """Index the words of noted incidents that were taken up, a few at a time, while others have their turns.

        Whoever looks for one before has the rest indexed at once.
        """
        for _some in iter(lambda: self._noted.read(AT_A_TIME), False):
            await asyncio.sleep(0)

    @property
    def told(self) -> Sequence[Incident]:
        """Those whose story somebody told, the newest first."""
        return self._told.newest_first

    def __iter__(self) -> Iterator[Incident]:
        return iter(self.newest_first)

    def __len__(self) -> int:
        return len(self.told) + len(self._noted)

    @property
    def newest_first(self) -> Sequence[Incident]:
        """All incidents, put together as they are looked at."""
        return Listed(self._ids_by_date(), self._of_id)

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, told ones first, each the newest first."""
        return self._daily.between(first, last)

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
        return {*self._told.seats, *self._noted.seats}

    def involving(self, meant: Callable[[Seat], bool]) -> list[Involvement]:
        """The incidents that somebody was in, told ones first, each the newest first."""
        return self._told.involving(meant) + self._noted.involving(meant)

    def of_ids(self, incident_ids: Sequence[str]) -> Sequence[Incident]:
        """Known incidents by their ids, each put together as it is looked at. Raises KeyError for another, then."""
        return Listed(incident_ids, self._of_id)

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, or the one that took it over, or None."""
        return self._told.get(incident_id) or self._noted.get(incident_id)

    def circuit(self, incident: Incident) -> Circuit:
        """Where an incident happened. Raises KeyError for a circuit that nobody named."""
        return self._circuits[incident.circuit]

    def zone(self, incident: Incident) -> ZoneInfo:
        """The zone that clocks show where an incident happened. Raises KeyError for a circuit that nobody named."""
        return incident.zone if isinstance(incident, NotedIncident) else self.circuit(incident).zone

    def at(self, circuit: str) -> list[str]:
        """The ids of the incidents at a circuit, by its slug: told ones first, each the newest first."""
        return self._told.at(circuit) + self._noted.at(circuit)

    def in_season(self, season: int) -> list[str]:
        """The ids of a season's incidents: told ones first, each the newest first."""
        return self._told.in_season(season) + self.noted_in(season)

    @property
    def seasons(self) -> list[int]:
        """The seasons that have incidents, the latest first."""
        return self._daily.seasons

    @property
    def circuits(self) -> set[str]:
        """The slugs of the circuits that have incidents."""
        return self._told.circuits | self._noted.circuits

    @property
    def latest(self) -> Incident | None:
        """The last incident, of one day the best known, or None; no other day's are put together for it."""
        newest = self.newest_first
        if not newest:
            return None
        day = newest[0].date
        return max(self.between(day, day), key=lambda incident: incident.fame)

    def rank(self, query: str, *, limit: int | None = None, typing: bool = False) -> list[Match]:
        """The incidents that fit a query, best first; `typing`: its last word may be only begun."""
        if (of_day := self._daily.asked(query)) is not None:
            return [Match(incident, 1.0) for incident in of_day][:limit]
        ranked = self._ranking.rank(query, limit=limit, typing=typing)
        return [Match(self._of_id(incident_id), score) for incident_id, score in ranked]

    def like(self, query: str, share: float) -> Sequence[Incident]:
        """The incidents that fit a query at least so well, compared with what fits it best; the newest first."""
        of_day = self._daily.asked(query)
        fitting = self._ranking.like(query, share) if of_day is None else {each.id for each in of_day}
        return self.of_ids([each for each in self._ids_by_date() if each in fitting])

    def find(self, query: str, limit: int = CHOICES) -> list[Incident]:
        """What a query means: one incident that it names, a few that fit it about as well (best first), or none."""
        if exact := self.get(query.strip().casefold()) or self._told.by_nickname(query):
            return [exact]
        if (of_day := self._daily.asked(query)) is not None:
            return of_day[:limit]
        return [*self.of_ids(self._ranking.meant(query, limit))]

    def look_up(self, query: str) -> Found[Incident] | Several[Incident] | Nothing[Incident]:
        """The incident that a query means, the few that fit it about as well, newest first, or what comes near."""
        match self.find(query):
            case []:
                return self._missing(query)
            case [incident]:
                return Found(incident)
            case several:
                return Several(tuple(sorted(several, key=lambda incident: incident.date, reverse=True)))

    def named_day(self, query: str) -> NamedDay | None:
        """The day that a query names, or without a year those of all seasons that have incidents; or None."""
        return self._daily.named(query)

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return self._ranking.knows(word)

    def nearest(self, query: str, limit: int = 3) -> list[Incident]:
        """The incidents to offer where a query found none: those that share a word with it, or one that is like it.

        Of a day on which there is none, those of the days around it.
        """
        near = [match.incident for match in self.rank(query, limit=limit)]
        return near or (self._daily.around(day)[:limit] if (day := self.named_day(query)) else [])

    def in_years(self, query: str) -> str:
        """A query whose years are all in figures, whatever they were named by, and whose other numbers are no cars'."""
        return self._ranking.in_years(query)

    def starting(self, typed: str, limit: int = 25) -> list[Incident]:
        """What the beginning of a query may become, best first.

        Of an empty one a few that were noted in the last days, then the newest and best known.
        """
        if typed.strip():
            return [match.incident for match in self.rank(typed, limit=limit, typing=True)]
        recent = self._ranking.recent()[:RECENT_FIRST] if len(self._noted) else []
        told = [incident.id for incident in self._told.best_known]
        others = (noted for _place, noted in self._noted.newest_first)
        first = islice(dict.fromkeys(chain(recent, told, others)), limit)
        return [self._of_id(incident_id) for incident_id in first]

    def _missing(self, query: str) -> Nothing[Incident]:
        """What there is instead of what a query means: of a day on which it is not, those of the days around."""
        if day := self.named_day(query):
            beside = day.beside if day.every_year else f"{day.beside} {day.year}"
            near = self.nearest(query, CHOICES) or (self.nearest(beside) if day.beside else [])
            return Nothing(tuple(near), days=day.days, every_year=day.every_year)
        if none := no_such_day(query):
            near = self.nearest(f"{none.beside} {none.year}") if none.beside else []
            return Nothing(tuple(near), no_day=none.typed)
        query = self.in_years(query)
        season, words = season_and_words(query)
        slug = self._places.slug(query)
        if slug is None:  # a year alone comes near no name
            return Nothing(tuple(self.nearest(query)) if words else (), season=season)
        there = self.of_ids(self.at(slug))
        return Nothing(tuple(there[:CHOICES]), self._circuits[slug].name, season, len(there))

    def _ids_by_date(self) -> list[str]:
        """The ids of all incidents, the newest first; told ones before those noted on their day."""
        told = ((precedence(incident.date, 0), incident.id) for incident in self.told)
        return [incident_id for _place, incident_id in merge(told, self._noted.newest_first, key=itemgetter(0))]

    def _of_id(self, incident_id: str) -> Incident:
        incident = self.get(incident_id)
        if incident is None:
            raise KeyError(incident_id)
        return incident


@cache
def _index_of_shipped() -> Index:
    """Made once, as nothing changes it: what is noted has another one."""
    return Index(read_shipped(), KnownNames(read_circuits(), read_drivers()))
