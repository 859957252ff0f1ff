"""Which of our languages a browser would rather read."""

from functools import lru_cache

from bot.i18n import ENGLISH, LANGUAGES
from bot.web.front.preferences import preferences


@lru_cache(maxsize=512)
def preferred(accepted: str) -> str:
    """The language of an Accept-Language header that is ours and liked best; English where none is."""
    best, liking = ENGLISH, 0.0
    for tag, quality in preferences(accepted):
        code = tag.partition("-")[0]
        if code in LANGUAGES and quality > liking:
            best, liking = code, quality
    return best
