"""How a race or a sprint went: what a recap, its picture and a result tell of it. No words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import blake2b

from bot.domain.classifications import PODIUM
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.opinions import Agreement, Opinion, agreement
from bot.domain.polls import SMALL, Tally
from bot.domain.season import Classification, Standing, Standings, Witness

MOST_INCIDENTS = 6
"""Incidents that are told of one race of which race control noted none."""


@dataclass(frozen=True, slots=True)
class StandingsMove:
    """A championship after a race, and before it where that is known."""

    after: Standings
    before: Standings | None = None

    @property
    def leaders(self) -> tuple[Standing, ...]:
        """The first three that have a place, after the race."""
        return tuple(standing for standing in self.after.entries if standing.position)[:PODIUM]

    def won(self, standing: Standing) -> float | None:
        """The points that somebody won since; None where nobody knows how many there were before, or are now."""
        before = self._before(standing)
        if before is None or before.points is None or standing.points is None:
            return None
        return standing.points - before.points

    def climbed(self, standing: Standing) -> int | None:
        """The places that somebody climbed since, below zero where they fell; None without a place before or after."""
        before = self._before(standing)
        if before is None or not before.position or not standing.position:
            return None
        return before.position - standing.position

    def _before(self, standing: Standing) -> Standing | None:
        entries = self.before.entries if self.before else ()
        return next((before for before in entries if before.id == standing.id), None)


@dataclass(frozen=True, slots=True)
class RaceStory:
    """All that is known of how a race or a sprint went; each incident with the fans' votes, where there is a poll.

    Where race control noted some of its incidents, there are all its cases, those with the most votes first.
    """

    classification: Classification
    drivers: StandingsMove | None = None
    teams: StandingsMove | None = None
    incidents: tuple[tuple[Incident, Tally | None], ...] = ()
    updated_at: dt.datetime | None = None
    """When the classification was last fetched, in UTC."""

    witness: Witness = Witness.ARCHIVE
    """Who has told of it."""

    here: Agreement | None = None
    """The same as `agreement`, of the votes in one chat alone; None where it is told in no chat in particular."""

    @property
    def has_cases(self) -> bool:
        """Whether race control noted any of its incidents."""
        return any(isinstance(incident, NotedIncident) for incident, _tally in self.incidents)

    @property
    def cases(self) -> int:
        """How many of its incidents were in this very session."""
        return sum(incident.session == self.classification.kind.value for incident, _tally in self.incidents)

    @property
    def agreement(self) -> Agreement:
        """How often fans and stewards said the same in this session, of the cases with at least `SMALL` votes."""
        return self.agreement_of(self.incidents)

    def agreement_of(self, argued: Iterable[tuple[Incident, Tally | None]]) -> Agreement:
        """The same by other tallies of its incidents."""
        kind = self.classification.kind.value
        told = ((incident, tally) for incident, tally in argued if incident.session == kind)
        return agreement(Opinion(incident, tally) for incident, tally in told if tally and tally.votes >= SMALL)

    @property
    def without_votes(self) -> "RaceStory":
        """The same story for chats whose polls are blind."""
        silent = tuple((incident, None) for incident, _tally in self.incidents)
        return replace(self, incidents=silent, here=None)


def fingerprint(
    classification: Classification, drivers: StandingsMove | None = None, teams: StandingsMove | None = None
) -> str:
    """A few letters for all that is told of a result and the championships with it: others where any of it changes.

    What is at its default is not in it: a result tells the same when there is a new field of which it knows nothing.
    """
    tables = [(move.after.entries, move.before and move.before.entries) for move in (drivers, teams) if move]
    told = (classification.finishes, classification.driver_of_the_day, tables)
    return blake2b(repr(_told(told)).encode(), digest_size=8).hexdigest()


def _told(value: object) -> object:
    """A value whose dataclasses are down to what they tell: the fields that are not at their defaults, by name."""
    if is_dataclass(value):
        told = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return [(name, _told(said)) for name, said, default in told if said != default]
    return [_told(each) for each in value] if isinstance(value, tuple | list) else value
