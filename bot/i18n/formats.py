"""How dates, numbers and names are written, the same in every answer and every picture."""

import datetime as dt
from collections.abc import Sequence

from bot.i18n import _, counted, marked, spoken
from bot.i18n.euphony import put_together

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""In English, whatever the machine's locale; other languages have their own from their dates' patterns."""

ORDINALS = {1: marked("{place}st"), 2: marked("{place}nd"), 3: marked("{place}rd")}
"""By the last digit; each language writes each of them, and all others, in its own way."""

ORDINAL = marked("{place}th")


def day(date: dt.date) -> str:
    """A date as a newspaper prints it: `18 April 2021`."""
    language = spoken()
    return (
        f"{date.day} {MONTHS[date.month - 1]} {date.year}" if language is None else language.date(date, _("d MMMM y"))
    )


def day_of_season(date: dt.date) -> str:
    """A date in a year that is said already: `18 April`."""
    language = spoken()
    return f"{date.day} {MONTHS[date.month - 1]}" if language is None else language.date(date, _("d MMMM"))


def weekday(date: dt.date) -> str:
    """A day as one says it shortly before or after: `Sunday 18 April`."""
    language = spoken()
    return f"{date:%A} {day_of_season(date)}" if language is None else language.date(date, _("EEEE d MMMM"))


def weekday_alone(date: dt.date) -> str:
    """A day of this week: `Sunday`."""
    language = spoken()
    return f"{date:%A}" if language is None else language.date(date, "EEEE")


def written(number: int) -> str:
    """A number with its thousands set apart: `1,204`."""
    language = spoken()
    return f"{number:,}" if language is None else language.number(number)


def decimals(number: str) -> str:
    """A number with a decimal point, as each language has it: `22.000`, `22,000`."""
    language = spoken()
    return number if language is None else number.replace(".", language.decimal_mark)


def in_seconds(number: float) -> str:
    """A number of seconds: `5 seconds`, `1 second`, `2.5 seconds`."""
    if number == int(number):
        return counted("{number} second", "{number} seconds", int(number))
    return _("{seconds} seconds").format(seconds=decimals(f"{number:g}"))


def points(number: float) -> str:
    """Points without needless decimals: `44`, `25.5`."""
    language = spoken()
    return f"{number:,.2f}".rstrip("0").rstrip(".") if language is None else language.number(number)


def scored(name: str, number: float | None) -> str:
    """Somebody with their points: `Hamilton 44`; the name alone where nobody knows how many they are."""
    return name if number is None else f"{name} {points(number)}"


def points_won(number: float) -> str:
    """Points with their noun: `1 point`, `25.5 points`."""
    said = _("{points} point") if number == 1 else _("{points} points")
    return said.format(points=points(number))


def ordinal(place: int) -> str:
    """A place in a race: `1st`, `12th`, `22nd`."""
    ending = 0 if place % 100 in {11, 12, 13} else place % 10
    return _(ORDINALS.get(ending, ORDINAL)).format(place=place)


def percent(number: float) -> str:
    """Hundredths, rounded: `27 %`."""
    return _("{number} %").format(number=round(number))


def listed(names: Sequence[str], most: int) -> str:
    """Names in a row: `Latifi, Bottas and Russell`; of more than `most` the last are counted."""
    if len(names) > most:
        others = len(names) - most + 1
        names = [*names[: most - 1], counted("{number} other", "{number} others", others)]
    return both(", ".join(names[:-1]), names[-1]) if len(names) > 1 else "".join(names)


def both(first: str, second: str) -> str:
    """Two things together: `3 days and 4 hours`."""
    return put_together(_("{first} and {second}"), first, second)


def either(words: Sequence[str]) -> str:
    """Words of which one is to be chosen: `recaps, sprints or calendar`."""
    return put_together(_("{first} or {second}"), ", ".join(words[:-1]), words[-1])


def within(name: str) -> str:
    """A name as it stands within a sentence: `The FIA` → `the FIA`; those of people keep their capitals."""
    return name[:1].lower() + name[1:] if name.startswith(("The ", "Race control")) else name


def capital(text: str) -> str:
    """The first letter made large, the others left alone: `the FIA` → `The FIA`."""
    return text[:1].upper() + text[1:]
