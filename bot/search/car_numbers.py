"""Numbers that are no season's: `bottas 77 russell 63` asks for two drivers, and `imola lap 31` for Imola."""

import re
from collections.abc import Callable, Collection
from itertools import pairwise
from typing import TypeAlias

from bot.search.known_names import whole_year
from bot.search.query_words import CORNER, LONGEST_QUERY, SHORT_NUMBER
from bot.search.words import FILLERS, has_unread_letters, spaced, split

CAREER = 20
"""Years from an incident of a driver's in which there may be another."""

SeasonsOf: TypeAlias = Callable[[str], Collection[int] | None]
"""The seasons of a driver's incidents, by a folded word; None where the word is no driver's name."""

_NUMBER = re.compile(r"\d\d?")

_SAID_TO_BE_A_CAR = re.compile(
    r"(?:#\s?|\b(?:cars?|autos?|coches?|no|nr|number|numero|startnummer|dorsal)\b[.º°#\s]{0,3})\d\d?(?![a-z0-9])"
)
_SAID_TO_BE_A_LAP = re.compile(
    r"\b(?:(?:laps?|rounds?|runden?|vueltas?|top|p|pos|position|place|platz|puesto)\s?[.:]?\s?\d\d?(?![a-z0-9])"
    r"|\d\d?(?:[.ªº]|st|nd|rd|th|te)?\s(?:laps?|runden?|vueltas?)\b)"
)
"""A lap, some laps, or somebody's place: no incident is found by those."""

_SAID_TO_BE_A_CORNER = re.compile(r"\b(?:turns?|corners?|kurven?|curvas?|t)\s?(\d\d?)(?![a-z0-9])")
_NUMBERED = {
    *("lap", "laps", "round", "rounds", "runde", "runden", "vuelta", "vueltas"),
    *("top", "p", "pos", "position", "place", "platz", "puesto"),
    *("turn", "turns", "corner", "corners", "kurve", "kurven", "curva", "curvas", "t"),
}
"""One of which every lap, place or corner has beside it; these words are remembered, and looked at sooner."""

_AGAINST = FILLERS | {"gegen", "contra", "with", "mit", "con"}
"""What may stand between two cars, and says nothing else."""

_LIKE_A_SEASON = re.compile(r"\d\d")


def without_cars(query: str, seasons_of: SeasonsOf, newest: Callable[[], int]) -> str:
    """A query without the numbers of cars: as it was typed where there are none, empty where there is nothing else.

    A number of two digits behind a driver's name is a car's where that driver cannot have raced in such a season, or it
    is after all there can be, by the `newest`: `russell 63`, not `russell 21`. Of two behind two names neither is one,
    nor is any that is said to be a car's, a lap's or a place's: `#44`, `car 77`, `lap 31`. A corner is a `turn`, in
    whatever language.
    """
    if not SHORT_NUMBER.search(query[:LONGEST_QUERY]):
        return query
    query = _without_named_cars(query)
    words = split(query[:LONGEST_QUERY])
    numbers = [word for word in words if word not in _AGAINST]
    if len(numbers) > 1 and all(map(_NUMBER.fullmatch, numbers)):
        return ""
    cars: dict[int, bool] = {}
    for place, (driver, number) in enumerate(pairwise(words), start=1):
        if _LIKE_A_SEASON.fullmatch(number) and (seasons := seasons_of(driver)) is not None:
            cars[place] = not _may_be(whole_year(number), seasons, newest())
    cars = {place: is_car for place, is_car in cars.items() if _stands_alone(words[place], query)}
    several = len({words[place] for place in cars}) > 1
    gone = {place for place, is_car in cars.items() if is_car or several}
    if not gone or has_unread_letters(query):
        return query
    return " ".join(word for place, word in enumerate(words) if place not in gone)


def _without_named_cars(query: str) -> str:
    """A query without the numbers that are said to be cars' or laps'; as it was typed where there are none."""
    said = spaced(query[:LONGEST_QUERY])
    without = _SAID_TO_BE_A_CAR.sub(" ", said)
    if not _NUMBERED.isdisjoint(split(query[:LONGEST_QUERY])):
        without = _SAID_TO_BE_A_CORNER.sub(rf"{CORNER} \1", _SAID_TO_BE_A_LAP.sub(" ", without))
    if without == said:
        return query
    return "" if _AGAINST.issuperset(split(without)) else " ".join(without.split())


def _stands_alone(number: str, query: str) -> bool:
    """Whether a number was typed as one, and not as the beginning of a word: `51g`."""
    return re.search(rf"{number}(?![a-z0-9])", spaced(query)) is not None


def _may_be(year: int, seasons: Collection[int], newest: int) -> bool:
    """Whether there may be an incident in a year of a driver who was in others in these seasons."""
    near = not seasons or min(abs(year - season) for season in seasons) <= CAREER
    return near and year <= newest + 1
