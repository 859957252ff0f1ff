"""Told and noted incidents by the day on which they happened."""

import datetime as dt

from bot.domain.incidents import Incident
from bot.search.days import NamedDay
from bot.search.elsewhere import is_elsewhere
from bot.search.noted_catalogue import NotedCatalogue
from bot.search.ranking import Ranking
from bot.search.told_catalogue import ToldCatalogue
from bot.search.words import split

AROUND = dt.timedelta(days=3)
"""How far from a day without incidents those are that may have been meant: a weekend's other days."""


class Daily:
    """The incidents of days, told ones first."""

    def __init__(self, told: ToldCatalogue, noted: NotedCatalogue, ranking: Ranking) -> None:
        self._told = told
        self._noted = noted
        self._ranking = ranking

    def between(self, first: dt.date, last: dt.date) -> list[Incident]:
        """The incidents of these days, told ones first, each the newest first."""
        return self._told.between(first, last) + self._noted.between(first, last)

    def meant(self, named: NamedDay) -> list[Incident]:
        """Those of a named day, told ones first; of these, those that what is said beside it may mean.

        Words that nobody knows say nothing of them.
        """
        there = [each for day in named.days for each in self.between(day, day)]
        if not there or not named.beside:
            return there
        fitting = self._ranking.fitting(f"{named.beside} {named.year}")
        says_other = is_elsewhere(named.beside) or any(map(self._ranking.knows, split(named.beside)))
        return [each for each in there if each.id in fitting] if fitting or says_other else there

    def around(self, named: NamedDay) -> list[Incident]:
        """Those of the days around a named one, told ones first."""
        return [each for day in named.days for each in self.between(day - AROUND, day + AROUND)]
