"""How alike words are written. What measures it takes memory, and is loaded for the first word that nobody knows."""

from collections.abc import Collection, Mapping


def likeness(word: str, name: str) -> float:
    """From 0 to 1: what remains alike where letters are missing, added, wrong or swapped with their neighbours."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    return OSA.normalized_similarity(word, name)


def alike(word: str, names: Collection[str], least: float, most: int) -> list[tuple[str, float]]:
    """The names that are at least so much like a word, and how much, the most alike first, `most` of them."""
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    found = process.extract(word, names, scorer=OSA.normalized_similarity, score_cutoff=least, limit=most)
    return [(name, score) for name, score, _ in found]


def look_alike(text: str, names: Mapping[str, str], most: int) -> list[str]:
    """Whose names have most in common with a text, whatever the order of its words."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    return [key for _, _, key in process.extract(text, names, scorer=fuzz.WRatio, limit=most)]
