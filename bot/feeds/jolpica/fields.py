"""The fields of Jolpica's answers: strings that stand for numbers, days and texts, and strings for nothing known.

What does not have its shape is refused with a ValueError, as are texts that could not be shown to anybody, and numbers
that no position and no car ever had.
"""

import datetime as dt
import re
from typing import Annotated, TypeAlias

from bot.feeds.season.times import LAP_TIME, RACE_TIME
from bot.forms.rules import First, within, written_as

LONGEST_TEXT = 100

LAST = 999
"""The highest number that a car or a line may have."""


def _known(value: object) -> object:
    """None for what stands where nothing is known."""
    return None if value in ("", "None") else value


def _number(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch("[0-9]{1,6}", value):
        raise ValueError("not a number")
    return int(value)


def _points(value: object) -> float:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", value):
        raise ValueError("not a number of points")
    return float(value)


def _day(value: object) -> dt.date:
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not a date")
    return dt.date.fromisoformat(value)


def _time_of_day(value: object) -> dt.time:
    if not isinstance(value, str) or not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", value):
        raise ValueError("not a time in UTC")
    return dt.time.fromisoformat(value)


def _lap_time(value: object) -> str:
    if not isinstance(value, str) or not LAP_TIME.fullmatch(value):
        raise ValueError("not a lap's time")
    return value


def _race_time(value: object) -> str:
    if not isinstance(value, str) or not RACE_TIME.fullmatch(value):
        raise ValueError("not a race's time")
    return value


def _team(name: str) -> str:
    """A team as one says it: `Haas F1 Team` → `Haas`."""
    return name.removesuffix(" F1 Team")


def _text(value: str) -> str:
    folded = " ".join(value.split())
    nothing = _known(folded) is None or not any(map(str.isalpha, folded))
    if nothing or len(folded) > LONGEST_TEXT or not folded.isprintable():
        raise ValueError("not a text that can be shown")
    return folded


Number: TypeAlias = Annotated[int, First(_number)]
Points: TypeAlias = Annotated[float, First(_points)]
Day: TypeAlias = Annotated[dt.date, First(_day)]
TimeOfDay: TypeAlias = Annotated[dt.time, First(_time_of_day)]
LapTime: TypeAlias = Annotated[str, First(_lap_time)]
RaceTime: TypeAlias = Annotated[str, First(_race_time)]
Text: TypeAlias = Annotated[str, _text]
TeamName: TypeAlias = Annotated[Text, _team]
Id: TypeAlias = Annotated[str, written_as(r"[A-Za-z0-9_-]{1,64}", "not an id"), _text]
Place: TypeAlias = Annotated[str, written_as(r"([1-9][0-9]{0,2}|[A-Z]|-)", "not a place")]

MaybeNumber: TypeAlias = Annotated[Number | None, First(_known)]
MaybeCarNumber: TypeAlias = Annotated[Annotated[Number, within(None, LAST)] | None, First(_known)]
MaybePosition: TypeAlias = Annotated[Annotated[Number, within(1, LAST)] | None, First(_known)]
MaybePlace: TypeAlias = Annotated[Place | None, First(_known)]
MaybePoints: TypeAlias = Annotated[Points | None, First(_known)]
MaybeRaceTime: TypeAlias = Annotated[RaceTime | None, First(_known)]
MaybeDay: TypeAlias = Annotated[Day | None, First(_known)]
MaybeLapTime: TypeAlias = Annotated[LapTime | None, First(_known)]
MaybeText: TypeAlias = Annotated[Text | None, First(_known)]
MaybeTimeOfDay: TypeAlias = Annotated[TimeOfDay | None, First(_known)]
