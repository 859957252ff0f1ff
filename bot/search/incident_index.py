"""Which words a told incident can be found by, and what each weighs for it.

A word weighs the more, the firmer it belongs to the incident and the fewer others share it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import log
from typing import NamedTuple

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.search.naming import Naming, naming_words
from bot.search.words import FILLERS, joined, split, telling


class Firmness(NamedTuple):
    """How firmly a word belongs to an incident, 0 to 1: as a part of a name, and as the whole of it."""

    part: float
    whole: float


SUSPECT = PLACE = Firmness(1.0, 1.0)
TITLE = Firmness(0.95, 1.0)
OTHER_NAME = YEAR = Firmness(0.9, 0.9)
FIRST_NAME = Firmness(0.6, 1.0)
NICKNAME = Firmness(0.5, 1.0)
TEAM = Firmness(0.5, 0.5)
SPEAKER = Firmness(0.4, 0.4)
DETAIL = Firmness(0.2, 0.4)
TOLD = 0.13
"""Too little for a word of the story to find an incident by itself; it tells apart those that names have found."""

SAYS_LITTLE = 0.35
"""What any word weighs at least, as a share of the rarest name: most words of a sentence are nobody's name."""

NAME_WORDS = 4
"""Names of up to so many words are also known written as one."""

SEASONS = range(1950, 2050)

NOT_DRIVERS = frozenset({"race-control", "timing"})
"""Suspects who drive nothing and are no team."""

ENDINGS = frozenset({"jr", "sr"})
"""What tells a father from a son, so that one's name is never the other's with a word more."""

_CLAUSE = re.compile(r"[,;()]")

NOTHING: Mapping[int, float] = {}
"""What a word weighs that no incident answers to."""


class Index:
    """The words of told incidents; built once.

    Of incidents that fit a query as well the famous come first, then those whose title says least else, then the
    recent: so they are numbered.
    """

    def __init__(
        self, incidents: Iterable[Incident], circuits: Mapping[str, Circuit], drivers: Mapping[str, Driver]
    ) -> None:
        incidents = self.incidents = sorted(incidents, key=_standing, reverse=True)
        self.standing = range(len(incidents))
        self.seasons = [season_words(incident.season)[1] for incident in incidents]
        self.homes = [incident.circuit for incident in incidents]
        firm: dict[str, dict[int, float]] = defaultdict(dict)
        told: dict[str, list[int]] = defaultdict(list)
        naming: dict[str, dict[int, Naming]] = defaultdict(dict)
        for number, incident in enumerate(incidents):
            for name, firmness in _names(incident, circuits.get(incident.circuit), drivers):
                for word, firmly in name_words(name, firmness):
                    firm[word][number] = max(firmly, firm[word].get(number, 0.0))
            for word, how in naming_words(incident, circuits.get(incident.circuit), drivers):
                naming[word][number] = how
            for word in set(split(" ".join(_story(incident)))) - FILLERS:
                told[word].append(number)
        self._naming = dict(naming)
        self._circuits = circuits_by_name(circuits)
        strangers = all_names(self._circuits, drivers) - firm.keys()
        rarest = log(1 + len(incidents))
        self._weights = dict(_weighed(firm, told, len(incidents)))
        for word in (*strangers, *FILLERS):
            self._weights.setdefault(word, NOTHING)
        self._least = dict.fromkeys(strangers, rarest) | dict.fromkeys(FILLERS, 0.0)
        self._little = SAYS_LITTLE * rarest
        self._surnames = surnames(drivers) | {
            split(suspect.name)[-1]
            for incident in incidents
            for suspect in incident.suspects
            if suspect.id not in NOT_DRIVERS and len(split(suspect.name)) > 1
        }
        self.names = sorted({*firm, *strangers, *FILLERS})
        """What a typed word may be the beginning of, or meant as; in alphabetical order."""

    def __contains__(self, word: str) -> bool:
        return word in self._weights

    def weights(self, word: str) -> Mapping[int, float]:
        """What a word weighs for each incident, by its number."""
        return self._weights.get(word, NOTHING)

    def least(self, word: str) -> float:
        """What a word weighs in a query, whether or not an incident answers to it: much for a stranger's name."""
        return self._least.get(word, self._little)

    def naming(self, word: str) -> Mapping[int, Naming]:
        """The incidents that a word names by itself, by their numbers, and how."""
        return self._naming.get(word, {})

    def circuits(self, word: str) -> frozenset[str]:
        """The circuits that a place's name, written as one word, may mean."""
        return self._circuits.get(word, frozenset())

    def is_driver(self, word: str) -> bool:
        """Whether a folded word is the surname of a driver, whether or not an incident knows them."""
        return word in self._surnames


