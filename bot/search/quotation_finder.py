"""All that was said, across the catalogue: found by speaker, by incident, or by both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.incidents import Incident
from bot.domain.names import Driver
from bot.domain.quotations import Quotation
from bot.search.catalogue import Incidents
from bot.search.days import no_such_day
from bot.search.query_words import LONGEST_QUERY
from bot.search.similarity import alike
from bot.search.words import split, telling

LIKENESS = 0.75
SHORTEST_TYPO = 5


@dataclass(frozen=True, slots=True)
class Saying:
    """A quotation and the incident it is about."""

    incident: Incident
    quotation: Quotation


class Quotations:
    """Every quotation of the catalogue, by its key and by what a fan asks for."""

    def __init__(self, incidents: Incidents, drivers: Mapping[str, Driver]) -> None:
        self._incidents = incidents
        self._sayings = [
            Saying(incident, quotation) for incident in incidents.told for quotation in incident.quotations
        ]
        self._by_key = {saying.quotation.key: saying for saying in self._sayings}
        self._speakers = _speakers(self._sayings, drivers)
        self._spoken_name = lru_cache(maxsize=1024)(self._match_name)

    def __getitem__(self, key: int) -> Saying:
        """The saying of that key. Raises KeyError."""
        return self._by_key[key]

    def of_key(self, key: int) -> Saying | None:
        """The same; None where there is no such saying any more."""
        return self._by_key.get(key)

    def about(self, query: str) -> list[Saying]:
        """What a query asks for: all of a speaker, all of an incident, a speaker on an incident; all for nothing.

        Of two speakers, what they said on what is between them. Where a speaker said nothing on the incident, what
        others said on it; where there is no such incident, all of the speaker. Nothing where somebody asks for one that
        nobody has told, by more than who was in it, or for a day on which nothing happened, or that there is not.
        """
        if no_such_day(query):
            return []
        query = self._incidents.in_years(query)
        day = self._incidents.named_day(query)
        words = telling(split(query[:LONGEST_QUERY] if day is None else day.beside))
        if not words and day is None:
            return self._sayings
        people, rest = self._people(words)
        dated = [] if day is None else [day.typed]
        named = frozenset[str]().union(*people)
        of_them = [saying for saying in self._sayings if saying.quotation.speaker in named]
        if len(people) == 1 and not rest and not dated:
            return of_them
        asked = " ".join([*(rest if len(people) == 1 else words), *dated])
        meant = {incident.id for incident in self._incidents.find(asked, limit=len(self._incidents))}
        on_it = [saying for saying in self._sayings if saying.incident.id in meant]
        if (rest and meant and not on_it) or (dated and not meant):
            return []
        return [saying for saying in on_it if saying.quotation.speaker in named] or on_it or of_them

    def _people(self, words: Iterable[str]) -> tuple[list[frozenset[str]], list[str]]:
        """Whom the words name, each with the speakers it may be, and the words that name nobody."""
        people: list[frozenset[str]] = []
        rest = []
        for word in words:
            named = self._spoken_name(word)
            if not named:
                rest.append(word)
            elif people and people[-1] & named:
                people[-1] &= named
            else:
                people.append(named)
        return people, rest

    def _match_name(self, word: str) -> frozenset[str]:
        """The speakers that a word names, by surname, first name, nickname or a mistyped one."""
        if word in self._speakers:
            return self._speakers[word]
        if len(word) < SHORTEST_TYPO or self._incidents.knows(word):
            return frozenset()
        near = alike(word, self._speakers.keys(), LIKENESS, 1)
        return self._speakers[near[0][0]] if near else frozenset()


def _speakers(sayings: Iterable[Saying], drivers: Mapping[str, Driver]) -> dict[str, frozenset[str]]:
    """Each word that names a speaker, with the speakers it names."""
    nicknames = {driver.name: driver.also for driver in drivers.values()}
    named: dict[str, set[str]] = {}
    for saying in sayings:
        speaker = saying.quotation.speaker
        for text in (speaker, *nicknames.get(speaker, ())):
            for word in telling(split(text)):
                named.setdefault(word, set()).add(speaker)
    return {word: frozenset(speakers) for word, speakers in named.items()}
