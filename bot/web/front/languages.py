"""Which of our languages a browser would rather read."""

from functools import lru_cache

from bot.i18n import ENGLISH, LANGUAGES

MOST_READ = 500
"""Characters of the header that are read."""


@lru_cache(maxsize=512)
def preferred(accepted: str) -> str:
    """The language of an Accept-Language header that is ours and liked best; English where none is."""
    best, liking = ENGLISH, 0.0
    for part in accepted[:MOST_READ].split(","):
        tag, _semicolon, parameter = part.partition(";")
        code = tag.strip().partition("-")[0].casefold()
        quality = _quality(parameter)
        if code in LANGUAGES and quality > liking:
            best, liking = code, quality
    return best


def _quality(parameter: str) -> float:
    """How much a language is liked, between 0 and 1; 1 where nothing is said, 0 where it is no number."""
    name, _equals, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
