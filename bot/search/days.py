"""A day that somebody names, as people write one: `18.04.2021`, `April 18, 2021`, `18 de abril de 2021`."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator
from typing import NamedTuple

from bot.search.known_names import whole_year
from bot.search.query_words import LONGEST_QUERY
from bot.search.words import FILLERS, spaced, split

_MONTHS = """
january jan januar jaenner janner enero ene janvier janv gennaio gen januari janeiro
february feb februar febrero fevrier fev febbraio febbr februari fevereiro
march mar marz maerz mrz marzo mars maart marco
april apr abril abr avril avr aprile
may mai mayo maggio mei maio
june jun juni junio juin giugno giu junho
july jul juli julio juillet juil luglio lug julho
august aug agosto ago aout augustus
september sep sept septiembre setiembre septembre settembre setembro
october oct oktober okt octubre octobre ottobre ott outubro
november nov noviembre novembre novembro
december dec dezember dez diciembre dic decembre dicembre dezembro
"""
MONTHS = {name: month for month, names in enumerate(_MONTHS.strip().splitlines(), start=1) for name in names.split()}
"""Months by what they are called, folded, in races' languages."""

YEARS = range(1900, 2100)
"""In which anybody races or looks for a race."""

DECEMBER, LAST_DAY = 12, 31

_WEEKDAYS = (
    r"(?:sun|mon|tues|wednes|thurs|fri|satur)day|(?:sonn|mon|diens|donners|frei|sams)tag|mittwoch|"
    r"domingo|lunes|martes|miercoles|jueves|viernes|sabado"
)
BEFORE = rf"(?:\b(?:on|from|of|am|vom|den|dem|el|del|dia|le|il|the|{_WEEKDAYS}),?\s+)*"
MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?![a-z])\.?"
DAY = r"(?P<day>\d{1,2})(?:(?:st|nd|rd|th|er|o|a)(?![a-z]))?(?!\d)\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
JOINED = r"(?:[\s,/.-]|\b(?:of|de|del|do|di|the)\b)*"
ALONE, ENDED = r"(?<!\d)(?<!\d[./-])", r"(?!\d)(?![./-]\d)"

_WAYS = tuple(
    re.compile(f"{BEFORE}{ALONE}{way}{ENDED}", re.ASCII)
    for way in (
        r"(?P<year>\d{4})(?P<mark>[./-])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})\s?(?P<mark>[./-])\s?(?P<number>\d{{1,2}})\s?(?P=mark)\s?{_YEAR}",
        rf"{DAY}{JOINED}{MONTH}{JOINED}{_YEAR}",
        rf"(?<![a-z]){MONTH}{JOINED}{DAY}{JOINED}{_YEAR}",
        rf"(?P<year>\d{{4}}){JOINED}{MONTH}{JOINED}{DAY}",
    )
)
_MAY_NAME_ONE = re.compile(r"\d\D+\d")


class NamedDay(NamedTuple):
    """The day that a query names, or both that it may mean; how it was `typed`, and what was said `beside` it.

    `beside` is empty where the other words tell nothing. Without a year, all days of that date are meant.
    """

    days: tuple[dt.date, ...]
    typed: str
    beside: str
    every_year: bool = False

    @property
    def year(self) -> int:
        """Its year, which is the same whichever day it means; without one, the year of the latest."""
        return self.days[0].year


class NoSuchDay(NamedTuple):
    """What a query names like a day and no calendar has, as it was `typed`; its year, and what was said `beside` it.

    `beside` is empty where the other words tell nothing.
    """

    typed: str
    year: int
    beside: str


def named_day(query: str) -> NamedDay | None:
    """The first day that a query names, or None: `4/18/2021` is the one it can be, `4/5/2021` in May or in April."""
    said = _said(query)
    for found in _like_days(said):
        if days := tuple(dict.fromkeys(_days(found))):
            return NamedDay(days, found[0].strip(), beside(said, found))
    return None


def no_such_day(query: str) -> NoSuchDay | None:
    """What a query names like a day, where it names no other: `31.2.2021`, `February 30, 2021`, `2021-13-01`."""
    said, none = _said(query), None
    for found in _like_days(said):
        if any(_days(found)):
            return None
        if none is None and _year(found) in YEARS and _is_meant_as_a_day(found):
            begin = min(map(found.start, filter(None, found.groupdict())))
            typed = query if len(query) == len(said) else said  # a day has its capitals where that is the same place
            none = NoSuchDay(typed[begin : found.end()].strip(), _year(found), beside(said, found))
    return none


def _said(query: str) -> str:
    """A query as it is read; empty where it names no day."""
    typed = query[:LONGEST_QUERY]
    return spaced(typed) if _MAY_NAME_ONE.search(typed) else ""


def _like_days(said: str) -> Iterator[re.Match[str]]:
    """Whatever is written as days are, the likeliest way first."""
    return (found for way in _WAYS for found in way.finditer(said)) if said else iter(())


def beside(said: str, found: re.Match[str]) -> str:
    """What is said around a day; empty where it tells nothing."""
    others = f"{said[: found.start()]} {said[found.end() :]}"
    return "" if FILLERS.issuperset(split(others)) else others.strip()


def _year(found: re.Match[str]) -> int:
    typed = found["year"]
    return whole_year(typed) if len(typed) == len("21") else int(typed)


def _is_meant_as_a_day(found: re.Match[str]) -> bool:
    """Whether what is no day was meant as one: cars' numbers are written so too, as in `44/33/2021`."""
    named = found.groupdict()
    if "month" in named:
        return int(named["day"]) <= LAST_DAY
    month_first = found.start("year") < found.start("day")
    if month_first or (named["mark"] == "." and len(named["year"]) == len("2021")):
        return True
    numbers = int(named["day"]), int(named["number"])
    return min(numbers) <= DECEMBER and max(numbers) <= LAST_DAY


def _days(found: re.Match[str]) -> Iterator[dt.date]:
    """The days that a match can mean, the day before the month first; none where a calendar has no such day."""
    named = found.groupdict()
    year, day = _year(found), int(named["day"])
    month = MONTHS[named["month"]] if "month" in named else int(named["number"])
    readings = [(month, day)]
    if "number" in named and found.start("day") < found.start("year"):
        readings.append((day, month))
    for each_month, each_day in readings:
        if year not in YEARS or not 1 <= each_month <= DECEMBER or not 1 <= each_day <= monthrange(year, each_month)[1]:
            continue
        yield dt.date(year, each_month, each_day)
        if named.get("mark") == ".":  # with dots the day comes first, wherever there is such a day
            return
