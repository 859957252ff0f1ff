"""A season that a witness tells whole, and how it lies over another calendar than its own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.season import Classification, Race, Standings

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

    def beside(self, calendar: Sequence[Race]) -> tuple[Race, ...]:
        """The races that another calendar has not."""
        return tuple(race for race in self.races if _same(race, calendar) is None)


def _same(race: Race, calendar: Sequence[Race]) -> Race | None:
    """The race of that day, or the only one within a day of it: days may be UTC's, or the track's."""
    of_the_day = [other for other in calendar if other.race.day == race.race.day]
    near = of_the_day or [other for other in calendar if abs(other.race.day - race.race.day) <= A_DAY]
    return near[0] if len(near) == 1 else None
