"""What a typed word may mean: itself, the names that it begins, or those that it is mistyped from."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import floor

from bot.search.letters import Letters
from bot.search.naming import SHORTEST_BEGINNING
from bot.search.similarity import LIKENESS, SHORT, SHORT_LIKENESS, SHORTEST_TYPO, alike, likeness, misheard
from bot.search.word_index import WordIndex
from bot.search.words import FILLERS

SHORTEST_MISHEARD = 5
"""Letters of a word that may be mistyped as well where it begins a name: `monsa` is Monza as well as Monsanto begun."""

WRONG_LETTERS = 2
"""More wrong letters than these, or than one in four, make another word: `supermarket` is no Steiermark."""

MISSED_LETTERS = 2
MEANT = 4
"""How many names a mistyped word may stand for at once."""

AS_LIKELY = 0.1
"""A name that is less like what was typed than the likeliest, by more than this, was not meant."""

SCANDAL = "gate"
"""What fans end any scandal's name with: it tells nothing of which one is meant."""


class Meanings:
    """The words of an index that typed ones may mean; looked up once for a word, until the index changes."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index
        self._known = lru_cache(maxsize=4096)(self._read)
        self._letters: Letters | None = None

    def index_changed(self) -> None:
        """Take note that the index has new words."""
        self._known.cache_clear()
        self._letters = None

    def of(self, word: str, *, begun: bool = False) -> Mapping[str, float]:
        """The words that a typed one may mean, each with its likeness, 0 to 1; itself, where it may mean none.

        `begun`: it may be only the beginning of a word.
        """
        return self._known(word, begun)

    def _read(self, word: str, begun: bool) -> Mapping[str, float]:
        exact = {word: 1.0} if word in self._index else {}
        if exact and not begun:
            return exact
        beginnings = dict(self._beginnings(word)) if begun or len(word) >= SHORTEST_BEGINNING else {}
        typos = {} if exact else dict(self._misheard(word) if beginnings else self._typos(word))
        return exact | beginnings | typos or {word: 0.0}

    def _misheard(self, word: str) -> Iterator[tuple[str, float]]:
        """The names that a word is but for one letter as people mistype it, as likely as those that it begins."""
        if len(word) < SHORTEST_MISHEARD:
            return
        for name, likely in self._typos(word):
            if len(name) == len(word) and misheard(word, name):
                yield name, likely

    def _beginnings(self, word: str) -> Iterator[tuple[str, float]]:
        """The names that a word begins, and of those that begin alike the shortest: who is meant, and not a title."""
        names, shorter = self._index.names, ""
        for place in range(bisect_left(names, word), len(names)):
            name = names[place]
            if not name.startswith(word):
                return
            if name != word and not name.isdigit() and not (shorter and name.startswith(shorter)):
                shorter = shorter if name in FILLERS else name  # `im` hides no Imola
                yield name, 0.7 + 0.3 * len(word) / len(name)

    def _typos(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < SHORTEST_TYPO or word.isdigit():
            return
        least = SHORT_LIKENESS if len(word) <= SHORT else LIKENESS
        wrong_at_most = max(WRONG_LETTERS, len(word) // 4)
        # Of a short word fewer can be wrong. Whatever has more than that comes after all that has not.
        wrong_at_most = min(wrong_at_most, floor((1 - least) * (len(word) + MISSED_LETTERS)))
        missed = min(MISSED_LETTERS, wrong_at_most)
        near = alike(word, self._all_letters().alike(word, missed, wrong_at_most), least, MEANT)
        if word.endswith(SCANDAL):
            near = [(name, likely) for name, likely in near if _same_scandal(word, name)]
        for name, likely in near:
            wrong = round((1 - likely) * max(len(word), len(name)))
            if likely >= near[0][1] - AS_LIKELY and wrong <= wrong_at_most:
                yield name, likely * (1.0 if name[0] == word[0] else 0.9)

    def _all_letters(self) -> Letters:
        """The names that a mistyped word may mean, by their letters."""
        if self._letters is None:
            self._letters = Letters([name for name in self._index.names if name.isalpha()])
        return self._letters


def _same_scandal(word: str, name: str) -> bool:
    """Whether two names are alike by more than how any scandal's ends: `tyregate` is no `crashgate`."""
    if not name.endswith(SCANDAL):
        return True
    return likeness(word.removesuffix(SCANDAL), name.removesuffix(SCANDAL)) >= LIKENESS
