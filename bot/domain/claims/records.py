"""What is known of a race whose story is told: its result, and the championships around it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.season import Championship, Classification, Standings

Who = tuple[Championship, str]
"""A driver or a team, by id."""


@dataclass(frozen=True, slots=True)
class Score:
    """How a driver or a team stands: points, and the place, None where nobody says it."""

    points: float
    position: int | None = None


Table = dict[Who, Score]
"""Both championships at one moment."""


@dataclass(frozen=True, slots=True)
class Names:
    """The drivers and teams of a race and its championships, by the names that a text may use."""

    by_name: dict[str, set[Who]] = field(default_factory=dict)

    def add(self, who: Who, *names: str) -> None:
        """Take up what somebody goes by; a name may be several people's."""
        for name in names:
            self.by_name.setdefault(name, set()).add(who)


@dataclass(frozen=True, slots=True)
class Record:
    """A race as it is stored; what is not stored is None."""

    result: Classification | None = None
    before: Table | None = None
    """The championships before the weekend: empty before the first of a season."""

    sprint: Table | None = None
    """The same between the weekend's sprint and its race."""

    after: Table | None = None
    names: Names = field(default_factory=Names)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The championships as a text may tell them, the earliest first."""
        return tuple(each for each in (self.before, self.sprint, self.after) if each is not None)

    def tells(self, kinds: Collection[Championship]) -> bool:
        """Whether these championships are known on both sides of the race."""
        if self.before is None or self.after is None:
            return False
        known = [{kind for kind, _ in table} for table in (self.before, self.after)]
        return known[1].issuperset(kinds) and (not self.before or known[0].issuperset(kinds))


def recorded(
    result: Classification | None, sprint: Classification | None, standings: Iterable[Standings], round_number: int
) -> Record:
    """The record of a race, from the standings after each round of its season, of both championships."""
    tables = {(each.kind, each.round): each for each in standings}
    names = Names()
    for classification in (result, sprint):
        if classification is not None:
            _name_entrants(names, classification)
    around = {each: _table(tables, names, each) for each in (round_number - 1, round_number)}
    before = {} if round_number == 1 else around[round_number - 1]
    between = None if before is None or sprint is None else _with_points(before, sprint)
    return Record(result, before, between, around[round_number], names)


def _table(tables: dict[tuple[Championship, int], Standings], names: Names, round_number: int) -> Table | None:
    """The drivers' championship after a round, and the teams' where it is known; None without the drivers'.

    Who was excluded has no place, and points that were not theirs on the day: of them nothing is known.
    """
    if (Championship.DRIVERS, round_number) not in tables:
        return None
    table: Table = {}
    for kind in Championship:
        standings = tables.get((kind, round_number))
        for entry in () if standings is None else standings.entries:
            names.add((kind, entry.id), *_names_of(kind, entry.name))
            if entry.points is not None and entry.position is not None:
                table[kind, entry.id] = Score(entry.points, entry.position)
    return table


def _with_points(before: Table, sprint: Classification) -> Table:
    """The championships once a sprint's points count too; who stands where is not said."""
    points = {who: score.points for who, score in before.items()}
    for finish in sprint.finishes:
        for who in (Championship.DRIVERS, finish.entrant.driver_id), (Championship.TEAMS, finish.entrant.team_id):
            points[who] = points.get(who, 0) + (finish.points or 0)
    return {who: Score(scored) for who, scored in points.items()}


def _name_entrants(names: Names, classification: Classification) -> None:
    for finish in classification.finishes:
        entrant = finish.entrant
        names.add((Championship.DRIVERS, entrant.driver_id), entrant.name, _bare(entrant.family_name))
        names.add((Championship.TEAMS, entrant.team_id), *_names_of(Championship.TEAMS, entrant.team))


def _names_of(kind: Championship, name: str) -> Iterator[str]:
    """The whole name, and of a driver the last word of it."""
    yield name
    if kind is Championship.DRIVERS:
        yield _bare(name).rsplit(" ", 1)[-1]


def _bare(name: str) -> str:
    return name.removesuffix(".").removesuffix(" Jr")
