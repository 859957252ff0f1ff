"""How alike words are written."""

from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA


def likeness(word: str, name: str) -> float:
    """From 0 to 1: what remains alike where letters are missing, added, wrong or swapped with their neighbours."""
    return OSA.normalized_similarity(word, name)


def alike(word: str, names: Collection[str], least: float, most: int) -> list[tuple[str, float]]:
    """The names that are at least so much like a word, and how much, the most alike first, `most` of them."""
    found = process.extract(word, names, scorer=OSA.normalized_similarity, score_cutoff=least, limit=most)
    return [(name, score) for name, score, _index in found]


SHORTEST_TYPO = 4
"""Letters of a word that may be mistyped; of fewer, too many others are one letter away."""

SHORT = 6
"""Letters of a word in which only one may be wrong: with two, `qwerty` is `twenty`, and `please` a place."""

LIKENESS, SHORT_LIKENESS = 0.66, 0.72
"""How much of a mistyped word must be right; of a short one, more: of 7 letters two are too many to be wrong."""

SURE = 0.75
"""From here on a name was meant and mistyped; what is less like it is a guess."""

GUESSED = 0.93
"""What is left of the likeness of a short word whose wrong letter is of no family with the right one: no sure one."""

FAMILIES = ("aeiouy", "ijy", "szcx", "ckqgx", "bpvfw", "dt", "mn", "lr")
"""Letters that are taken for one another: people write as they hear."""


def mistyped(word: str, names: Iterable[str]) -> float:
    """How much a word is like the likeliest of the names that it may be meant as, 0 to 1; 0 where it may be none."""
    if len(word) < SHORTEST_TYPO or word.isdigit():
        return 0.0
    least = SHORT_LIKENESS if len(word) <= SHORT else LIKENESS
    most = max((likeness(word, name) * (1.0 if misheard(word, name) else GUESSED) for name in names), default=0.0)
    return most if most >= least else 0.0


def surely(word: str, like: float) -> bool:
    """Whether a word that is so much like a name was meant as it; of four letters all must be right: `gato`, `Sato`."""
    return like > SURE or (like == SURE and len(word) > SHORTEST_TYPO)


def misheard(word: str, name: str) -> bool:
    """Whether a short word is a name mistyped as people mistype it, and no other word: `imala`, but not `obama`.

    In words of as many letters the one that is wrong is of the same family; all longer ones are.
    """
    if len(word) >= SHORT or len(word) != len(name) or sorted(word) == sorted(name):
        return True
    wrong = [{one, other} for one, other in zip(word, name, strict=True) if one != other]
    return all(any(pair <= {*family} for family in FAMILIES) for pair in wrong)
