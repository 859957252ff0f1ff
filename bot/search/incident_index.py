"""Which words a told incident can be found by, and what each weighs for it.

A word weighs the more, the firmer it belongs to the incident and the fewer others share it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import NamedTuple, TypeVar

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver, Matter
from bot.search.known_names import KnownNames, season_words
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
CALLED = Firmness(0.4, 0.9)
NICKNAME = Firmness(0.5, 1.0)
TEAM = Firmness(0.5, 1.0)
MATTER = Firmness(0.0, 1.0)
SPEAKER = Firmness(0.4, 0.4)
DETAIL = Firmness(0.2, 0.4)
TOLD = 0.13
"""Too little for a word of the story to find an incident by itself; it tells apart those that names have found."""

SAYS_LITTLE = 0.35
"""What any word weighs at least, as a share of the rarest name: most words of a sentence are nobody's name."""

NAME_WORDS = 4
"""Names of up to so many words are also known written as one."""

_CLAUSE = re.compile(r"[,;()]")

NOTHING: Mapping[int, float] = {}
"""What a word weighs that no incident answers to."""

Said = TypeVar("Said")
"""What a word says of an incident."""


class Index:
    """The words of told incidents; built once.

    Of incidents that fit a query as well the famous come first, then those whose title says least else, then the
    recent: so they are numbered.
    """

    def __init__(
        self, incidents: Iterable[Incident], known: KnownNames, matters: Mapping[str, Matter] | None = None
    ) -> None:
        self.known = known
        circuits, drivers = known.circuits, known.drivers
        incidents = self.incidents = sorted(incidents, key=_precedence, reverse=True)
        self.ids = [incident.id for incident in incidents]
        self.precedence = range(len(incidents))
        self.seasons = [season_words(incident.season)[1] for incident in incidents]
        self.homes = [incident.circuit for incident in incidents]
        firm: dict[str, dict[int, float]] = defaultdict(dict)
        told: dict[str, list[int]] = defaultdict(list)
        naming: dict[str, dict[int, Naming]] = defaultdict(dict)
        teams, about = _team_names(incidents, known), _matter_names(matters or {})
        self._matters = frozenset(name for names in about.values() for name in names)
        for number, incident in enumerate(incidents):
            for name, firmness in _names(incident, circuits.get(incident.circuit), drivers, teams):
                for word, firmly in name_words(name, firmness):
                    firm[word][number] = max(firmly, firm[word].get(number, 0.0))
            for word, how in naming_words(incident, circuits.get(incident.circuit), drivers, teams):
                naming[word][number] = how
            for word in about.get(incident.id, ()):
                firm[word][number], naming[word][number] = MATTER.whole, Naming.AS_A_MATTER
            for word in set(split(" ".join(_story(incident)))) - FILLERS:
                told[word].append(number)
        self._naming = _shared(naming)
        for owners in firm.values():
            rarity = self._rarity(owners)
            for number in owners:
                owners[number] *= rarity
        self._firm = _shared(firm)
        tellers = {word: tuple(numbers) for word, numbers in told.items()}
        one_of_each = {numbers: numbers for numbers in tellers.values()}
        self._told = {word: one_of_each[numbers] for word, numbers in tellers.items()}
        strangers = known.words - firm.keys()
        rarest = log(1 + len(incidents))
        self._least = dict.fromkeys(strangers, rarest) | dict.fromkeys(FILLERS, 0.0)
        self._little = SAYS_LITTLE * rarest
        self._surnames = known.surnames | {
            split(suspect.surname)[-1]
            for incident in incidents
            for suspect in incident.suspects
            if suspect.called is None and suspect.name != suspect.team  # no team, as `Red Bull` is
        }
        self.names = sorted({*firm, *strangers, *FILLERS})
        """What a typed word may be the beginning of, or meant as; in alphabetical order."""

    def __contains__(self, word: str) -> bool:
        return word in self._firm or word in self._told or word in self._least

    def weights(self, word: str) -> Mapping[int, float]:
        """What a word weighs for each incident, by its number."""
        firm, told = self._firm.get(word, NOTHING), self._told.get(word)
        return {**dict.fromkeys(told, TOLD * self._rarity(told)), **firm} if told else firm

    def _rarity(self, owners: Collection[int]) -> float:
        """How much a word counts that belongs to so many incidents."""
        return log(1 + len(self.incidents) / len(owners))

    def least(self, word: str) -> float:
        """What a word weighs in a query, whether or not an incident answers to it: much for a stranger's name."""
        return self._least.get(word, self._little)

    def naming(self, word: str) -> Mapping[int, Naming]:
        """The incidents that a word names by itself, by their numbers, and how."""
        return self._naming.get(word, {})

    def circuits(self, word: str) -> frozenset[str]:
        """The circuits that a place's name, written as one word, may mean."""
        return self.known.places.get(word, frozenset())

    def is_place_code(self, word: str) -> bool:
        """Whether a folded word is a few letters that stand for a place, and may be another word as well."""
        return word in self.known.place_codes

    def is_driver(self, word: str) -> bool:
        """Whether a folded word is the surname of a driver, whether or not an incident knows them."""
        return word in self._surnames

    def is_called(self, word: str) -> bool:
        """Whether a folded word is what a driver is called: a surname, a first name or a nickname."""
        return word in self.known.called or word in self._surnames

    def is_one(self, word: str) -> bool:
        """Whether a folded word is a team's name or a matter's, whose parts are none: no point in Racing Point."""
        return self.known.is_team(word) or word in self._matters

    def is_near(self, word: str, number: int) -> bool:
        """Whether a folded word stands where an incident is told in short, or where it is said who ran where then."""
        incident = self.incidents[number]
        return word in split(f"{incident.lede} {incident.positions}")

    def is_code(self, word: str) -> bool:
        """Whether a folded word is a driver's three letters, which may be another word as well: `per`, `but`."""
        return word in self.known.codes


