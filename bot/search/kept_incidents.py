"""The incidents as they are kept: by their ids, days, places, and who was in them; those that are noted change."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.domain.incidents import Incident
from bot.domain.names import Circuit
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord
from bot.domain.racers import Involvement, Seat
from bot.search.listed import Listed
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.noted_index import precedence
from bot.search.told_catalogue import ToldCatalogue

AT_A_TIME = 50
"""Incidents whose words are indexed in one go: some milliseconds' work."""


class KeptIncidents:
    """All incidents in memory, those that are told in files and those that race control noted."""

    def __init__(self, told: ToldCatalogue, noted: NotedCatalogue, circuits: Mapping[str, Circuit]) -> None:
        self._told = told
        self._noted = noted
        self._circuits = circuits

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
        return self._told.between(first, last) + self._noted.between(first, last)

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
        return sorted(self.noted_seasons.union(incident.season for incident in self.told), reverse=True)

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

    def _ids_by_date(self) -> list[str]:
        """The ids of all incidents, the newest first; told ones before those noted on their day."""
        told = ((precedence(incident.date, 0), incident.id) for incident in self.told)
        return [incident_id for _place, incident_id in merge(told, self._noted.newest_first, key=itemgetter(0))]

    def _of_id(self, incident_id: str) -> Incident:
        incident = self.get(incident_id)
        if incident is None:
            raise KeyError(incident_id)
        return incident
