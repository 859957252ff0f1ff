"""Whether a championship's table follows from the one before it and from what the weekend between them brought."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from bot.domain.race_story import StandingsMove, fingerprint
from bot.domain.season import Championship, Classification, Finish, Race, Standing, Standings, Witness
from bot.domain.sessions import SessionKind

ALL_SCORES_COUNT_SINCE = 1991
"""The first season in which no scores are dropped: since then a table is the sum of all results before it."""

SCORING = (SessionKind.SPRINT, SessionKind.RACE)
"""The sessions of a weekend that bring points, where it has them."""

RULES_SINCE = 2025
"""The first season without a point for the fastest lap, by whose rules it is reckoned what can still be won."""

A_WEEKEND = {Championship.DRIVERS: (25, 8), Championship.TEAMS: (25 + 18, 8 + 7)}
"""The most points that a race and a sprint bring one driver, or one team's two."""

Points = dict[str, float]
"""Points by the id of a driver or a team; who has none is not there."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What is known of some rounds of a season: tables by the round they are after, results by race and session."""

    tables: Mapping[tuple[Championship, int], Standings]
    results: Mapping[tuple[str, SessionKind], Classification]
    told_by: Mapping[tuple[Championship, int], Witness] = field(default_factory=dict)
    """Who has told of each table."""

    def with_table(self, table: Standings) -> "Rounds":
        """The same rounds with another table."""
        return replace(self, tables={**self.tables, (table.kind, table.round): table})

    def fits(self, race: Race, kind: Championship) -> bool:
        """Whether the table after a race is known, and nothing that is known contradicts it.

        That it has its race's own points can be added up where the table before and the weekend's results are known,
        in seasons in which all scores count. Where some of the results are not known, nobody may have fewer than the
        rest adds up to; otherwise some points have to have moved.
        """
        after, before = self._around(race, kind)
        if after is None:
            return False
        found = [self.results.get((race.key, session)) for session in scoring_sessions(race)]
        results = [result for result in found if result is not None]
        if not results or race.season < ALL_SCORES_COUNT_SINCE or (before is None and race.round > 1):
            return self.moved(race, kind)
        if len(results) < len(found) or any(result.missing for result in results):
            return self.moved(race, kind) and has_at_least(after, before, results)
        return follows(after, before, results)

    def moved(self, race: Race, kind: Championship) -> bool:
        """Whether the table after a race has other points than the one before it; also where one is not known."""
        after, before = self._around(race, kind)
        return after is None or before is None or points(after) != points(before)

    def move(self, race: Race, kind: Championship) -> StandingsMove | None:
        """A championship with what a race weekend made of it; None where its table is not known, or does not fit."""
        after, before = self._around(race, kind)
        return StandingsMove(after, before) if after is not None and self.fits(race, kind) else None

    def witnesses(self, race: Race) -> Iterator[Witness]:
        """Who has told of the tables that make up what a race weekend made of the championships."""
        for kind in Championship:
            move = self.move(race, kind)
            for table in (move.after, move.before) if move else ():
                if table is not None and (table.kind, table.round) in self.told_by:
                    yield self.told_by[table.kind, table.round]

    def shown(self, result: Classification) -> str:
        """The fingerprint of a result as it is told: a race's with the championships after it, as far as they fit."""
        if result.kind is not SessionKind.RACE:
            return fingerprint(result)
        return fingerprint(result, *(self.move(result.race, kind) for kind in Championship))

    def _around(self, race: Race, kind: Championship) -> tuple[Standings | None, Standings | None]:
        return self.tables.get((kind, race.round)), self.tables.get((kind, race.round - 1))


def scoring_sessions(race: Race) -> tuple[SessionKind, ...]:
    """The sessions of a race weekend whose points are in the table after it."""
    return tuple(kind for kind in SCORING if race.session(kind) is not None)


def follows(after: Standings, before: Standings | None, results: Sequence[Classification]) -> bool:
    """Whether a table has everybody's points of the table before it, and those of these results, and no others.

    `before` is None for the first round of a season. Whose points are doubtful anywhere is left out of it. What the
    stewards take from a team besides a result's points makes a table that does not follow, and so does a season in
    which scores were dropped.
    """
    expected, told = _due(after, before, results), _rounded(points(after))
    known = (expected.keys() | told.keys()) - _in_doubt(after, before, results)
    return all(expected.get(each) == told.get(each) for each in known)


