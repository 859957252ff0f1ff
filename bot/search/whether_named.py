"""Whether the words of a query name an incident, so that it may be answered with alone."""

from collections.abc import Callable, Sequence

from bot.search.meanings import Meanings
from bot.search.naming import SHORTEST_BEGINNING, Naming, names_by
from bot.search.query_words import Parts
from bot.search.similarity import misheard
from bot.search.terms import Term
from bot.search.word_index import WordIndex


class WhetherNamed:
    """Tells names from words that only come near one."""

    def __init__(self, index: WordIndex, meanings: Meanings, term: Callable[[str], Term]) -> None:
        self._index = index
        self._meanings = meanings
        self._term = term

    def by(self, parts: Parts, number: int, *, unread: bool) -> bool:
        """Whether they name an incident: by a name in full, by two parts of names, or by nothing but a first name.

        It does not where its words come no more than near a name, or are told in the incident's story, nor where they
        are a driver's and one that nobody knows: `jan magnussen` is not `magnussen`. A season names
        it only where the other words fit it; where a driver is told of who was a suspect of others only, no driver
        does either: `bottas 2020` is not what Hamilton and Albon did. Nor does a place without a season, but of who was
        near: `leclerc baku` is what happened behind him, and `norris miami` the race that he won. Nor do names that are
        others' as well, with a word that is not the incident's: `verstappen champion party` may be any of his.
        """
        names, loose = parts.names, parts.loose
        words = [*names, *dict.fromkeys(loose)]  # `wheel to wheel` is one part of a name
        if self._is_somebody_else(words, number) or self._is_one_of_several(words, number):
            return False
        strangers = [word for word in words if self._is_of_others(word, number)]
        if strangers and self._is_where_they_raced(words, strangers, number) and not parts.seasons:
            return False
        if strangers or unread or any(number not in self._term(word).gains for word in words):
            words = [word for word in words if not word.isdigit()]
        if strangers:
            words = [word for word in words if not self._term(word).driver]
        naming = [how for word in words if (how := self._naming(word, number))]
        if any(Naming.FULLY in how or Naming.AS_A_WHOLE in how for how in naming):
            return True
        in_names = [word for word in loose if any(word in name for name in names) and self._naming(word, number)]
        if len(naming) - max(0, len(in_names) - 1) > 1:  # `wheel bang` is one
            return True
        alone = {Naming.WITH_OTHERS, Naming.AS_A_TEAM, Naming.AS_A_MATTER}
        return len(naming) == len(names) + len(loose) and any(not alone.isdisjoint(how) for how in naming)

    def _is_of_others(self, word: str, number: int) -> bool:
        """Whether a word is a driver who was a suspect, but not in this incident."""
        named = [self._index.naming(meant) for meant in self._meanings.of(word)]
        return self._term(word).driver and any(named) and not any(number in incidents for incidents in named)

    def _is_where_they_raced(self, words: Sequence[str], strangers: Sequence[str], number: int) -> bool:
        """Whether words are a place and drivers who were not near what happened there."""
        others = [word for word in words if word not in strangers]
        return all(map(self._index.circuits, others)) and not any(
            self._index.is_near(meant, number) for word in strangers for meant in self._meanings.of(word)
        )

    def _is_somebody_else(self, words: Sequence[str], number: int) -> bool:
        """Whether two words are what a driver goes by, and one that nobody knows: so they are somebody else's name."""
        if len(words) != len(("first", "last")) or any(word.isdigit() for word in words):
            return False
        known = [term for word in words if (term := self._term(word)).gains]
        people = {word for word in words if Naming.FULLY in self._naming(word, number)}
        return len(known) == 1 and bool(people) and not known[0].circuits

    def _is_one_of_several(self, words: Sequence[str], number: int) -> bool:
        """Whether one of these words is not an incident's, and those that name it name others as well."""
        unsure = [
            word for word in words if not ((number in self._term(word).gains and word in self._index) or word.isdigit())
        ]
        if all(len(word) < SHORTEST_BEGINNING or self._is_meant_by(word, number) for word in unsure):
            return False
        named = [
            {each for meant in self._meanings.of(word) for each in self._index.naming(meant)}
            for word in self._by_themselves(words, number)
        ]
        return bool(named) and len(set.intersection(*named)) > 1

    def _is_meant_by(self, word: str, number: int) -> bool:
        """Whether a word that is no name as it stands is one of an incident's, begun or mistyped."""
        return number in self._term(word).gains and bool(self._naming(word, number))

    def _naming(self, word: str, number: int) -> set[Naming]:
        """How a typed word names an incident, by any of its meanings."""
        if self._index.is_driver(word) and number in self._index.naming(word):
            return {Naming.FULLY}  # after whom it may be called without their having been a suspect
        named = ((meant, self._index.naming(meant).get(number)) for meant in self._meanings.of(word))
        return {
            how for meant, how in named if how is not None and names_by(how, meant, word) and _is_meant(word, meant)
        }

    def is_nickname(self, name: str, number: int) -> bool:
        """Whether words that make a name are what an incident is called, and not who was in it, or where."""
        return self._index.naming(name).get(number) is Naming.AS_A_WHOLE

    def names_by(self, words: Sequence[str], number: int) -> int:
        """How many of the words that an incident answers to name it; one word of a nickname by itself does not."""
        return len(self._by_themselves(words, number))

    def _by_themselves(self, words: Sequence[str], number: int) -> list[str]:
        """Those of some words that name an incident, without the only one that is a part of a nickname."""
        naming = {word: how for word in words if (how := self._naming(word, number))}
        in_part = [word for word, how in naming.items() if how == {Naming.IN_PART}]
        return [word for word in naming if [word] != in_part]


def _is_meant(word: str, name: str) -> bool:
    """Whether a word begins a name, or is it as people mistype it."""
    return name.startswith(word) or misheard(word, name)
