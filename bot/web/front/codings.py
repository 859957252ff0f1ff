"""Whether a reader takes an answer compressed, as it is, or neither way."""

from enum import Enum
from functools import lru_cache

from bot.web.front.preferences import preferences

GZIP = ("gzip", "x-gzip")


class Coding(Enum):
    """How an answer goes out."""

    AS_IT_IS = "as it is"
    WORTHWHILE = "compressed where that gains something"
    ALWAYS = "compressed, as it is not taken otherwise"


@lru_cache(maxsize=256)
def coding(accepted: str) -> Coding | None:
    """How an answer goes out to who sends this Accept-Encoding header; None where they take it in no way that is ours.

    What is not named is worth what `*` is. Without that gzip is not taken, and what is not compressed is.
    """
    liked = dict(preferences(accepted))
    others = liked.get("*")
    gzip = max((liked[name] for name in GZIP if name in liked), default=others or 0.0)
    plain = liked.get("identity", others)
    if not gzip:
        return None if plain == 0 else Coding.AS_IT_IS
    if plain == 0:
        return Coding.ALWAYS
    return Coding.AS_IT_IS if liked.get("identity", 0.0) > gzip else Coding.WORTHWHILE
