"""The cells of f1db's rows: what does not have its shape, or is beyond all bounds, is left out and noted."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.feeds.season.doubts import Doubt
from bot.feeds.season.times import LAP_TIME, RACE_TIME

LAST = 999
"""The highest number that a car, a line, a lap or a grid slot may have."""

MOST_POINTS = 9_999

LONGEST_TEXT = 100

LONGEST_PENALTY = 600_000
"""Milliseconds that no time penalty exceeds."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DIGITS = re.compile(r"[0-9]{1,4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Cells:
    """One row's cells by their names in the feed; `odd` is told of those that are left out."""

    def __init__(self, row: Mapping[str, Any], line: int, odd: list[Doubt]) -> None:
        self._row = row
        self._line = line
        self._odd = odd
        self.refused: set[str] = set()

    def raw(self, name: str) -> object:
        """What stands there, whatever it is: to be compared alone."""
        return self._row.get(name)

    def number(self, name: str, least: int = 0, most: int = LAST) -> int | None:
        """A whole number."""
        found: int | None = self._known(name, lambda value: type(value) is int and least <= value <= most)
        return found

    def digits(self, name: str) -> int | None:
        """A number that is written as text."""
        found = self._known(name, lambda value: _is(_DIGITS, value) and int(value) <= LAST)
        return None if found is None else int(found)

    def points(self, name: str) -> float | None:
        """Points; none at all where nothing is given, None where they are doubtful."""
        if self._row.get(name) is None:
            return 0.0
        found = self._known(name, lambda value: type(value) in {int, float} and 0 <= value <= MOST_POINTS)
        return None if found is None else float(found)

    def text(self, name: str) -> str | None:
        """A text that can be shown."""
        found = self._known(name, _can_be_shown)
        return None if found is None else " ".join(found.split())

    def id(self, name: str) -> str | None:
        """The id of a driver, a constructor, a circuit or a race."""
        found: str | None = self._known(name, partial(_is, _ID))
        return found

    def lap_time(self, name: str) -> str | None:
        """A lap's time."""
        found: str | None = self._known(name, partial(_is, LAP_TIME))
        return found

    def race_time(self, name: str) -> str | None:
        """A race's time, or a gap to it; a gap of laps is no time."""
        found: str | None = self._known(name, partial(_is, RACE_TIME))
        return found

    def day(self, name: str) -> dt.date | None:
        """A day."""
        found: str | None = self._known(name, partial(_is, _DAY))
        try:
            return None if found is None else dt.date.fromisoformat(found)
        except ValueError:
            self.refuse(name)
            return None

    def time_of_day(self, name: str) -> dt.time | None:
        """A time of the day, in UTC."""
        found: str | None = self._known(name, partial(_is, _TIME))
        return None if found is None else dt.time.fromisoformat(found).replace(tzinfo=dt.UTC)

    def refuse(self, name: str) -> None:
        """Take note that a cell is left out."""
        self.refused.add(name)
        self._odd.append(Doubt(self._line, name))

    def _known(self, name: str, fits: Callable[[Any], bool]) -> Any:
        """What stands there; None, and noted, where it does not fit."""
        value = self._row.get(name)
        if value is None or fits(value):
            return value
        self.refuse(name)
        return None


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _can_be_shown(value: object) -> bool:
    folded = " ".join(value.split()) if isinstance(value, str) else ""
    return 0 < len(folded) <= LONGEST_TEXT and folded.isprintable() and any(map(str.isalnum, folded))
