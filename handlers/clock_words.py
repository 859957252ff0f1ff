"""How times of day, lengths of time and places on the clock are read and put into words."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from bot.locales import _

LONGEST = 48 * 60
"""Minutes for which a result may be held back."""

_TIME = r"(\d{1,2})(?:[:.h](\d\d))?\s*([ap]m)?"
_TIME_OF_DAY = re.compile(_TIME, re.ASCII)
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}", re.ASCII)
_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|mins|minutes?|h|hours?)?", re.ASCII)
_FIXED = re.compile(r"Etc/(?:GMT|UTC|UCT|Zulu|Greenwich|Universal)([+-]\d+)?")
_REGIONS = {"US", "Canada", "Brazil", "Mexico", "Chile"}
"""Where the database's older names are not those of cities: `US/Eastern`."""


def time_of_day(text: str) -> int | None:
    """Minutes since midnight: `9`, `09:00`, `9.30`, `10pm`; None for anything else."""
    found = _TIME_OF_DAY.fullmatch(text.strip().casefold())
    return _minutes(*found.groups()) if found else None


def span(text: str) -> tuple[int, int] | None:
    """From when to when, in minutes since midnight: `22:00-08:00`, `10pm to 8am`; None for anything else."""
    found = _SPAN.fullmatch(text.strip().casefold())
    if found is None:
        return None
    start, end = _minutes(*found.groups()[:3]), _minutes(*found.groups()[3:])
    return (start, end) if start is not None and end is not None and start != end else None


def length(text: str) -> int | None:
    """Minutes: `120`, `90 min`, `2 hours`; None for anything else, for none, and for more than `LONGEST`."""
    found = _LENGTH.fullmatch(text.strip().casefold())
    if found is None:
        return None
    minutes = int(found[1]) * (60 if (found[2] or "").startswith("h") else 1)
    return minutes if 0 < minutes <= LONGEST else None


def clock_face(minute: int) -> str:
    """A time of day as clocks show it: `08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def city(zone: str) -> str:
    """What a time zone is called: `Buenos Aires`, `UTC+2`, `CET`."""
    fixed = _FIXED.fullmatch(zone)
    if fixed is not None:
        return f"UTC{-int(fixed[1]):+}" if fixed[1] and int(fixed[1]) else "UTC"
    return zone if zone.partition("/")[0] in _REGIONS else zone.rpartition("/")[2].replace("_", " ")


def is_place(zone: str) -> bool:
    """Whether one can be in a time zone; in `UTC+2` or `CET` nobody is."""
    return _FIXED.fullmatch(zone) is None and zone.partition("/")[0] not in _REGIONS and not zone.isupper()


def local_time(moment: dt.datetime, zone: str) -> str:
    """A moment on a zone's clocks: `14:00 in London`, `14:00 UTC+2`."""
    said = _("{time} in {city}") if is_place(zone) else "{time} {city}"
    return said.format(time=f"{moment.astimezone(ZoneInfo(zone)):%H:%M}", city=city(zone))


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None  # noqa: PLR2004
