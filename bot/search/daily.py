"""Told and noted incidents by the day on which they happened."""

import datetime as dt
import re

from bot.domain.incidents import Incident
from bot.pacing.clock import Clock
from bot.search.days import NamedDay, named_day, no_such_day
from bot.search.days_ago import with_days
from bot.search.days_of_year import day_of_year
from bot.search.elsewhere import is_elsewhere
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.query_words import SHORT_NUMBER
from bot.search.ranking import Ranking
from bot.search.told_catalogue import ToldCatalogue
from bot.search.words import split

AROUND = dt.timedelta(days=3)
"""How far from a day without incidents those are that may have been meant: a weekend's other days."""

_MAY_NAME_ONE = re.compile(rf"{SHORT_NUMBER.pattern}|\d\D+\d")
"""A short number, or several: most queries have a year at most, and are looked at no closer."""


class Daily:
    """The incidents of days, told ones first."""

    def __init__(self, told: ToldCatalogue, noted: NotedCatalogue, ranking: Ranking, clock: Clock) -> None:
        self._clock = clock
        self._told = told
        self._noted = noted
        self._ranking = ranking

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, told ones first, each the newest first."""
        return self._told.between(first, last) + self._noted.between(first, last)

    def named(self, query: str) -> NamedDay | None:
        """The day that a query names, or of one without a year those of all seasons, the latest first; or None.

        What may be something else, as `july 21` or `turn 4/5`, is a day only where an incident is meant by that.
        """
        query = with_days(query, self._today)
        if day := named_day(query):
            return day
        if (of_year := day_of_year(query)) is None:
            return None
        named = of_year.among(self._seasons())
        return None if not named.days or (of_year.loosely and not self.meant(named)) else named

    def asked(self, query: str) -> list[Incident] | None:
        """The incidents of the day that a query names, none of one that no calendar has; None where it names no day."""
        query = with_days(query, self._today)
        if not _MAY_NAME_ONE.search(query):
            return None
        if named := self.named(query):
            return self.meant(named)
        return [] if no_such_day(query) else None

    def meant(self, named: NamedDay) -> list[Incident]:
        """Those of a named day, told ones first; of these, those that what is said beside it may mean.

        Words that nobody knows say nothing of them.
        """
        there = self._on(named)
        if not there or not named.beside:
            return there
        fitting = self._ranking.fitting(named.beside if named.every_year else f"{named.beside} {named.year}")
        says_other = is_elsewhere(named.beside) or any(map(self._ranking.knows, split(named.beside)))
        return [each for each in there if each.id in fitting] if fitting or says_other else there

    def around(self, named: NamedDay) -> list[Incident]:
        """Those of the days around a named one, told ones first."""
        return [each for day in named.days for each in self.between(day - AROUND, day + AROUND)]

    def _today(self) -> dt.date:
        return self._clock.now().date()

    def _on(self, named: NamedDay) -> list[Incident]:
        return [each for day in named.days for each in self.between(day, day)]

    def _seasons(self) -> list[int]:
        told = (incident.season for incident in self._told.newest_first)
        return sorted(self._noted.seasons.union(told), reverse=True)
