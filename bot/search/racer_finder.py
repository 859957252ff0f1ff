"""From a person's words to a driver or a team: those of a season's results, of incidents, and of the names' files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.names import Driver, Team
from bot.domain.racers import Involvement, Racer, Seat
from bot.domain.season import Championship, Classification, Standings
from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing, Several
from bot.search.known_names import ENDINGS, NOT_DRIVERS
from bot.search.race_finder import fit, nearness
from bot.search.words import joined, split

NOT_TEAMS = frozenset({"FIA", "Michelin", "seven teams", "timing of the races"})
"""What stands as the team of those."""

NEAREST = 3


class RacerFinder:
    """Drivers and teams, by what fans type."""

    def __init__(self, incidents: Incidents, drivers: Mapping[str, Driver], teams: Mapping[str, Team]) -> None:
        self._incidents = incidents
        self._drivers = drivers
        self._teams = teams

    def find(
        self, kind: Championship, words: Sequence[str], in_season: Sequence[Racer], former: Sequence[Racer] = ()
    ) -> Found[Racer] | Several[Racer] | Nothing[Racer]:
        """Who is meant; of those that fit as well, the ones who are in the season's results are.

        A name that they have as well is theirs as a whole, or from its beginning: `Barón Rojo`, and no `rojo`.

        `former` are those of other seasons, who can be asked for as well.
        """
        known = self.known(kind, in_season, former)
        fits = {racer: fit(words, racer.name, (_surname(racer),), [*map(joined, racer.also)]) for racer in known}
        best = max(fits.values(), default=0.0)
        if not best:
            return Nothing(_nearest(words, known))
        fitting = [racer for racer in known if fits[racer] == best]
        racing = [racer for racer in fitting if racer.result_id is not None]
        meant = racing or fitting
        return Found(meant[0]) if len(meant) == 1 else Several(tuple(meant))

    def known(self, kind: Championship, in_season: Sequence[Racer] = (), former: Sequence[Racer] = ()) -> list[Racer]:
        """Everybody who can be asked for, those of a season first; nobody twice, however they are written."""
        seats = self._incidents.seats
        by_files = self._of_drivers(seats) if kind is Championship.DRIVERS else self._of_teams(seats)
        known = {frozenset(split(racer.name)): racer for racer in by_files}
        racers: dict[str, Racer] = {}
        for each in (*in_season, *former):
            same = _same(each, known)
            other = known.pop(same) if same is not None else each
            also = (*other.also, *each.also, *({other.name} - {each.name}))
            found = replace(other, name=_name(kind, each, other), also=also, result_id=each.result_id)
            racers.setdefault(joined(each.name), replace(found, last_season=each.last_season))
        return [*racers.values(), *known.values()]

    def involving(self, racer: Racer) -> list[Involvement]:
        """The incidents that a driver, or a team's drivers or the team itself, were in; told ones first."""
        if racer.kind is Championship.DRIVERS:
            return self._incidents.involving(lambda seat: seat.suspect_id in racer.suspect_ids)
        names = {joined(name) for name in (racer.name, *racer.also)}
        return self._incidents.involving(lambda seat: joined(seat.team) in names)

    def _of_drivers(self, seats: Iterable[Seat]) -> Iterator[Racer]:
        """The drivers of the names' file, and of incidents those that are not in it."""
        drive = {seat.suspect_id: seat.name for seat in seats if seat.team not in NOT_TEAMS and seat.name != seat.team}
        for suspect_id, name in {**drive, **{key: driver.name for key, driver in self._drivers.items()}}.items():
            if suspect_id not in NOT_DRIVERS:
                also = self._drivers[suspect_id].also if suspect_id in self._drivers else ()
                yield Racer(Championship.DRIVERS, name, also, frozenset({suspect_id}))

    def _of_teams(self, seats: Iterable[Seat]) -> Iterator[Racer]:
        """The teams of the names' file, and of incidents those that are not in it."""
        yield from (Racer(Championship.TEAMS, team.name, team.also) for team in self._teams.values())
        listed = {joined(name) for team in self._teams.values() for name in (team.name, *team.also)}
        others = {seat.team for seat in seats if seat.team not in {*NOT_TEAMS, ""} and joined(seat.team) not in listed}
        yield from (Racer(Championship.TEAMS, team) for team in sorted(others))


def racers_of(kind: Championship, standings: Standings | None, results: Iterable[Classification]) -> list[Racer]:
    """Everybody in a season's championship or results, those of the championship first."""
    found: dict[str, Racer] = {}
    for row in standings.entries if standings else ():
        found[row.id] = Racer(kind, row.name, (row.code,) if row.code else (), result_id=row.id)
    for result in results:
        for entrant in (finish.entrant for finish in result.finishes):
            if kind is Championship.DRIVERS:
                also = (entrant.code,) if entrant.code else ()
                found.setdefault(entrant.driver_id, Racer(kind, entrant.name, also, result_id=entrant.driver_id))
            else:
                found.setdefault(entrant.team_id, Racer(kind, entrant.team, result_id=entrant.team_id))
    return list(found.values())


def former_racers(kind: Championship, tables: Iterable[Standings]) -> list[Racer]:
    """Everybody in the championships of several seasons, the latest first, each with the last one that they are in."""
    found: dict[str, Racer] = {}
    for table in tables:
        for row in table.entries:
            found.setdefault(row.id, Racer(kind, row.name, last_season=table.season))
    return list(found.values())


def _nearest(words: Sequence[str], known: Iterable[Racer]) -> tuple[Racer, ...]:
    """Those of whose names some word is most like what was typed, to be offered as a guess."""
    near = {racer: nearness(words, racer.name, *racer.also) for racer in known}
    fitting = (racer for racer, like in near.items() if like)
    return tuple(sorted(fitting, key=lambda racer: -near[racer])[:NEAREST])


def _same(racer: Racer, known: Mapping[frozenset[str], Racer]) -> frozenset[str] | None:
    """Whom of those that are known, by the words of their names, somebody of a season is."""
    words, name = frozenset(split(racer.name)), joined(racer.name)
    if words in known:
        return words
    if racer.kind is Championship.TEAMS:
        return next((key for key, other in known.items() if name in map(joined, other.also)), None)
    for key in known:
        longer, shorter = (words, key) if len(words) > len(key) else (key, words)
        if len(shorter) > 1 and shorter < longer and not (longer - shorter) & ENDINGS:
            return key
    return None


def _name(kind: Championship, racer: Racer, known: Racer) -> str:
    """What somebody is called: a driver as the results have it, a team as fans do."""
    return racer.name if kind is Championship.DRIVERS else known.name


def _surname(racer: Racer) -> str:
    """The part of a driver's name that stands for the whole; a team has none but its name."""
    if racer.kind is Championship.TEAMS:
        return racer.name
    first, *others = racer.name.split()
    return " ".join(others) or first
