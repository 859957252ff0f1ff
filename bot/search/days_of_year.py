"""A day that somebody names without its year: `18 April`, `imola 18.4.`, «el 18 de abril»."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.search.days import ALONE, BEFORE, DAY, DECEMBER, ENDED, JOINED, MONTH, MONTHS, NamedDay, beside
from bot.search.days import named_day as named_with_year
from bot.search.query_words import LONGEST_QUERY, SHORT_NUMBER
from bot.search.race_finder import season_and_words
from bot.search.words import FILLERS, spaced

LEAP_YEAR = 2000
"""Any year in which every day is that there may be."""

_WAYS = (
    re.compile(f"{BEFORE}{ALONE}{DAY}{JOINED}{MONTH}", re.ASCII),
    re.compile(rf"{BEFORE}{ALONE}(?P<day>\d\d?)\.\s?(?P<number>\d\d?)\.(?!\d)", re.ASCII),
    re.compile(rf"{BEFORE}(?<![a-z]){MONTH}{JOINED}{DAY}{ENDED}", re.ASCII),
)
_BY_NUMBERS = re.compile(rf"{BEFORE}{ALONE}(?P<day>\d\d?)(?P<mark>[./])(?P<number>\d\d?){ENDED}", re.ASCII)
"""A day, or beside other words cars' numbers, a gap or corners."""


class DayOfYear(NamedTuple):
    """A month and a day, or both ways in which one can be meant; how it was `typed`, and what was said `beside` it.

    `season` is that which is named apart from it; `loosely`, it may be something else: `july 21`, `turn 4/5`.
    """

    dates: tuple[tuple[int, int], ...]
    typed: str
    beside: str
    season: int | None
    loosely: bool

    def among(self, years: Iterable[int]) -> NamedDay:
        """These dates in the years in which they are, in that order; in its season alone where it names one."""
        there = [self.season] if self.season else [*years]
        days = tuple(day for year in there for day in _days(year, self.dates))
        return NamedDay(days, self.typed, self.beside, every_year=self.season is None)

    def last(self, today: dt.date) -> NamedDay | None:
        """The last of these dates that is not after today; of its season, if it names one; None for one that has none.

        What was typed with its year could not be more exact.
        """
        years = range(today.year, today.year - 9, -1)  # the 29th of February is as rare as that around 1900 and 2100
        days = self.among(years).days
        past = days if self.season else tuple(day for day in days if day <= today)
        return NamedDay(past[:1], self.typed, self.beside) if past else None


def day_of_year(query: str) -> DayOfYear | None:
    """The day of any year that a query names, or None; also where it names one of a certain year."""
    typed = query[:LONGEST_QUERY]
    if not SHORT_NUMBER.search(typed) or named_with_year(typed):
        return None
    said = spaced(typed).strip()
    for found, loosely in _like_days(said):
        if dates := tuple(dict.fromkeys(_dates(found))):
            season, words = season_and_words(beside(said, found))
            others = "" if FILLERS.issuperset(words) else " ".join(words)
            return DayOfYear(dates, found[0].strip(), others, season, loosely)
    return None


def day_meant(query: str, today: dt.date) -> NamedDay | None:
    """The day that a query names; of one without a year the last that is not after today; or None."""
    if named := named_with_year(query):
        return named
    of_year = day_of_year(query)
    return of_year and of_year.last(today)


def in_seasons(query: str, today: dt.date) -> str:
    """A query with the season of the day that it names in its place; as it was typed where it names none."""
    named = day_meant(query, today)
    return query if named is None else f"{named.beside} {named.year}".strip()


def _like_days(said: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Whatever is written as days are, the likeliest way first; and whether it may be something else as well."""
    for way in _WAYS:
        month_first = way is _WAYS[-1]
        for found in way.finditer(said):
            yield found, month_first and len(found["day"]) == len("21")
    if by_numbers := _BY_NUMBERS.search(said):
        yield by_numbers, by_numbers[0] != said


def _dates(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The months and days that a match can mean, the day before the month first."""
    named = found.groupdict()
    day = int(named["day"])
    month = MONTHS[named["month"]] if "month" in named else int(named["number"])
    readings = [(month, day), (day, month)] if named.get("mark") == "/" else [(month, day)]
    for each_month, each_day in readings:
        if 1 <= each_month <= DECEMBER and 1 <= each_day <= monthrange(LEAP_YEAR, each_month)[1]:
            yield each_month, each_day


def _days(year: int, dates: Iterable[tuple[int, int]]) -> Iterator[dt.date]:
    return (dt.date(year, month, day) for month, day in dates if day <= monthrange(year, month)[1])
