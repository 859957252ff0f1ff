"""The incidents: where they are read from, and how one is found."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.pacing.clock import Clock, SystemClock
from bot.search.daily import Daily
from bot.search.days import NamedDay, no_such_day
from bot.search.found import Found, Nothing, Several
from bot.search.incident_index import Index
from bot.search.kept_incidents import KeptIncidents
from bot.search.known_names import KnownNames
from bot.search.named_places import NamedPlaces
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.race_finder import season_and_words
from bot.search.ranking import RECENT_FIRST, Ranking
from bot.search.told_catalogue import ToldCatalogue
from storage.incidents.reading import read_circuits, read_drivers, read_matters, read_shipped, read_teams

__all__ = ["Circuit", "Driver", "Incident", "Incidents", "Match"]

CHOICES = 8


class Match(NamedTuple):
    """An incident and how well it fits a query, 0 to 1."""

    incident: Incident
    score: float


class Incidents(KeptIncidents):
    """All incidents, as people look for them."""

    def __init__(
        self,
        incidents: Iterable[Incident],
        circuits: Mapping[str, Circuit] | None = None,
        drivers: Mapping[str, Driver] | None = None,
        index: Index | None = None,
        clock: Clock | None = None,
    ) -> None:
        named, told = dict(circuits or {}), tuple(incidents)
        index = index or Index(told, KnownNames(named, drivers or {}))
        super().__init__(ToldCatalogue(told, index), NotedCatalogue(index.known), named)
        clock = clock or SystemClock()
        self._ranking = Ranking(self._told, self._noted, clock)
        self._daily = Daily(self._told, self._noted, self._ranking, clock)
        self._places = NamedPlaces(self._circuits)

    @classmethod
    def load(cls, clock: Clock | None = None) -> "Incidents":
        """The incidents that ship with the bot; `clock` says which year is the last. Raises BadFilesError."""
        return cls(read_shipped(), read_circuits(), read_drivers(), _index_of_shipped(), clock)

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


@cache
def _index_of_shipped() -> Index:
    """Made once, as nothing changes it: what is noted has another one."""
    known = KnownNames(read_circuits(), read_drivers(), read_teams())
    return Index(read_shipped(), known, read_matters())
