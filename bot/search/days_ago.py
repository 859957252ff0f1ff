"""Days that are named by the present one: `crash today`, „was ist gestern passiert“, «ayer»."""

import datetime as dt
import re
from collections.abc import Callable

from bot.search.query_words import LONGEST_QUERY
from bot.search.words import split

_AGO = {"today": 0, "heute": 0, "hoy": 0, "yesterday": 1, "gestern": 1, "ayer": 1}
_NAMED = re.compile(rf"\b({'|'.join(_AGO)})(?:['’]s)?\b", re.IGNORECASE)


def with_days(query: str, today: Callable[[], dt.date]) -> str:
    """A query whose days are dates, where it names any by how long ago they are; as it was typed where it does not."""
    typed = query[:LONGEST_QUERY]
    if _AGO.keys().isdisjoint(split(typed)):  # sooner than by a pattern, as these words are remembered
        return query
    dated = _NAMED.sub(lambda found: f"{today() - dt.timedelta(days=_AGO[found[1].casefold()])}", typed)
    return query if dated == typed else dated
