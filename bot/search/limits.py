"""Whether a time is said to be the only one: `write only from 7 to 23`, and not `don't only write from 7 to 23`."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from bot.search.setting_words import BUT, CHOICES, ONLY, REFUSALS, SETTINGS
from bot.search.wordings import phrases, says_nothing
from bot.search.words import split

_CLAUSES = re.compile(rf"[,;:.!?–]+(?=\s|$)|\s(?:-|{'|'.join(BUT)})(?=\s)", re.IGNORECASE)


class Limit(Enum):
    """How it is said that a time is the only one."""

    NONE = 0
    """It is not said."""

    ONLY = 1
    """Of what is wished: `write only from 7 to 23`."""

    BUT_ONLY = 2
    """Of what is refused else: `don't write, only from 7 to 23`."""

    NOT_ONLY = 3
    """It is not the only one: `zeig Ergebnisse nicht erst um 9 Uhr`."""

    UNCLEAR = 4
    """Either of these two: `don't write only from 7 to 23`."""


def limit(typed: str) -> Limit:
    """How what was typed limits a time that it names."""
    refused = False
    for clause in _CLAUSES.split(typed):
        kinds = [*_kinds(clause.split())]
        for place, kind in enumerate(kinds):
            if kind is not False or kinds[place + 1 : place + 2] == [True]:  # `just don't write` limits nothing
                continue
            before = kinds[:place]
            if True in before:
                return Limit.NOT_ONLY if before[-1] else Limit.UNCLEAR
            return Limit.BUT_ONLY if refused else Limit.ONLY
        refused = refused or True in kinds
    return Limit.NONE


def _kinds(words: Sequence[str]) -> Iterator[bool | None]:
    """Of all that is said whether it refuses, or limits; None for what does neither."""
    for name, some in phrases(words, (SETTINGS, CHOICES)):
        if name in REFUSALS and name not in SETTINGS:
            yield True
        elif name in ONLY or "".join(split(some[0])) in ONLY:
            yield False
        elif not all(map(says_nothing, some)):
            yield None
