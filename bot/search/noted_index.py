"""Which words a noted incident can be found by, and what each weighs for it.

There are thousands of noted incidents, and more by the hour, each known by a few facts that many share: a circuit, a
season, drivers. So a word leads to the facts that it names, and a fact to its incidents; one more incident costs as
little as its few facts.
"""

import datetime as dt
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from sys import intern
from typing import Any, NamedTuple

from bot.domain.racers import Seat
from bot.search.incident_index import (
    DETAIL,
    FIRST_NAME,
    NOTHING,
    OTHER_NAME,
    PLACE,
    SAYS_LITTLE,
    SUSPECT,
    TEAM,
    YEAR,
    Firmness,
    name_words,
)
from bot.search.known_names import KnownNames, season_words
from bot.search.naming import Naming
from bot.search.words import FILLERS

FEW = 50
"""Of fewer incidents than this, words weigh what they would if there were so many."""

LAST_OF_A_SESSION = 9_999
"""Race control's messages of higher numbers are taken for that one, where it is only about their order."""

_TURN = re.compile(r"TURNS? (\d+)")

Names = Iterable[tuple[str, Firmness]]


class Fact(NamedTuple):
    """Something that incidents share, by its key, and the names that it goes by."""

    key: str
    names: Names


class NotedIndex:
    """The words of noted incidents, which are numbered as they are put in."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self._words: dict[str, dict[int, float]] = {}
        self._fact_numbers: dict[str, int] = {}
        self._incidents: list[array[int]] = []
        self._facts: list[tuple[int, ...]] = []
        self._names: list[str] = []
        self._seats: dict[Seat, int] = {}
        self.seasons: list[str] = []
        self.homes: list[str] = []
        self.precedence = array("q")

    def put(self, incident: Mapping[str, Any], number: int | None = None) -> int:
        """Take up an incident, as its document has it, or what it has become; its number."""
        known = tuple(map(self._number, _facts(incident, self._known)))
        facts = known + tuple(map(self._seat, _seats(incident)))
        season, home = intern(incident["date"][2:4]), intern(incident["circuit"])
        place = precedence(dt.date.fromisoformat(incident["date"]), incident["case"]["opened"])
        if number is None:
            number = len(self._facts)
            self._facts.append(facts)
            self.seasons.append(season)
            self.homes.append(home)
            self.precedence.append(place)
        else:
            for fact in self._facts[number]:
                self._incidents[fact].remove(number)
            self._facts[number] = facts
            self.seasons[number], self.homes[number], self.precedence[number] = season, home, place
        for fact in facts:
            self._incidents[fact].append(number)
        return number

    @property
    def seats(self) -> Iterator[tuple[Seat, Sequence[int]]]:
        """Everybody who was in an incident, as incidents write them, with the numbers of those."""
        return ((seat, self._incidents[fact]) for seat, fact in self._seats.items() if self._incidents[fact])

    @property
    def names(self) -> list[str]:
        """What a typed word may be the beginning of, or meant as; in alphabetical order."""
        if not self._names:
            self._names = sorted({*self._words, *self._known.words, *FILLERS})
        return self._names

    def __contains__(self, word: str) -> bool:
        return word in self._words or word in self._known.words or word in FILLERS

    def weights(self, word: str) -> Mapping[int, float]:
        """What a word weighs for each incident, by its number."""
        if word in FILLERS:
            return NOTHING
        weights: dict[int, float] = {}
        for fact, firmly in self._words.get(word, NOTHING).items():
            if incidents := self._incidents[fact]:
                weight = firmly * log(1 + self._size / len(incidents))
                for number in incidents:
                    weights[number] = max(weight, weights.get(number, 0.0))
        return weights

    def least(self, word: str) -> float:
        """What a word weighs in a query that no incident answers to: much for a stranger's name."""
        if word in FILLERS or word in self._words:
            return 0.0
        rarest = log(1 + min(self._size, len(self._known.circuits)))
        return rarest if word in self._known.words else SAYS_LITTLE * rarest

    def naming(self, word: str) -> Mapping[int, Naming]:
        """The incidents that a word names by itself: all that are found by it, as they go by facts alone."""
        return dict.fromkeys(self.weights(word), Naming.FULLY)

    def circuits(self, word: str) -> frozenset[str]:
        """The circuits that a place's name, written as one word, may mean."""
        return self._known.places.get(word, frozenset())

    def is_place_code(self, word: str) -> bool:
        """Whether a folded word is a few letters that stand for a place, and may be another word as well."""
        return word in self._known.place_codes

    def is_driver(self, word: str) -> bool:
        """Whether a folded word is the surname of a driver, whether or not an incident knows them."""
        return word in self._known.surnames

    def is_called(self, word: str) -> bool:
        """Whether a folded word is what a driver is called: a surname, a first name or a nickname."""
        return word in self._known.called

    def is_code(self, word: str) -> bool:
        """Whether a folded word is a driver's three letters, which may be another word as well: `per`, `but`."""
        return word in self._known.codes

    def is_one(self, word: str) -> bool:
        """Whether a folded word is a team's name or a matter's, whose parts are none: no point in Racing Point."""
        return self._known.is_team(word)

    def is_near(self, _word: str, _number: int) -> bool:
        """Never: race control tells of nobody but those who were in it."""
        return False

    @property
    def _size(self) -> int:
        return max(FEW, len(self._facts))

    def _seat(self, seat: Seat) -> int:
        """The number of the fact that somebody was in it."""
        number = self._seats[seat] = self._number(Fact(f"seat {' '.join(seat)}", ()))
        return number

    def _number(self, fact: Fact) -> int:
        """The number of a fact, whose words are learnt where it is new."""
        known = self._fact_numbers.get(fact.key)
        if known is not None:
            return known
        number = self._fact_numbers[fact.key] = len(self._incidents)
        self._incidents.append(array("i"))
        self._names = []
        for name, firmness in fact.names:
            for word, firmly in name_words(name, firmness):
                of_word = self._words.setdefault(word, {})
                of_word[number] = max(firmly, of_word.get(number, 0.0))
        return number


