"""A season that a witness tells whole, and how it lies over another calendar than its own."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.same_drivers import same_drivers
from bot.domain.season import Championship, Classification, Entrant, Race, Standing, Standings

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WholeSeason:
    """All that is told of a season."""

    season: int
    races: tuple[Race, ...]
    classifications: tuple[Classification, ...]
    standings: tuple[Standings, ...]

    def laid_over(self, calendar: Sequence[Race]) -> "WholeSeason":
        """The same results and championships, as of the races of another calendar, by their days.

        Rounds and names are each calendar's own. A race that the other calendar has not is left out, with all that is
        told of it.
        """
        found = {race.key: other for race in self.races if (other := _same(race, calendar)) is not None}
        rounds = {race.round: found[race.key].round for race in self.races if race.key in found}
        return WholeSeason(
            self.season,
            tuple(calendar),
            tuple(replace(each, race=found[each.race.key]) for each in self.classifications if each.race.key in found),
            tuple(replace(each, round=rounds[each.round]) for each in self.standings if each.round in rounds),
        )


def _same(race: Race, calendar: Sequence[Race]) -> Race | None:
    """The race of that day, or the only one within a day of it: days may be UTC's, or the track's."""
    of_the_day = [other for other in calendar if other.race.day == race.race.day]
    near = of_the_day or [other for other in calendar if abs(other.race.day - race.race.day) <= A_DAY]
    return near[0] if len(near) == 1 else None


def strangers(second: Classification, first: Classification) -> Iterator[str]:
    """The ids of drivers and teams whom a second witness names and the first one does not know, by any name."""
    known = same_drivers(first, second)
    teams = {finish.entrant.team_id for finish in first.finishes}
    for finish in second.finishes:
        theirs = finish.entrant
        if theirs.driver_id not in known:
            yield f"driver {theirs.driver_id}"
        if theirs.team_id not in teams:
            yield f"team {theirs.team_id}"


def strange_circuits(season: WholeSeason, calendar: Sequence[Race]) -> Iterator[str]:
    """The ids of circuits of which another calendar has another one on the same day, and races that it has not."""
    for race in season.races:
        other = _same(race, calendar)
        if other is None:
            yield f"race {race.key}"
        elif other.circuit_id != race.circuit_id:
            yield f"circuit {race.circuit_id}"


@dataclass(frozen=True, slots=True)
class OurWords:
    """Drivers and teams as the first witness calls them, by the second one's ids: what both have told of shows it."""

    drivers: Mapping[str, Entrant]
    teams: Mapping[str, Entrant]

    @classmethod
    def learned(cls, pairs: Iterable[tuple[Classification, Classification]]) -> "OurWords":
        """What results show that both witnesses have told, the first one's first; the latest pair last."""
        drivers: dict[str, Entrant] = {}
        teams: dict[str, Entrant] = {}
        for first, second in pairs:
            same = same_drivers(first, second)
            for finish in second.finishes:
                ours = same.get(finish.entrant.driver_id)
                if ours is not None:
                    drivers[finish.entrant.driver_id] = ours
                    teams[finish.entrant.team_id] = ours
        return cls(drivers, teams)

    def result(self, said: Classification) -> Classification:
        """A result with the first witness's ids, as far as they are known."""
        if not self.drivers:
            return said
        best = said.driver_of_the_day
        finishes = tuple(replace(finish, entrant=self._entrant(finish.entrant)) for finish in said.finishes)
        voted = self.drivers[best].driver_id if best is not None and best in self.drivers else best
        return replace(said, finishes=finishes, driver_of_the_day=voted)

    def table(self, said: Standings) -> Standings:
        """A championship with the first witness's ids, as far as they are known."""
        known = self.drivers if said.kind is Championship.DRIVERS else self.teams
        return replace(said, entries=tuple(_standing(each, known.get(each.id), said.kind) for each in said.entries))

    def _entrant(self, theirs: Entrant) -> Entrant:
        ours, team = self.drivers.get(theirs.driver_id, theirs), self.teams.get(theirs.team_id, theirs)
        named = replace(theirs, driver_id=ours.driver_id, given_name=ours.given_name, family_name=ours.family_name)
        return replace(named, team_id=team.team_id, team=team.team)


def _standing(theirs: Standing, ours: Entrant | None, kind: Championship) -> Standing:
    if ours is None:
        return theirs
    if kind is Championship.DRIVERS:
        return replace(theirs, id=ours.driver_id, name=ours.name)
    return replace(theirs, id=ours.team_id, name=ours.team)
