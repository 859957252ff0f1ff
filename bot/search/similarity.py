"""How alike words are written."""

from collections.abc import Collection, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA


def likeness(word: str, name: str) -> float:
    """From 0 to 1: what remains alike where letters are missing, added, wrong or swapped with their neighbours."""
    return OSA.normalized_similarity(word, name)


def alike(word: str, names: Collection[str], least: float, most: int) -> list[tuple[str, float]]:
    """The names that are at least so much like a word, and how much, the most alike first, `most` of them."""
    found = process.extract(word, names, scorer=OSA.normalized_similarity, score_cutoff=least, limit=most)
    return [(name, score) for name, score, _index in found]


IN_COMMON = 66
"""Of 100, how much a text has in common with a name at least that anybody may have meant."""


def look_alike(text: str, names: Mapping[str, str], most: int) -> list[str]:
    """The keys of the names that have most in common with a text, whatever the order of its words; none by chance."""
    found = process.extract(text, names, scorer=fuzz.WRatio, limit=most, score_cutoff=IN_COMMON)
    return [key for _name, _score, key in found]