def _precedence(incident: Incident) -> tuple[int, int, int]:
    return incident.fame, -len(incident.title.split()), incident.date.toordinal()


def _team_names(incidents: Iterable[Incident], known: KnownNames) -> Mapping[str, Sequence[str]]:
    """What each team goes by, but for words that are in an incident's nickname: `papaya` is who has papaya rules."""
    incidents = list(incidents)
    nicknamed = {word for incident in incidents for name in incident.nicknames for word in split(name)}
    teams = {suspect.team for incident in incidents for suspect in incident.suspects if suspect.team}
    return {team: [name for name in known.team_names(team) if name not in nicknamed] for team in teams}


def _matter_names(matters: Mapping[str, Matter]) -> Mapping[str, Sequence[str]]:
    """What each incident was about, by its id, in all the words for it, each written as one."""
    about: dict[str, list[str]] = defaultdict(list)
    for matter in matters.values():
        names = [*dict.fromkeys(map(joined, matter.called))]
        for incident_id in matter.incidents:
            about[incident_id] += names
    return about


def _names(
    incident: Incident, circuit: Circuit | None, drivers: Mapping[str, Driver], teams: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, Firmness]]:
    """The names that an incident goes by, and how firmly."""
    yield from ((name, TITLE) for name in (incident.id.replace("-", " "), incident.title, incident.short_title))
    yield from ((word, YEAR) for word in season_words(incident.season))
    yield from ((name, NICKNAME) for name in incident.nicknames)
    yield from ((name, DETAIL) for name in (*_CLAUSE.split(incident.place), incident.session))
    yield from ((quotation.speaker, SPEAKER) for quotation in incident.quotations)
    for suspect in incident.suspects:
        yield from ((suspect.surname, SUSPECT), (suspect.name, FIRST_NAME), (suspect.team, TEAM))
        yield from ((name, TEAM) for name in teams.get(suspect.team, ()))
        if driver := drivers.get(suspect.id):
            yield driver.name, FIRST_NAME  # some are written in another way where they are told of: `Sainz Jr`
            yield from ((name, CALLED) for name in driver.also)
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


def _shared(tables: Mapping[str, Mapping[int, Said]]) -> dict[str, Mapping[int, Said]]:
    """The same tables, of which those that are equal are one: most words belong to a single incident."""
    known: dict[tuple[tuple[int, Said], ...], Mapping[int, Said]] = {}
    return {word: known.setdefault(tuple(table.items()), table) for word, table in tables.items()}
