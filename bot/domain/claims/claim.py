"""What a text may claim, and whether the record bears it out.

Where a name is several people's, a claim is right if it is right of one of them. Where what it would be checked against
is not stored, it is neither right nor wrong.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.claims.records import Record, Table, Who
from bot.domain.season import Championship, Finish


class Verdict(StrEnum):
    """What the record makes of a claim."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim that was checked against the record, and what the record says where that is another thing."""

    verdict: Verdict
    said: str = ""


class Claim(Protocol):
    """Something that a text claims in `words`."""

    @property
    def words(self) -> str:
        """The words of the text."""
        ...

    def check(self, record: Record) -> Checked:
        """Check it against the record."""
        ...


People = frozenset[Who]


@dataclass(frozen=True, slots=True)
class HasPoints:
    """Somebody has so many points; of several people who are listed, one of them has."""

    words: str
    who: People
    points: float

    def check(self, record: Record) -> Checked:
        """Against the tables before and after the race."""
        return _in_tables(record, self.who, self._points, self.points)

    def _points(self, table: Table) -> Iterator[float]:
        return (table[who].points for who in self.who & table.keys())


@dataclass(frozen=True, slots=True)
class Leads:
    """Somebody is so many points ahead of somebody else; of the best of the others where `over` names nobody."""

    words: str
    who: People
    over: People
    points: float

    def check(self, record: Record) -> Checked:
        """Against the tables before and after the race."""
        return _in_tables(record, self.who, self._differences, self.points)

    def _differences(self, table: Table) -> Iterator[float]:
        for who in self.who & table.keys():
            others = {each for each in self.over or table.keys() - {who} if each[0] is who[0]} & table.keys()
            points = [table[each].points for each in others]
            for behind in points if self.over else (max(points, default=0.0),):
                yield table[who].points - behind


@dataclass(frozen=True, slots=True)
class Stands:
    """Somebody has a place in the championship."""

    words: str
    who: People
    place: int

    def check(self, record: Record) -> Checked:
        """Against the tables before and after the race."""
        return _in_tables(record, self.who, self._places, self.place)

    def _places(self, table: Table) -> Iterator[float]:
        for who in self.who & table.keys():
            position = table[who].position
            if position is not None:
                yield position


@dataclass(frozen=True, slots=True)
class Finished:
    """Somebody was given a place."""

    words: str
    who: People
    place: int

    def check(self, record: Record) -> Checked:
        """Against the classification."""
        lines = _lines(record, self.who)
        if any(line.place == f"{self.place}" for line in lines):
            return Checked(Verdict.RIGHT)
        if not lines or not all(line.place for line in lines):
            return Checked(Verdict.UNCHECKED)
        return Checked(
            Verdict.WRONG, " or ".join(line.place if line.classified else "not classified" for line in lines)
        )


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody had a slot on the grid."""

    words: str
    who: People
    slot: int

    def check(self, record: Record) -> Checked:
        """Against the grid, as the classification has it."""
        slots = [line.grid for line in _lines(record, self.who)]
        if self.slot in slots:
            return Checked(Verdict.RIGHT)
        if not slots or None in slots:
            return Checked(Verdict.UNCHECKED)
        return Checked(Verdict.WRONG, " or ".join(f"{slot}" if slot else "the pit lane" for slot in slots))


def _in_tables(record: Record, who: People, told: Callable[[Table], Iterable[float]], claimed: float) -> Checked:
    """Right if one of the tables says so; wrong only where the championship on both sides of the race is known."""
    found = [[*told(table)] for table in record.tables]
    if any(claimed in values for values in found):
        return Checked(Verdict.RIGHT)
    if not record.tells({kind for kind, _ in who}) or not found[-1]:
        return Checked(Verdict.UNCHECKED)
    values = dict.fromkeys(f"{value:g}" for values in reversed(found) for value in values)
    return Checked(Verdict.WRONG, " or ".join(values))


def _lines(record: Record, who: People) -> list[Finish]:
    """The lines of a result that are somebody's."""
    ids = {each for kind, each in who if kind is Championship.DRIVERS}
    return [] if record.result is None else [line for line in record.result.finishes if line.entrant.driver_id in ids]
