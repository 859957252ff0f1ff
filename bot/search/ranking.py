"""Told and noted incidents in one row: how well each fits a query, and which of them it means."""

import datetime as dt
from collections.abc import Sequence
from itertools import islice
from typing import TypeAlias

from bot.pacing.clock import Clock
from bot.search.car_numbers import without_cars
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.told_catalogue import ToldCatalogue
from bot.search.years_ago import with_years

GOOD = 0.4
"""Share of a query's weight that an incident must match to be an answer at all."""

CLEAR = 0.93
"""An incident that scores at least this share of the best one's is offered beside it."""

BESIDE_TOLD = 0.7
"""What a noted incident's score counts beside a told one's, of which most people mean one: it must fit much better.

One of the last days' counts as much, and a few come first: of a race that runs or just ran people ask what happened.
"""

RECENT_FIRST = 4
"""Incidents of the last days that come before told ones that fit as well: half of what is offered."""

RECENT = dt.timedelta(days=3)
"""How long an incident counts as one of the last days': until the Wednesday after a race."""

TIME_ZONES = dt.timedelta(days=1)
"""How far a day at a track may be ahead of the day by the bot's clock."""

Ranked: TypeAlias = list[tuple[str, float]]
"""Incidents' ids and how well each fits a query, 0 to 1; best first."""


class Ranking:
    """Ranks what both catalogues find; an incident is put together by whoever shows it."""

    def __init__(self, told: ToldCatalogue, noted: NotedCatalogue, clock: Clock) -> None:
        self._told = told
        self._noted = noted
        self._clock = clock

    def rank(
        self, query: str, *, limit: int | None = None, typing: bool = False, beside_told: float = BESIDE_TOLD
    ) -> Ranked:
        """The incidents that fit a query; `typing`: its last word may be only begun."""
        query = self.in_years(query)
        ranked = self._told.rank(query, limit=limit, typing=typing)
        if len(self._noted):
            noted = self._noted.rank(query, limit=limit, typing=typing)
            ranked = _in_one_row(ranked, noted, beside_told, self.recent())
        return ranked[:limit]

    def like(self, query: str, share: float) -> set[str]:
        """The ids of those that fit a query at least so well, compared with what fits it best.

        Nobody means one of them: noted ones are among them that fit as well as told ones.
        """
        ranked = self.rank(query, beside_told=1)
        return {incident_id for incident_id, score in ranked if score >= share * ranked[0][1]}

    def meant(self, query: str, limit: int) -> list[str]:
        """The ids of what a query means: one that it names, a few that fit it about as well (best first), or none."""
        query = self.in_years(query)
        ranked = self._told.meant(query, limit, GOOD * CLEAR)
        if len(self._noted):
            recent = self.recent()
            noted = self._noted.meant(query, limit, GOOD * CLEAR if recent else GOOD * CLEAR / BESIDE_TOLD)
            ranked = _in_one_row(ranked, noted, BESIDE_TOLD, recent)[:limit]
        if not ranked or ranked[0][1] < GOOD:
            return []
        fitting = [incident_id for incident_id, score in ranked if score >= ranked[0][1] * CLEAR]
        return fitting if len(fitting) > 1 or self._is_named(query, fitting[0]) else []

    def recent(self) -> list[str]:
        """The ids of what was noted in the last days, what was noted last first."""
        today = self._clock.now().date()
        return self._noted.latest_between(today - RECENT, today + TIME_ZONES)

    def fitting(self, query: str) -> set[str]:
        """The ids of all that a query may mean, however many: of other seasons, places or drivers there are none."""
        told = self._told.meant(query, len(self._told.newest_first), 0.0)
        return {incident_id for incident_id, _score in (*told, *self._noted.meant(query, len(self._noted), 0.0))}

    def in_years(self, query: str) -> str:
        """A query whose years are all in figures, and whose other numbers are no cars'.

        Whose a number is, is told by who is known to have been in an incident of which season.
        """
        query = with_years(query, self._clock.now().year)
        return without_cars(query, self._seasons_of, lambda: max(self._told.newest, self._noted.newest))

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return self._told.knows(word) or self._noted.knows(word)

    def _seasons_of(self, word: str) -> set[int] | None:
        """The seasons of a driver's incidents; None where a folded word is no driver's name."""
        return self._told.seasons_of(word) | self._noted.seasons_of(word) if self._told.calls_a_driver(word) else None

    def _is_named(self, query: str, incident_id: str) -> bool:
        """Whether a query names an incident, so that it may be answered with alone."""
        if self._told.get(incident_id) is None:
            return self._noted.is_named(query, incident_id)
        return self._told.is_named(query, incident_id)


def _in_one_row(told: Ranked, noted: Ranked, beside_told: float, recent: Sequence[str]) -> Ranked:
    """Best first, and of equals a few of the last days, then those told."""
    new = {incident_id for incident_id, _score in noted}.intersection(recent)
    first = {*islice((incident_id for incident_id in recent if incident_id in new), RECENT_FIRST)}
    beside = ((each, score if each in new else score * beside_told) for each, score in noted)
    return sorted([*told, *beside], key=lambda hit: (-hit[1], hit[0] not in first))
