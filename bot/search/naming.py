"""Which words name an incident by themselves, so that it may be answered with at once: the rest only tells it apart.

A person or place does, a nickname, a team or a corner as a whole, and two words of a nickname. `box` is a part of one,
and `slow` of another: whoever types no more than that is asked which incident is meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from bot.domain.incidents import Incident
from bot.domain.names import Circuit, Driver
from bot.search.words import split, telling

SHORTEST_BEGINNING = 3
"""Letters by which people and places are called: `ver`, `imo`."""

SHORTEST_WORD = 4
"""Letters of what else is begun or mistyped, of a nickname or a team, which must be more than half of it."""


class Naming(Enum):
    """How a word names an incident."""

    FULLY = 1
    """A surname or a place: a few letters of it will do."""

    AS_A_WHOLE = 2
    """A nickname, a corner, a season."""

    AS_A_TEAM = 5
    """A suspect's team, which raced for years: it names none with a word that is only told in its story."""

    AS_A_MATTER = 6
    """What it was about, as others were: the same."""

    WITH_OTHERS = 3
    """A first name, which many share: with a word more that is no name, nobody knows whom it means."""

    IN_PART = 4
    """A word of a nickname or a title: two of them name it."""


_WHOLES = {Naming.AS_A_WHOLE, Naming.AS_A_TEAM, Naming.AS_A_MATTER}


def names_by(naming: Naming, word: str, typed: str) -> bool:
    """Whether what was typed is enough of a word, or enough like it, to name what that names."""
    if typed == word:
        return True
    if word.startswith(typed):
        return naming not in _WHOLES or len(typed) >= max(SHORTEST_WORD, len(word) // 2 + 1)
    return naming is Naming.FULLY or len(typed) > SHORTEST_WORD


def naming_words(
    incident: Incident, circuit: Circuit | None, known: Mapping[str, Driver], teams: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, Naming]]:
    """The words, folded and written as one, that name an incident; of a word that is there twice the last counts."""
    titles = (incident.title, incident.short_title, *incident.nicknames)
    yield from ((word, Naming.IN_PART) for name in titles for word in telling(split(name)) if not word.isdigit())
    season = f"{incident.season}"
    yield from ((word, Naming.AS_A_WHOLE) for word in (season, season[-2:]))
    corners = circuit.corners if circuit else ()
    names = (name for suspect in incident.suspects for name in (_whole(suspect.team), *teams.get(suspect.team, ())))
    yield from ((word, Naming.AS_A_TEAM) for word in names if word)
    wholes = (*titles, *corners)
    yield from ((word, Naming.AS_A_WHOLE) for name in wholes if (word := _whole(name)))
    places = (incident.race, circuit.name, circuit.country, *circuit.also) if circuit else (incident.race,)
    yield from (("".join(telling(split(place))), Naming.FULLY) for place in places)
    for suspect in incident.suspects:
        driver = known.get(suspect.id)
        also = (driver.name, *driver.also) if driver else ()
        yield from (("".join(split(name)), Naming.FULLY) for name in (suspect.name, suspect.surname, *also))
        if driver:
            yield split(suspect.surname)[0], Naming.FULLY
            first_names = split(suspect.name.removesuffix(suspect.surname))
            yield from ((word, Naming.WITH_OTHERS) for word in first_names)


def _whole(name: str) -> str:
    """A name as one word; empty where one word is left of several and is no proper name: `bad`, of a whole sentence."""
    words, left = split(name), telling(split(name))
    is_proper = any(word.istitle() and split(word) == left for word in name.split())
    return "".join(left) if len(left) != 1 or len(words) == 1 or is_proper else ""
