"""Who races: a driver or a team by all their names, which results and incidents write differently, and their season."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.domain.classifications import PODIUM
from bot.domain.polls import SMALL, Tally
from bot.domain.season import Championship, Classification, Finish, Standing, Standings
from bot.domain.sessions import SessionKind


class Seat(NamedTuple):
    """A suspect as an incident has them; the team is empty where nobody said it."""

    suspect_id: str
    name: str
    team: str


@dataclass(frozen=True, slots=True)
class Involvement:
    """An incident that a driver or a team was in.

    `ours` are the suspects that are meant by it; `at_fault` are those whom the ruling that stands blames, None where
    there is no ruling.
    """

    incident_id: str
    season: int
    told: bool
    ours: frozenset[str]
    at_fault: frozenset[str] | None

    @property
    def is_blamed(self) -> bool:
        """Whether the ruling that stands blames any of them."""
        return bool(self.at_fault and self.at_fault & self.ours)


@dataclass(frozen=True, slots=True)
class Racer:
    """A driver or a team; `result_id` is what a season's results call them, None where they are in none of them."""

    kind: Championship
    name: str
    also: tuple[str, ...] = ()
    """What else fans type for them, and other spellings."""

    suspect_ids: frozenset[str] = frozenset()
    """A driver's ids in incidents; a team is known there by its name alone."""

    result_id: str | None = None
    last_season: int | None = None
    """The last season whose championship they are in, where it is not the one that is looked at; None if not known."""

    def finishes(self, result: Classification) -> tuple[Finish, ...]:
        """The lines of a result that are theirs: one, a team's several, none where they were not in it."""
        return tuple(finish for finish in result.finishes if self._id_of(finish) == self.result_id)

    def _id_of(self, finish: Finish) -> str:
        return finish.entrant.driver_id if self.kind is Championship.DRIVERS else finish.entrant.team_id


class Gap(NamedTuple):
    """How many points are between two, and who the other is."""

    points: float
    other: Standing


@dataclass(frozen=True)
class RacerSeason:
    """A season of somebody's: a championship, and the results of races and sprints that are stored, by date.

    `held` counts the races that were held until now, whose results need not all be stored.
    """

    season: int
    racer: Racer
    standings: Standings | None
    results: tuple[Classification, ...]
    held: int

    @property
    def standing(self) -> Standing | None:
        """Their line in the championship; None where they have none."""
        rows = self.standings.entries if self.standings else ()
        return next((row for row in rows if row.id == self.racer.result_id), None)

    @property
    def to_leader(self) -> Gap | None:
        """How far they are behind who leads; None for a leader, and where points or a place are not known."""
        first = next(iter(self._placed()), None)
        return self._gap(first) if first is not None and self._place() > 1 else None

    @property
    def to_next(self) -> Gap | None:
        """How far they are behind the one before them; for who leads, how far ahead of the second, below zero."""
        rows = self._placed()
        mine = next((number for number, row in enumerate(rows) if row.id == self.racer.result_id), None)
        if mine is None or len(rows) == 1:
            return None
        return self._gap(rows[mine - 1] if mine else rows[1])

    @cached_property
    def raced(self) -> tuple[tuple[Classification, tuple[Finish, ...]], ...]:
        """The stored results that they are in, with their lines."""
        lines = ((result, self.racer.finishes(result)) for result in self.results)
        return tuple((result, finishes) for result, finishes in lines if finishes)

    @property
    def races(self) -> int:
        """How many of the stored results are of races, be they in them or not."""
        return sum(result.kind is SessionKind.RACE for result in self.results)

    @property
    def wins(self) -> int:
        """Races won, of the stored ones; a team's two cars count each."""
        return sum(place == 1 for place, _result in self._places())

    @property
    def podiums(self) -> int:
        """Places among the first three in races, of the stored ones."""
        return sum(place <= PODIUM for place, _result in self._places())

    @property
    def best(self) -> tuple[int, tuple[Classification, ...]] | None:
        """Their best place in a race, and where they took it; None where they were never classified."""
        places = list(self._places())
        if not places:
            return None
        best = min(place for place, _result in places)
        where: Mapping[str, Classification] = {each.race.key: each for place, each in places if place == best}
        return best, tuple(where.values())

    def _places(self) -> Iterator[tuple[int, Classification]]:
        for result, finishes in self.raced:
            if result.kind is SessionKind.RACE:
                yield from ((int(finish.place), result) for finish in finishes if finish.classified)

    def _placed(self) -> list[Standing]:
        rows = self.standings.entries if self.standings else ()
        return [row for row in rows if row.position]

    def _place(self) -> int:
        standing = self.standing
        return standing.position or 0 if standing else 0

    def _gap(self, other: Standing) -> Gap | None:
        mine = self.standing
        if mine is None or mine.points is None or other.points is None:
            return None
        return Gap(other.points - mine.points, other)


@dataclass(frozen=True, slots=True)
class Blame:
    """How often somebody was blamed, of how many incidents that they were in.

    `ruled` are those with a ruling, `ruled_against` those whose ruling blames them; `polled` are those with votes, of
    which `few` have fewer than `SMALL`; in `voted_against` the largest group of fans blames them. `polled` is None
    where votes are not to be shown.
    """

    told: int
    noted: int
    ruled: int
    ruled_against: int
    polled: int | None = None
    voted_against: int = 0
    few: int = 0

    @classmethod
    def of(cls, involved: Iterable[Involvement], votes: Mapping[str, Tally] | None) -> "Blame":
        """What comes of the incidents, and of everyone's votes on them by the incident's id."""
        incidents = list(involved)
        ruled = [each for each in incidents if each.at_fault is not None]
        cast = {} if votes is None else votes
        polled = [(each, tally) for each in incidents if (tally := cast.get(each.incident_id)) and tally.votes]
        return cls(
            sum(each.told for each in incidents),
            sum(not each.told for each in incidents),
            len(ruled),
            sum(each.is_blamed for each in ruled),
            None if votes is None else len(polled),
            sum(_blamed_most(each, tally) for each, tally in polled),
            sum(tally.votes < SMALL for _each, tally in polled),
        )

    @property
    def incidents(self) -> int:
        """All of them."""
        return self.told + self.noted


def _blamed_most(each: Involvement, tally: Tally) -> bool:
    """Whether the largest group of fans blames them alone; in a tie nobody is blamed most."""
    sides = tally.by_side()
    most = max(sides.values())
    return all(side in each.ours for side, votes in sides.items() if votes == most)
