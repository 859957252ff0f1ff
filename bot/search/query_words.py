"""A query taken apart, by what an index knows: its words, the names that they make, and the seasons that they name."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.search.elsewhere import is_elsewhere
from bot.search.incident_index import NAME_WORDS
from bot.search.known_names import SEASONS
from bot.search.meanings import SCANDAL
from bot.search.naming import SHORTEST_BEGINNING
from bot.search.word_index import WordIndex
from bot.search.words import split, telling

LONGEST_QUERY = 200

CORNER = "turn"
"""What a corner's number follows, which is no season's."""

SHORT_NUMBER = re.compile(r"\d\d?(?!\d)(?<!\d\d\d)")
"""One figure or two, as cars' numbers and days are; begun with a figure, as `re` leaps to the first there is."""


class Parts(NamedTuple):
    """A query's words that tell one incident from another, the names that these make, and those that stay `loose`.

    `ends_loose`, the query's last word is the last loose one; `elsewhere`, it is about no Formula 1 at all.
    """

    words: Sequence[str]
    names: Sequence[str]
    loose: Sequence[str]
    ends_loose: bool
    elsewhere: bool

    @property
    def seasons(self) -> set[str]:
        """The last two digits of the years that it names: `2021` anywhere, `21` at its end but not in `multi 21`.

        Of a year that is no season, all of them, as no incident is of it.
        """
        years = [int(word) for word in self.words if len(word) >= len("2021") and word.isdigit()]
        seasons = {f"{year % 100:02}" if year in SEASONS else f"{year}" for year in years}
        last = self.words[-1] if self.ends_loose and self.words[-2:-1] != [CORNER] else ""
        if len(last) == len("21") and last.isdigit():
            seasons.add(last)
        return seasons


class QueryWords:
    """Takes queries apart."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index

    def parts(self, query: str) -> Parts:
        """What a query is made of; words that were typed as one are apart."""
        typed = query[:LONGEST_QUERY]
        words = telling([part for word in split(typed) for part in self._unglued(word)])
        names, loose, ends_loose = self._names(words)
        others = [word for word in loose if not self._is_a_code_within(word, names)]
        ends_loose = ends_loose and others[-1:] == loose[-1:]
        return Parts(words, names, others, ends_loose, is_elsewhere(typed))

    def _is_a_code_within(self, word: str, names: Sequence[str]) -> bool:
        """Whether a word stands for a place by its letters, and is here a part of a name: Eau Rouge is not the EAU."""
        return self._index.is_place_code(word) and any(word != name and word in name for name in names)

    def _unglued(self, word: str) -> tuple[str, ...]:
        """A word that nobody knows, as the two known ones it is made of: `russellbottas` → `russell`, `bottas`."""
        if word not in self._index and not word.endswith(SCANDAL):
            for cut in range(SHORTEST_BEGINNING, len(word) - SHORTEST_BEGINNING + 1):
                if self._is_a_name(word[:cut]) and self._is_a_name(word[cut:]):
                    return word[:cut], word[cut:]
        return (word,)

    def _is_a_name(self, word: str) -> bool:
        """Whether a word, as it stands, is a person's or a place's name, or names incidents: not `roll`."""
        return self._index.is_driver(word) or bool(self._index.circuits(word)) or bool(self._index.naming(word))

    def _names(self, words: Sequence[str]) -> tuple[list[str], list[str], bool]:
        """The names that neighbours make when written as one, and the words that say something by themselves as well.

        Of `inter lagos` the name is all; of `suzuka 90`, the number is a part of the name; `abu dhabi` counts thrice.
        Numbers alone make none: `1 1` is no season.
        The third is whether the last word of all is the last of these.
        """
        found: list[tuple[int, int, str]] = []
        for length in range(2, NAME_WORDS + 1):
            for start in range(len(words) - length + 1):
                name = "".join(words[start : start + length])
                if name in self._index and not name.isdigit():
                    found.append((start, start + length, name))
        if not found:
            return [], list(words), bool(words)
        whole = self._whole(found)
        found = [each for each in found if each in whole or not self._index.is_one(each[2])]
        explained = {place for start, end, _name in found for place in range(start, end)}
        of_whole = {place for start, end, _name in whole for place in range(start, end)}
        loose = [
            place
            for place, word in enumerate(words)
            if place not in of_whole and (place not in explained or (word in self._index and not word.isdigit()))
        ]
        return [name for _start, _end, name in found], [words[place] for place in loose], loose[-1:] == [len(words) - 1]

    def _whole(self, found: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Which words that make names make a team's or a matter's, whose parts are none: no point in Racing Point.

        Those within a longer name are not: Red Bull Ring is a place.
        """
        return [
            (start, end, name)
            for start, end, name in found
            if self._index.is_one(name)
            and not any(first <= start and end <= last and last - first > end - start for first, last, _other in found)
        ]
