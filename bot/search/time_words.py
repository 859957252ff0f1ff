"""From a person's words to times of day, spans and lengths of time, in the languages that the bot speaks."""

import re

from bot.search.spelled_times import by_the_clock, in_figures

LONGEST_HOLD_MINUTES = 48 * 60
"""Minutes for which a result may be held back."""

HOURS_ON_A_FACE = {str(hour) for hour in range(1, 13)}
"""As they are typed where the half of the day is not said."""

LONG_NIGHT_HOURS = 14
"""Hours; a span that is longer by what was typed, and not with its first hour after noon, was not meant so."""

_TIME = r"(?:at |um |a las? |las? )?(\d{1,2})(?:[:.h](\d\d))?\s*(?:([ap]m)|uhr|hs?|hrs)?"

_TIME_OF_DAY = re.compile(_TIME, re.ASCII)

_FROM = r"from |between |after |von |zwischen |ab |nach |de |desde |entre |a partir de |despues de |tras "
_TO = r"-|–|—|to|until|till|(?:and )?before|and until|and|bis|und bis|und vor|und|a|y hasta|hasta|y antes de|y"

_SPAN = re.compile(rf"(?:{_FROM})?{_TIME}\s*(?:{_TO})\s*{_TIME}", re.ASCII)

_MINUTES, _HOURS = r"m|mins?|minutes?|minuten?|minutos?", r"h|hours?|hrs?|std|stunden?|horas?"
_DAYS, _WEEKS = r"d|days?|tage?n?|dias?", r"w|weeks?|wochen?|semanas?"

_LENGTH = re.compile(rf"(\d{{1,4}})\s*(?:(?:{_MINUTES})|({_HOURS})|({_DAYS}))?", re.ASCII)

_IN_SECONDS = r"s|secs?|seconds?|sek|sekunden?|segs?|segundos?"

_SECONDS = re.compile(rf"(\d{{1,3}})\s*(?:{_IN_SECONDS}|({_MINUTES}))?", re.ASCII)

_MINUTES_AND_SECONDS = re.compile(
    rf"(\d{{1,2}})\s*(?:{_MINUTES})\s*(?:and |und |y )?(\d{{1,2}})\s*(?:{_IN_SECONDS})?",
    re.ASCII,
)

_WAIT = re.compile(rf"(?:after |nach |tras )?(\d{{1,3}})\s*(?:(?:{_HOURS})|({_DAYS})|({_WEEKS}))?", re.ASCII)


def time_of_day(text: str) -> int | None:
    """Minutes since midnight: `9`, `09:00`, `9.30`, `10pm`, `9 Uhr`, `noon`; None for anything else."""
    found = _TIME_OF_DAY.fullmatch(by_the_clock(text))
    return _minutes(*found.groups()) if found else None


def is_by_a_clock(text: str) -> bool:
    """Whether a text can only be a time of day: `9:30`, `9 Uhr`, `10pm`, and not `9`, which may be a length of time."""
    said = by_the_clock(text)
    return time_of_day(text) is not None and not said.isdigit() and length(text) is None


def span(text: str) -> tuple[int, int] | None:
    """From when to when, in minutes since midnight: `22:00-08:00`, `10pm to 8am`; None for anything else."""
    found = _SPAN.fullmatch(by_the_clock(text))
    if found is None:
        return None
    start, end = _minutes(*found.groups()[:3]), _minutes(*found.groups()[3:])
    return (start, end) if start is not None and end is not None and start != end else None


def nights(text: str) -> tuple[tuple[int, int], ...]:
    """The spans that somebody may mean: of `10 to 7`, which would be most of a day, the night comes first."""
    literal, found = span(text), _SPAN.fullmatch(by_the_clock(text))
    if literal is None or found is None:
        return ()
    on_a_face = found[2] is None and found[3] is None and {found[1], found[4]} <= HOURS_ON_A_FACE
    night = (literal[0] + 12 * 60) % (24 * 60), literal[1]
    if on_a_face and _hours(literal) > LONG_NIGHT_HOURS >= _hours(night):
        return night, literal
    return (literal,)


def length(text: str) -> int | None:
    """Minutes: `120`, `90 min`, `2 hours`, `1 day`; None for anything else, none, and more than a result is held."""
    found = _LENGTH.fullmatch(in_figures(text))
    if found is None:
        return None
    minutes = int(found[1]) * (60 if found[2] else 24 * 60 if found[3] else 1)
    return minutes if 0 < minutes <= LONGEST_HOLD_MINUTES else None


def seconds(text: str) -> int | None:
    """Seconds: `40`, `40s`, `40 seconds`, `1 minute`, `1 min 30 s`; None for anything else."""
    said = in_figures(text)
    if both := _MINUTES_AND_SECONDS.fullmatch(said):
        return int(both[1]) * 60 + int(both[2])
    found = _SECONDS.fullmatch(said)
    return int(found[1]) * (60 if found[2] else 1) if found else None


def is_in_seconds(text: str) -> bool:
    """Whether a text can only be a number of seconds, as it says so: `40 s`, and not `0`, which may be minutes."""
    return seconds(text) is not None and not is_length(text)


def is_length(text: str) -> bool:
    """Whether a text is a number of minutes, hours or days, be they as many as nothing is held for."""
    return _LENGTH.fullmatch(in_figures(text)) is not None


def hours(text: str) -> int | None:
    """Hours: `24`, `24h`, `after 24 hours`, `2 days`, `1 week`; None for anything else."""
    found = _WAIT.fullmatch(in_figures(text))
    return int(found[1]) * (24 if found[2] else 7 * 24 if found[3] else 1) if found else None


def _hours(spanned: tuple[int, int]) -> float:
    """How long a span is."""
    start, end = spanned
    return (end - start) % (24 * 60) / 60


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None  # noqa: PLR2004