def has_at_least(after: Standings, before: Standings | None, results: Sequence[Classification]) -> bool:
    """Whether nobody in a table has fewer points than are known from the one before it and from these results."""
    expected, told = _due(after, before, results), _rounded(points(after))
    listed = {standing.id for standing in after.entries} - _in_doubt(after, before, results)
    return all(expected.get(each, 0.0) <= told.get(each, 0.0) for each in listed)


def _due(after: Standings, before: Standings | None, results: Sequence[Classification]) -> Points:
    """Everybody's points in a table, and those of these results after it."""
    due: defaultdict[str, float] = defaultdict(float, {} if before is None else points(before))
    for result in results:
        for scorer, brought in won(result, after.kind).items():
            due[scorer] += brought
    return _rounded(due)


def _in_doubt(after: Standings, before: Standings | None, results: Sequence[Classification]) -> set[str]:
    """Whose points are doubtful anywhere."""
    rows = [*after.entries, *(before.entries if before else ())]
    finishes = [finish for result in results for finish in result.finishes]
    standing = {each.id for each in rows if each.points is None}
    return standing | {_scorer(each, after.kind) for each in finishes if each.points is None}


@dataclass(frozen=True, slots=True)
class ToGo:
    """What is left of a season after a table: how many races and sprints, and the points that one scorer can win."""

    races: int
    sprints: int
    points: float
    next_race: Race
    next_points: float
    """The points that one scorer can win on the next weekend, which are among all of them."""

    def contenders(self, standings: Standings) -> tuple[Standing, ...]:
        """Who may still finish first, if they win all there is to win and the others nothing."""
        placed = [each for each in standings.entries if each.position]
        return tuple(each for each in placed if all(self._may_pass(each, other) for other in placed))

    def _may_pass(self, standing: Standing, other: Standing) -> bool:
        """Whether somebody who wins everything may finish before another one; of two who are level, by more wins.

        Where they would have won as many, or nobody knows how many they have won, they may.
        """
        mine, theirs = (standing.points or 0.0) + self.points, other.points or 0.0
        if mine != theirs or standing.wins is None or other.wins is None:
            return mine >= theirs
        return standing.wins + self.races >= other.wins

    def deciding_lead(self, standings: Standings) -> tuple[Standing, float] | None:
        """Who leads, and by more than how many points they must after the next race to be champion with it.

        None where that cannot happen so soon, where nothing is to come after it, and where it is decided already.
        """
        still = self.contenders(standings)
        later = self.points - self.next_points
        if len(still) < 2 or still[0].position != 1 or not later:  # noqa: PLR2004 - a leader and somebody who may catch up
            return None
        lead = (still[0].points or 0.0) - max(each.points or 0.0 for each in still[1:])
        return (still[0], later) if lead + self.next_points > later else None


def to_go(standings: Standings, calendar: Iterable[Race], now: dt.datetime) -> ToGo | None:
    """What is left of a season; None where nothing is, by other rules than today's, or while points are in doubt.

    Nor can it be said while a race or a sprint is over whose points are not in the table yet.
    """
    if any(each.points is None or (each.points and not each.position) for each in standings.entries):
        return None
    left = [race for race in calendar if race.season == standings.season and race.round > standings.round]
    held = (session for race in left for kind in SCORING if (session := race.session(kind)) is not None)
    if not left or standings.season < RULES_SINCE or any(session.over_at <= now for session in held):
        return None
    sprints = sum(race.session(SessionKind.SPRINT) is not None for race in left)
    a_race, a_sprint = A_WEEKEND[standings.kind]
    nearest = min(left, key=attrgetter("round"))
    next_points = a_race + (a_sprint if nearest.session(SessionKind.SPRINT) else 0)
    return ToGo(len(left), sprints, len(left) * a_race + sprints * a_sprint, nearest, next_points)


def points(standings: Standings) -> Points:
    """Everybody's points in a table."""
    return {standing.id: standing.points for standing in standings.entries if standing.points}


def won(result: Classification, kind: Championship) -> Points:
    """What a session brought each driver, or each team."""
    brought: defaultdict[str, float] = defaultdict(float)
    for finish in result.finishes:
        if finish.points:
            brought[_scorer(finish, kind)] += finish.points
    return brought


def _scorer(finish: Finish, kind: Championship) -> str:
    """The id of who is given a result's points in a championship."""
    return finish.entrant.driver_id if kind is Championship.DRIVERS else finish.entrant.team_id


def _rounded(points: Points) -> Points:
    """Points to the hundredth: a third of one point cannot be added up exactly."""
    return {scorer: round(number, 2) for scorer, number in points.items() if number}
