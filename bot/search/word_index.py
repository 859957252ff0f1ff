"""What a finder asks of an index of incidents."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.search.naming import Naming


class WordIndex(Protocol):
    """Incidents by number, and which words each can be found by."""

    @property
    def names(self) -> Sequence[str]:
        """What a typed word may be the beginning of, or meant as; in alphabetical order."""

    @property
    def seasons(self) -> Sequence[str]:
        """The last two digits of each incident's season, by its number."""

    @property
    def homes(self) -> Sequence[str]:
        """Each incident's circuit, by its number."""

    @property
    def precedence(self) -> Sequence[int]:
        """Where each incident stands among those that fit a query as well, by its number; the lowest comes first."""

    def __contains__(self, word: str) -> bool:
        """Whether a folded word is known."""

    def weights(self, word: str) -> Mapping[int, float]:
        """What a word weighs for each incident, by its number."""

    def least(self, word: str) -> float:
        """What a word weighs in a query, whether or not an incident answers to it."""

    def naming(self, word: str) -> Mapping[int, Naming]:
        """The incidents that a word names by itself, by their numbers, and how."""

    def circuits(self, word: str) -> frozenset[str]:
        """The circuits that a place's name, written as one word, may mean."""

    def is_place_code(self, word: str) -> bool:
        """Whether a folded word is a few letters that stand for a place, and may be another word as well."""

    def is_driver(self, word: str) -> bool:
        """Whether a folded word is the surname of a driver, whether or not an incident knows them."""

    def is_called(self, word: str) -> bool:
        """Whether a folded word is what a driver is called: a surname, a first name or a nickname."""

    def is_code(self, word: str) -> bool:
        """Whether a folded word is a driver's three letters, which may be another word as well: `per`, `but`."""

    def is_one(self, word: str) -> bool:
        """Whether a folded word is a team's name or a matter's, whose parts are none: no point in Racing Point."""

    def is_near(self, word: str, number: int) -> bool:
        """Whether a folded word is said of who was near an incident, by its number, without having been in it."""
