"""Short, readable ids for noted incidents: `monza-2025-ver-nor-t4`, from circuit, season, cars and place.

An id is made once, and stays whatever race control corrects later: votes hang on it.
"""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import count

LONGEST = 32
"""Characters of an incident's id."""

SESSIONS = {"sprint": "s", "qualifying": "q", "practice": "p"}
"""What tells incidents of other sessions from those of the race."""

MOST_CODES = 4
"""Cars that an id names; of more, the first."""

LONGEST_PLACE = 9
"""Characters that a place's name may have; of a longer one there is its first word."""

_TURN = re.compile(r"turns? (\d+(?: ?[-/] ?\d+)?)")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def wished_id(circuit: str, season: int, session: str, codes: Sequence[str], place: str | None) -> str:
    """The id that an incident gets if nobody else has it; `codes` are the cars' three letters, `place` its words.

    Where it would be too long, cars after the second go first, then the place, then the end of the circuit's name.
    """
    cars = [slug for code in codes if (slug := _slug(code))][:MOST_CODES]
    where, which = short_place(place or ""), SESSIONS.get(session, "")
    home = _slug(circuit) or "track"
    for shown in (len(cars), 2):
        for place_shown in (where, ""):
            wish = "-".join(filter(None, (home, str(season), *cars[:shown], place_shown, which)))
            if len(wish) <= LONGEST:
                return wish
    rest = "-".join(filter(None, (str(season), *(code[:3] for code in cars[:2]), which)))
    return f"{home[: LONGEST - 1 - len(rest)].rstrip('-')}-{rest}"


def first_free(wish: str, taken: Container[str]) -> str:
    """The id that was wished for, or the first of those that number it which is not taken."""
    return next(candidate for candidate in _candidates(wish) if candidate not in taken)


def _candidates(wish: str) -> Iterator[str]:
    yield wish
    for number in count(2):
        ending = f"-{number}"
        yield wish[: LONGEST - len(ending)].rstrip("-") + ending


def short_place(place: str) -> str:
    """`TURN 4` → `t4`, `TURN 3-4` → `t3-4`, `PIT LANE` → `pit-lane`, `START/FINISH STRAIGHT` → `start`."""
    if turn := _TURN.search(place.lower()):
        return "t" + _slug(turn[1])
    slug = _slug(place)
    return slug if len(slug) <= LONGEST_PLACE else slug.partition("-")[0][:LONGEST_PLACE]


def _slug(text: str) -> str:
    return _NOT_SLUG.sub("-", text.lower()).strip("-")
