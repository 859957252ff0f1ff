"""How texts name drivers and teams, and how they write figures."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from bot.domain.claims.records import Names, Who

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_VALUES = {word: number for words in (_NUMBERS, _ORDINALS) for number, word in enumerate(words.split())}

FIGURE = rf"(?:\d+(?:\.\d+)?|none|a(?= point\b)|{_NUMBERS.replace(' ', '|')})\b(?!\.\d)"
"""Points as texts write them: `369.5`, `eleven`, `none`, `a point`."""

ORDINAL = rf"(?:\d+(?:st|nd|rd|th)|{_ORDINALS.replace(' ', '|')})\b(?!-)"
"""A place as texts write it: `third`, `11th`."""

_NAMELESS = r"(?!x)x"
"""Matches nothing: the pattern of who is meant where nobody is known."""


def figure(written: str) -> float:
    """`FIGURE` as a number."""
    if written == "none":
        return 0.0
    if written == "a":
        return 1.0
    return float(_VALUES.get(written, written))


def ordinal(written: str) -> int:
    """`ORDINAL` as a number."""
    return _VALUES[written] if written in _VALUES else int(written[:-2])


def folded(text: str) -> str:
    """A text without accents, every character in its old position."""
    return "".join(unicodedata.normalize("NFKD", character)[0] for character in text)


class Clause(NamedTuple):
    """A part of a text between full stops, colons and semicolons: as it is written, and without accents."""

    written: str
    plain: str
    sentence: str
    """The sentence that it is in, without accents."""


def sentences(text: str) -> list[str]:
    """A text's sentences; the point in `332.5` or in `St. Petersburg` ends none of them."""
    return re.split(r"(?<=[a-z\d)]{2})\.\s+(?=[A-Z])", text.strip().removesuffix("."))


def clauses(text: str) -> Iterator[Clause]:
    """A text's clauses."""
    for sentence in sentences(text):
        for clause in re.split(r"[;:]\s+", sentence):
            yield Clause(clause, folded(clause), folded(sentence))


class Persons:
    """Who is meant by a name in a text."""

    def __init__(self, names: Names) -> None:
        self._by_name: dict[str, set[Who]] = {}
        for name, who in names.by_name.items():
            self._by_name.setdefault(folded(name), set()).update(who)
        longest_first = sorted(self._by_name, key=lambda name: (-len(name), name))
        known = "|".join(map(re.escape, longest_first)) if longest_first else _NAMELESS
        self.pattern = rf"(?<![\w-])(?:{known})(?![\w-])"
        """Matches a name of somebody known."""

        self._pattern = re.compile(self.pattern)

    def meant(self, name: str) -> frozenset[Who]:
        """Everybody who goes by a name."""
        return frozenset(self._by_name.get(name, ()))

    def named(self, text: str) -> list[str]:
        """The names in a text, each once, in its order."""
        return list(dict.fromkeys(self._pattern.findall(text)))

    def rivals(self, name: str, other: str) -> bool:
        """Whether two names may be of the same championship: two drivers', or two teams'."""
        return not {kind for kind, _ in self.meant(name)}.isdisjoint(kind for kind, _ in self.meant(other))