def _standing(incident: Incident) -> tuple[int, int, int]:
    return incident.fame, -len(incident.title.split()), incident.date.toordinal()


def _names(
    incident: Incident, circuit: Circuit | None, drivers: Mapping[str, Driver]
) -> Iterator[tuple[str, Firmness]]:
    """The names that an incident goes by, and how firmly."""
    yield from ((name, TITLE) for name in (incident.id.replace("-", " "), incident.title, incident.short_title))
    yield from ((word, YEAR) for word in season_words(incident.season))
    yield from ((name, NICKNAME) for name in incident.nicknames)
    yield from ((name, DETAIL) for name in (*_CLAUSE.split(incident.place), incident.session))
    yield from ((quotation.speaker, SPEAKER) for quotation in incident.quotations)
    for suspect in incident.suspects:
        yield from ((suspect.surname, SUSPECT), (suspect.name, FIRST_NAME), (suspect.team, TEAM))
        if driver := drivers.get(suspect.id):
            yield from ((name, OTHER_NAME) for name in driver.also)
    yield incident.race, PLACE
    if circuit is not None:
        yield circuit.name, PLACE
        yield from ((name, OTHER_NAME) for name in (circuit.country, *circuit.also))
        yield from ((corner, DETAIL) for corner in circuit.corners)


def _story(incident: Incident) -> Iterator[str]:
    """What an incident tells, in words that need be nobody's name."""
    yield from (incident.summary, incident.conditions, incident.positions, incident.result, incident.championship)
    yield from (suspect.case for suspect in incident.suspects)
    yield from (quotation.words for quotation in incident.quotations)
    yield from (moment.what for moment in incident.timeline)
    if incident.ruling is not None:
        yield from (incident.ruling.decision, incident.ruling.reason)


def name_words(name: str, firmness: Firmness) -> Iterator[tuple[str, float]]:
    """A name's words, and the whole written as one where it is short: `Abu Dhabi` → `abu`, `dhabi`, `abudhabi`."""
    words = telling(split(name))
    if len(words) > 1:
        yield from ((word, firmness.part) for word in words if len(word) > 1)
    if words and len(words) <= NAME_WORDS:
        yield "".join(words), firmness.whole


def season_words(season: int) -> tuple[str, str]:
    """A season as it is typed, whole and by its last digits."""
    return f"{season}", f"{season % 100:02}"


def all_names(places: Iterable[str], drivers: Mapping[str, Driver]) -> set[str]:
    """The words that name any of a few places, a driver or a season, whether or not an incident knows them."""
    words = {word for driver in drivers.values() for word in split(driver.name)}
    words.update(word for season in SEASONS for word in season_words(season))
    words.update(places)
    return words


def surnames(drivers: Mapping[str, Driver]) -> frozenset[str]:
    """The last words of drivers' names, folded; of other suspects' names, none."""
    names = (split(driver.name) for key, driver in drivers.items() if key not in NOT_DRIVERS)
    return frozenset(name[-2] if name[-1] in ENDINGS else name[-1] for name in names if len(name) > 1)


def circuits_by_name(circuits: Mapping[str, Circuit]) -> dict[str, frozenset[str]]:
    """The circuits by each of their names; codes of three letters are left out, for they mean other things as well."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for slug, circuit in circuits.items():
        for name in (circuit.name, circuit.country, *circuit.also):
            if not name.isupper():
                named[joined(name)].add(slug)
    return {name: frozenset(slugs) for name, slugs in named.items()}


def _weighed(
    firm: Mapping[str, Mapping[int, float]], told: dict[str, list[int]], incidents: int
) -> Iterator[tuple[str, Mapping[int, float]]]:
    """What each word weighs for each incident it belongs to, of so many incidents in all; `told` is used up.

    Words that weigh alike share one table, and tables their numbers: most words are told by a single incident.
    """
    tables: dict[tuple[tuple[int, float], ...], dict[int, float]] = {}
    known: dict[float, float] = {}
    for word in (*told, *(firm.keys() - told.keys())):
        weights: dict[int, float] = {}
        for owners in (dict.fromkeys(told.pop(word, ()), TOLD), firm.get(word, NOTHING)):
            for number, firmly in owners.items():
                weight = firmly * log(1 + incidents / len(owners))
                weights[number] = known.setdefault(weight, weight)
        yield word, tables.setdefault(tuple(weights.items()), weights)
