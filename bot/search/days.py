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

DECEMBER = 12

_WEEKDAYS = (
    r"(?:sun|mon|tues|wednes|thurs|fri|satur)day|(?:sonn|mon|diens|donners|frei|sams)tag|mittwoch|"
    r"domingo|lunes|martes|miercoles|jueves|viernes|sabado"
)
_BEFORE = rf"(?:\b(?:on|from|of|am|vom|den|dem|el|del|dia|le|il|the|{_WEEKDAYS}),?\s+)*"
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?![a-z])\.?"
_DAY = r"(?P<day>\d{1,2})(?:(?:st|nd|rd|th|er|o|a)(?![a-z]))?(?!\d)\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_JOINED = r"(?:[\s,/.-]|\b(?:of|de|del|do|di|the)\b)*"
_ALONE, _ENDED = r"(?<!\d)(?<!\d[./-])", r"(?!\d)(?![./-]\d)"

_WAYS = tuple(
    re.compile(f"{_BEFORE}{_ALONE}{way}{_ENDED}", re.ASCII)
    for way in (
        r"(?P<year>\d{4})(?P<mark>[./-])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})\s?(?P<mark>[./-])\s?(?P<number>\d{{1,2}})\s?(?P=mark)\s?{_YEAR}",
        rf"{_DAY}{_JOINED}{_MONTH}{_JOINED}{_YEAR}",
        rf"(?<![a-z]){_MONTH}{_JOINED}{_DAY}{_JOINED}{_YEAR}",
        rf"(?P<year>\d{{4}}){_JOINED}{_MONTH}{_JOINED}{_DAY}",
    )
)
_MAY_NAME_ONE = re.compile(r"\d\D+\d")


class NamedDay(NamedTuple):
    """The day that a query names, or both that it may mean; how it was `typed`, and what was said `beside` it.

    `beside` is empty where the other words tell nothing.
    """

    days: tuple[dt.date, ...]
    typed: str
    beside: str

    @property
    def year(self) -> int:
        """Its year, which is the same whichever day it means."""
        return self.days[0].year


def named_day(query: str) -> NamedDay | None:
    """The first day that a query names, or None: `4/18/2021` is the one it can be, `4/5/2021` in May or in April."""
    typed = query[:LONGEST_QUERY]
    if not _MAY_NAME_ONE.search(typed):
        return None
    said = spaced(typed)
    for way in _WAYS:
        for found in way.finditer(said):
            if days := tuple(dict.fromkeys(_days(found))):
                others = f"{said[: found.start()]} {said[found.end() :]}"
                beside = "" if FILLERS.issuperset(split(others)) else others.strip()
                return NamedDay(days, found[0].strip(), beside)
    return None


def _days(found: re.Match[str]) -> Iterator[dt.date]:
    """The days that a match can mean, the day before the month first; none where a calendar has no such day."""
    named = found.groupdict()
    typed, day = named["year"], int(named["day"])
    year = whole_year(typed) if len(typed) == len("21") else int(typed)
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
