"""From a person's words to a time zone: a city, a country, an offset, or the zone's own name."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from zoneinfo import ZoneInfo

from bot.domain.names import Circuit
from bot.i18n import spoken
from bot.search.similarity import alike
from bot.search.words import split
from bot.search.zone_names import ABBREVIATIONS, CODES, PLACES

NEAREST = 3
SHORTEST = 3
"""Letters of what is found by its words: fewer are not a name."""
LIKENESS = 0.7
"""How much of a mistyped name must be right for it to be offered."""

CITIES = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip
"""The areas in which zones are called after cities."""

ALSO = {"US": ("USA", "America")}
"""Other names of countries, by their codes, than the database and the circuits have."""

UNREAL = {"Factory", "localtime"}
DIRECTIONS = {"north", "south", "east", "west"}
"""What older names of Australia's zones are called after, and nobody means a place by."""

CLOCKS = {
    *("time", "timezone", "zone", "standard", "daylight", "summer", "winter", "local", "clock"),
    *("zeit", "zeitzone", "sommerzeit", "winterzeit", "normalzeit", "ortszeit", "uhr"),
    *("hora", "horario", "zona", "huso", "verano", "invierno"),
}
"""What may stand beside the name of a zone, and says no more than that it is one."""

OWN = {"my", "our", "mein", "meine", "unser", "unsere", "mi", "nuestra"}
"""What is a code of countries and states as well, but beside one of those words is somebody's."""

WEST, EAST = 12, 14
"""The hours by which clocks differ from UTC at most."""

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d)|[.,](\d{1,2}))?", re.ASCII)
_BRACKETS = re.compile(r"\(.*\)")
_DATABASE = resources.files("tzdata")