def precedence(date: dt.date, opened: int) -> int:
    """The recent come first, and of one session those that race control noted first."""
    return -date.toordinal() * (LAST_OF_A_SESSION + 1) + min(opened, LAST_OF_A_SESSION)


def season_of(place: int) -> int:
    """The season of an incident that stands there."""
    return day_of(place).year


def day_of(place: int) -> dt.date:
    """The day of an incident that stands there."""
    return dt.date.fromordinal(-(place // (LAST_OF_A_SESSION + 1)))


def _facts(incident: Mapping[str, Any], known: KnownNames) -> Iterator[Fact]:
    """What is known of an incident; names are only looked at where a fact is new."""
    season = int(incident["date"][:4])
    yield Fact(f"season {season}", ((word, YEAR) for word in season_words(season)))
    yield Fact(f"circuit {incident['circuit']}", _circuit_names(incident["circuit"], known))
    yield Fact(f"race {incident['race']}", ((incident["race"], PLACE),))
    for suspect in incident["suspects"]:
        yield Fact(f"driver {suspect['id']} {suspect['name']}", _driver_names(suspect, known))
    for team in sorted({suspect["team"] for suspect in incident["suspects"] if suspect.get("team")}):
        yield Fact(f"team {team}", ((name, TEAM) for name in (team, *known.team_names(team))))
    if session := incident.get("session"):
        yield Fact(f"session {session}", ((session, DETAIL),))
    place, reason = incident["case"].get("place"), incident["case"].get("reason")
    if place:
        yield Fact(f"place {place}", ((place, DETAIL), *((f"T{turn}", DETAIL) for turn in _TURN.findall(place))))
    if reason:
        yield Fact(f"reason {reason}", ((reason, DETAIL),))


def _seats(incident: Mapping[str, Any]) -> Iterator[Seat]:
    """Who was in an incident, once each; nobody where race control has taken it back."""
    if not incident.get("retracted"):
        yield from dict.fromkeys(Seat(each["id"], each["name"], each.get("team", "")) for each in incident["suspects"])


def _circuit_names(slug: str, known: KnownNames) -> Names:
    circuit = known.circuits.get(slug)
    if circuit is None:
        yield slug.replace("-", " "), PLACE
        return
    yield circuit.name, PLACE
    yield from ((name, OTHER_NAME) for name in (circuit.country, *circuit.also))


def _driver_names(suspect: Mapping[str, Any], known: KnownNames) -> Names:
    driver = known.drivers.get(suspect["id"])
    yield suspect["name"].rpartition(" ")[2], SUSPECT
    yield suspect["name"], FIRST_NAME
    yield from ((name, OTHER_NAME) for name in (suspect["code"], *(driver.also if driver else ())))
