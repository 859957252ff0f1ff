"""Single values of what a source sends, read if they are what they should be: anything else is None, never an error.

The sources promise nobody anything, so each value may be missing, of another type, or nonsense.
"""

import datetime as dt
import re
from collections.abc import Mapping

Fields = Mapping[str, object]
"""A JSON object as it came."""

LONGEST_NAME = 100
LONGEST_TEXT = 500
"""Upper bound of a message's characters; race control's own end at about 130."""

MOST_LAPS = 999

NOTHING: Fields = {}


def fields(value: object) -> Fields:
    """A JSON object; an empty one where the value is none."""
    return value if isinstance(value, dict) else NOTHING


def text(value: object, longest: int = LONGEST_NAME) -> str | None:
    """A text that can be shown and stored, with single blanks."""
    if not isinstance(value, str) or len(value) > longest * 2:
        return None
    folded = " ".join(value.split())
    return folded if 0 < len(folded) <= longest and folded.isprintable() else None


def number(value: object, most: int) -> int | None:
    """A whole number from 0 to `most`, which may come as a string."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def moment(value: object) -> dt.datetime | None:
    """A moment, aware and in UTC: what comes without an offset is in UTC already."""
    if not isinstance(value, str) or not re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:", value):
        return None
    try:
        read = dt.datetime.fromisoformat(value)
        return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def offset(value: object) -> dt.timedelta | None:
    """How far a track's time is ahead of UTC, from `-03:00:00`."""
    parts = re.fullmatch("([-+]?)([01][0-9]):([0-5][0-9])(:[0-5][0-9])?", value) if isinstance(value, str) else None
    if parts is None:
        return None
    ahead = dt.timedelta(hours=int(parts[2]), minutes=int(parts[3]))
    return -ahead if parts[1] == "-" else ahead


def driver_name(first: object, last: object, full: object) -> str | None:
    """A driver's name: in two parts where both are known, and otherwise as a whole."""
    parts = text(first), text(last)
    return " ".join(part for part in parts if part) if all(parts) else text(full)


def driver_code(value: object) -> str | None:
    """A driver's three letters."""
    return value if isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) else None