class ZoneFinder:
    """All time zones of the IANA's database, by what people call them; circuits tell which of several is meant."""

    def __init__(self, circuits: Iterable[Circuit]) -> None:
        every = [zone for zone in (_DATABASE / "zones").read_text(encoding="utf-8").split() if zone not in UNREAL]
        countries = list(_countries())
        raced = tuple(circuits)
        self._raced_in = {circuit.timezone for circuit in raced}
        self._exact = {zone.casefold(): zone for zone in every}
        self._cities: dict[str, list[str]] = {}
        self._words: dict[str, set[str]] = {}
        inhabited = [zone for _, zone in countries]
        for zone in dict.fromkeys(inhabited + every):
            if zone.partition("/")[0] in CITIES:
                name = zone.rpartition("/")[2]
                if (
                    _joined(name) not in self._cities and name.casefold() not in DIRECTIONS
                ):  # an older name of the same zone has the same city
                    self._cities[_joined(name)] = [zone]
                    self._words[zone] = set(split(zone))
        self._countries: dict[str, list[str]] = {}
        for name, zone in countries:
            self._countries.setdefault(_joined(name), []).append(zone)
            self._words[zone] |= set(split(name))
        self._circuits: dict[str, list[str]] = {}
        for circuit in raced:
            for name in (circuit.name, circuit.country, *circuit.also):
                self._circuits.setdefault(_joined(name), []).append(circuit.timezone)

    def find(self, asked: str, year: int) -> tuple[str, ...]:
        """The zones that somebody means: one, none, or several; a country's clocks are those of that year.

        Each word is a whole one: what is only begun means nothing yet. A place may have what it lies in after a comma.
        """
        if found := self._named(asked, year):
            return found
        place, comma, around = asked.partition(",")
        if comma and (found := self._named(place, year)):
            return self._within(found, self._named(around, year), year)
        words = asked.split()
        telling = [word for word in words if word.casefold() not in CLOCKS]
        return (
            self._named(" ".join(telling), year)
            if len(telling) < len(words) and not OWN.issuperset(map(str.casefold, telling))
            else ()
        )

    def _within(self, found: tuple[str, ...], around: tuple[str, ...], year: int) -> tuple[str, ...]:
        """Those of a place's zones whose clock is kept around it as well; all of both where none is."""
        clocks = {_clock(zone, year) for zone in around}
        return tuple(zone for zone in found if _clock(zone, year) in clocks) or (*found, *around)

    def _named(self, asked: str, year: int) -> tuple[str, ...]:
        """The zones of a name."""
        typed = unicodedata.normalize("NFKC", asked).replace("−", "-").strip()
        if offset := _OFFSET.fullmatch(typed.casefold()):
            return self._of_offset(_minutes(offset), year)
        exact = self._exact.get(typed.casefold().replace(" ", "_"), "")
        if "/" in exact:
            return (exact,)
        words = split(typed)
        return self._of_name("".join(words), year) or ((exact,) if exact else tuple(self._worded(words)))

    def _of_name(self, whole: str, year: int) -> tuple[str, ...]:
        """The zones of a name that is written as one word, by what it may be a name of."""
        if whole in PLACES or whole in ABBREVIATIONS:
            return PLACES.get(whole) or self._of_abbreviation(whole, year)
        if whole in CODES:
            return self._of_code(whole, year)
        if whole in self._cities:
            return self._differing([*self._cities[whole], *self._countries.get(whole, [])], year)
        return self._differing(self._countries.get(whole) or self._circuits.get(whole) or _spoken_of(whole), year)

    def beginning(self, asked: str) -> tuple[str, ...]:
        """The zones whose own words, or their country's, begin like all that somebody typed: to be asked, not taken."""
        words = split(asked)
        if not words:
            return ()
        return tuple(self._fitting(lambda known: all(any(name.startswith(word) for name in known) for word in words)))

    def nearest(self, asked: str) -> tuple[str, ...]:
        """The zones whose cities are written most like what somebody typed."""
        whole = "".join(split(asked))
        return tuple(self._cities[name][0] for name, _ in alike(whole, self._cities.keys(), LIKENESS, NEAREST))

    def starting(self, typed: str, most: int) -> list[str]:
        """ZoneFinder whose city begins like this, those that are raced in first."""
        begun = "".join(split(typed))
        zones = [zones[0] for name, zones in self._cities.items() if name.startswith(begun)]
        return sorted(zones, key=lambda zone: zone not in self._raced_in)[:most]

    def _worded(self, words: list[str]) -> list[str]:
        """The zones of which all these are words, or of their country; the last of its city's is among them.

        `Paulo` is São Paulo; but `Los` is no city, nor is `Cambridge` Cambridge Bay, or `the` an island.
        """
        if len("".join(words)) < SHORTEST:
            return []
        return [zone for zone in self._fitting(lambda known: known.issuperset(words)) if _last_word(zone) in words]

    def _fitting(self, fits: Callable[[set[str]], bool]) -> list[str]:
        """The zones whose words fit; those that are raced in first."""
        fitting = (zone for zone, known in self._words.items() if fits(known))
        return sorted(fitting, key=lambda zone: zone not in self._raced_in)

    def _of_abbreviation(self, short: str, year: int) -> tuple[str, ...]:
        """The zones whose clock is called so, then those of the country that has the same code, or of the city."""
        country = self._differing(self._countries.get(short, []), year)
        return tuple(dict.fromkeys((*ABBREVIATIONS[short], *country, *self._cities.get(short, []))))

    def _of_code(self, code: str, year: int) -> tuple[str, ...]:
        """The zones of a state's code, among those of the country that has the same, if any: its first one first."""
        country = self._differing(self._countries.get(code, []), year)
        return tuple(dict.fromkeys((*country[:1], *CODES[code], *country[1:])))

    def _of_offset(self, minutes: int, year: int) -> tuple[str, ...]:
        """The zone of an offset from UTC; one with minutes is that of places, rather of those without summer time."""
        if not -WEST * 60 <= minutes <= EAST * 60:
            return ()
        if minutes % 60 == 0:
            return _fixed(minutes // 60)
        offset = dt.timedelta(minutes=minutes)
        kept = {zone: _clock(zone, year) for zone in self._words}
        always = [zone for zone, clock in kept.items() if set(clock) == {offset}]
        return self._differing(always or [zone for zone, clock in kept.items() if offset in clock], year)

    def _differing(self, zones: list[str], year: int) -> tuple[str, ...]:
        """One zone for each clock that is kept, in winter and in summer; rather one that is raced in."""
        by_clock: dict[tuple[dt.timedelta | None, ...], str] = {}
        for zone in sorted(zones, key=lambda zone: zone not in self._raced_in):
            by_clock.setdefault(_clock(zone, year), zone)
        return tuple(by_clock.values())


def _countries() -> Iterator[tuple[str, str]]:
    """Countries and their zones, a pair for each name of a country: `Trinidad`, `Tobago`, `TT`."""
    names: dict[str, str] = dict(_table("iso3166.tab"))
    for code, _, zone, *_ in _table("zone.tab"):
        for name in (code, *ALSO.get(code, ()), *_BRACKETS.sub("", names[code]).split("&")):
            yield name, zone


def _table(name: str) -> Iterator[list[str]]:
    text = (_DATABASE / "zoneinfo" / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def _last_word(zone: str) -> str:
    """The last word of a zone's city."""
    return split(zone)[-1]


def _joined(name: str) -> str:
    return "".join(split(name))


def _clock(zone: str, year: int) -> tuple[dt.timedelta | None, ...]:
    """A zone's offsets from UTC in January and July."""
    return tuple(dt.datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))


def _minutes(offset: re.Match[str]) -> int:
    """The minutes of an offset: `+5:30` and `+5.5` are 330."""
    fraction = round(float(f"0.{offset[4]}") * 60) if offset[4] else int(offset[3] or 0)
    return (int(offset[2]) * 60 + fraction) * (-1 if offset[1] == "-" else 1)


def _fixed(hours: int) -> tuple[str, ...]:
    """The zone of whole hours from UTC; the database counts them westwards."""
    return (f"Etc/GMT{-hours:+}",) if hours else ("UTC",)


def _spoken_of(whole: str) -> list[str]:
    """The zones of a city by its name in the language that is spoken, as buttons have it: „Kalkutta“."""
    language = spoken()
    return [] if language is None else [zone for zone, city in language.cities.items() if _joined(city) == whole]
