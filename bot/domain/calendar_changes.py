"""How a season's calendar differs from the one before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.season import Race


@dataclass(frozen=True, slots=True)
class Move:
    """A race whose start is another now."""

    before: Race
    after: Race


@dataclass(frozen=True, slots=True)
class Gone:
    """A race that the calendar has lacked since a moment."""

    race: Race
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """How a calendar differs from the one before.

    `new` races were never on it; those that are `back` were lacking since a moment, and may have moved as well.
    """

    new: tuple[Race, ...] = ()
    moved: tuple[Move, ...] = ()
    cancelled: tuple[Race, ...] = ()
    back: tuple[Gone, ...] = ()
    first: bool = False
    """Whether nothing was known of the season before."""


def _compare(before: Sequence[Race], gone: Sequence[Gone], after: Sequence[Race]) -> Changes:
    """Rounds and other sessions change without a word; races come, go, come back, and start at another time."""
    now, since = {race.key: race for race in after}, {each.race.key: each.since for each in gone}
    known = {race.key: race for race in (*(each.race for each in gone), *before)}
    kept = [Move(known[key], race) for key, race in now.items() if key in known]
    return Changes(
        new=tuple(race for key, race in now.items() if key not in known),
        moved=tuple(move for move in kept if move.before.race != move.after.race),
        cancelled=tuple(race for race in before if race.key not in now),
        back=tuple(Gone(race, since[key]) for key, race in now.items() if key in since),
        first=not known,
    )
