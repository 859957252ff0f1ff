"""From a person's words to times of day, spans and lengths of time."""

import re

LONGEST = 48 * 60
"""Minutes for which a result may be held back."""


_TIME = r"(\d{1,2})(?:[:.h](\d\d))?\s*([ap]m)?"


_TIME_OF_DAY = re.compile(_TIME, re.ASCII)


_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}", re.ASCII)


_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|mins|minutes?|h|hours?)?", re.ASCII)


_SECONDS = re.compile(r"(\d{1,3})\s*(?:s|sec|secs|seconds?)?", re.ASCII)


_HOURS = re.compile(r"(?:after\s+)?(\d{1,3})\s*(h|hours?|d|days?|w|weeks?)?", re.ASCII)


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


def seconds(text: str) -> int | None:
    """Seconds: `40`, `40s`, `40 seconds`; None for anything else."""
    found = _SECONDS.fullmatch(text.strip().casefold())
    return int(found[1]) if found else None


def hours(text: str) -> int | None:
    """Hours: `24`, `24h`, `after 24 hours`, `2 days`, `1 week`; None for anything else."""
    found = _HOURS.fullmatch(text.strip().casefold())
    return int(found[1]) * {"d": 24, "w": 7 * 24}.get((found[2] or "h")[0], 1) if found else None


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None  # noqa: PLR2004
