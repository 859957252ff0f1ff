"""The noted incidents, found like told ones, and put together only when somebody looks at one."""

import datetime as dt
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord
from bot.domain.racers import Involvement, Seat
from bot.pacing.remembered import Remembered
from bot.search.incident_finder import Finder, Hit
from bot.search.known_names import KnownNames
from bot.search.noted_index import NotedIndex, day_of, precedence, season_of

REMEMBERED = 500
"""Upper bound of incidents that are ready to be shown; of the others there is only what is kept."""


class NotedCatalogue:
    """The noted incidents in memory; their words are indexed before anything is looked for, or in idle moments."""

    def __init__(self, known: KnownNames) -> None:
        self._index = NotedIndex(known)
        self._finder = Finder(self._index)
        self._records: dict[str, NotedRecord] = {}
        self._numbers: dict[str, int] = {}
        self._ids: list[str] = []
        self._unread: dict[str, None] = {}
        self._ready: Remembered[str, NotedIncident] = Remembered(REMEMBERED)
        self._newest: list[tuple[int, str]] = []

    def take_up(self, records: Iterable[NotedRecord]) -> list[NotedRecord]:
        """Know incidents, or what has become of them, from now on; those that were not known so before."""
        news = []
        for record in records:
            known = self._records.get(record.id)
            if known != record:
                news.append(record)
                self._records[record.id] = record
                self._ready.pop(record.id, None)
                if known is None or known.packed != record.packed:
                    self._unread[record.id] = None
        return news

    def read(self, most: int | None = None) -> bool:
        """Index the words of so many incidents that were taken up since, or of all; whether any are left."""
        some = list(self._unread)[:most]
        if some:  # before the first of them is put in, so that nothing is remembered of the index as it was
            self._newest = []
            self._finder.index_changed()
        for incident_id in some:
            del self._unread[incident_id]
            number = self._index.put(self._records[incident_id].document, self._numbers.get(incident_id))
            if incident_id not in self._numbers:
                self._numbers[incident_id] = number
                self._ids.append(incident_id)
        return bool(self._unread)

    def __len__(self) -> int:
        return len(self._records)

    def get(self, incident_id: str) -> NotedIncident | None:
        """The incident of that id, or None."""
        if incident_id not in self._records:
            return None
        if incident_id not in self._ready:
            self._ready[incident_id] = self._records[incident_id].incident
        return self._ready[incident_id]

    def rank(self, query: str, *, limit: int | None, typing: bool) -> list[tuple[str, float]]:
        """The ids of the incidents that fit a query, and how well; as the finder does it."""
        self.read()
        hits: list[Hit] = self._finder.rank(query, limit=limit, typing=typing)
        return [(self._ids[number], score) for number, score in hits]

    def meant(self, query: str, limit: int, least: float) -> list[tuple[str, float]]:
        """The ids of those that can be what was meant, and how well each fits; as the finder does it."""
        self.read()
        return [(self._ids[number], score) for number, score in self._finder.meant(query, limit, least)]

    def is_named(self, query: str, incident_id: str) -> bool:
        """Whether a query names an incident, rather than what comes near it."""
        return self._finder.is_named(query, self._numbers[incident_id])

    def seasons_of(self, word: str) -> set[int]:
        """The seasons of the incidents that a folded word names."""
        self.read()
        return {season_of(self._index.precedence[number]) for number in self._index.naming(word)}

    @property
    def newest(self) -> int:
        """The season of the newest; 0 where there is none."""
        return season_of(self.newest_first[0][0]) if len(self) else 0

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name."""
        self.read()
        return self._finder.knows(word)

    @property
    def newest_first(self) -> Sequence[tuple[int, str]]:
        """The ids of all, the newest first, each with where it stands among all that ever were."""
        self.read()
        if not self._newest:
            self._newest = sorted(zip(self._index.precedence, self._ids, strict=True))
        return self._newest

    @property
    def seasons(self) -> set[int]:
        """The seasons that have incidents."""
        return {season_of(place) for place, _incident_id in self.newest_first}

    @property
    def circuits(self) -> set[str]:
        """The slugs of the circuits that have incidents."""
        self.read()
        return set(self._index.homes)

    def ids_between(self, first: dt.date, last: dt.date) -> list[str]:
        """The ids of the incidents of these days, the newest first; none is put together for them."""
        return [incident_id for _place, incident_id in self._placed_between(first, last)]

    def latest_between(self, first: dt.date, last: dt.date) -> list[str]:
        """The same, and of a day what was noted last first."""
        placed = self._placed_between(first, last)
        placed.sort(key=lambda each: (-day_of(each[0]).toordinal(), -each[0]))
        return [incident_id for _place, incident_id in placed]

    def _placed_between(self, first: dt.date, last: dt.date) -> list[tuple[int, str]]:
        newest = self.newest_first
        begin, end = (bisect_left(newest, (precedence(day, 0), "")) for day in (last, first - dt.timedelta(days=1)))
        return [*newest[begin:end]]

    def at(self, circuit: str) -> list[str]:
        """The ids of the incidents at a circuit, the newest first; none is put together for them."""
        self.read()
        there = [number for number, home in enumerate(self._index.homes) if home == circuit]
        return [self._ids[number] for number in sorted(there, key=self._index.precedence.__getitem__)]

    @property
    def seats(self) -> list[Seat]:
        """Everybody who was in any of them, as they write them."""
        self.read()
        return [seat for seat, _numbers in self._index.seats]

    def involving(self, meant: Callable[[Seat], bool]) -> list[Involvement]:
        """The incidents that somebody was in, the newest first; none is put together for them."""
        self.read()
        ours: defaultdict[int, set[str]] = defaultdict(set)
        for seat, numbers in self._index.seats:
            if meant(seat):
                for number in numbers:
                    ours[number].add(seat.suspect_id)
        newest = sorted(ours, key=self._index.precedence.__getitem__)
        return [self._involvement(number, frozenset(ours[number])) for number in newest]

    def _involvement(self, number: int, ours: frozenset[str]) -> Involvement:
        incident_id, season = self._ids[number], season_of(self._index.precedence[number])
        rulings = self._records[incident_id].rulings
        at_fault = frozenset(json.loads(rulings[-1].at_fault)) if rulings else None
        return Involvement(incident_id, season, told=False, ours=ours, at_fault=at_fault)

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, the newest first."""
        return [incident for each in self.ids_between(first, last) if (incident := self.get(each))]
