"""How dates, places and numbers are put into words in pictures and in their descriptions."""

import datetime as dt
from collections.abc import Sequence


def day(date: dt.date) -> str:
    """A date as a newspaper prints it: `18 April 2021`."""
    return f"{date.day} {date:%B %Y}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row: `Latifi, Bottas and Russell`, `Latifi, Bottas and 4 others`."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def ordinal(place: int) -> str:
    """A place in a race: `1st`, `12th`, `22nd`."""
    ending = "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def points(number: float) -> str:
    """Points without needless decimals: `44`, `25.5`."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A share of 1 as people say it: `27 %`; what is more than nothing is never called nothing."""
    rounded = round(100 * share)
    return f"{rounded} %" if rounded or not share else "< 1 %"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 vote`, `1,204 votes`."""
    return f"{number:,} {one if number == 1 else many}"
