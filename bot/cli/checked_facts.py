"""What `incidents check` finds when it checks files against the results and standings that a bot has stored."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.domain.claims.claim import Verdict
from bot.domain.claims.incident import CheckedClaim, SameTeam, checked_claims
from bot.domain.claims.records import recorded
from bot.domain.incidents import Incident
from bot.domain.names import Team
from bot.domain.season import Championship, Classification, Race, Standings, plain
from bot.domain.sessions import SessionKind
from bot.search.circuit_finder import CircuitFinder
from storage.database.base import CannotOpenError
from storage.database.open import database_file, is_there
from storage.health import Health
from storage.incidents.reading import Mistake, read_circuits, read_teams
from storage.season_reader import SeasonReader

LINES = ("result", "championship")
"""The fields whose text is checked against what is stored."""

EARLIER = 2
"""Days before the race on which an incident of its weekend may have been."""


@dataclass(frozen=True, slots=True)
class StoredSeason:
    """A season as a database has it."""

    races: tuple[Race, ...]
    results: Mapping[tuple[str, SessionKind], Classification]
    standings: tuple[Standings, ...]


@dataclass
class HeldFacts:
    """What is wrong in files, and how much of them could be checked against anything."""

    mistakes: list[Mistake] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    races: int = 0
    """Incidents whose race is stored with its result."""

    lines: int = 0
    """Lines on result and championship in which something was checked, of two for each of these incidents."""

    @property
    def summary(self) -> str:
        """All of it in a line."""
        if not self.races:
            return "The database knows the result of none of these races, so no facts were held against it."
        right, wrong = self.verdicts[Verdict.RIGHT], self.verdicts[Verdict.WRONG]
        left = self.verdicts[Verdict.UNCHECKED]
        return (
            f"Races that the database knows: {self.races}. Held against it: {self.lines} of {self.races * len(LINES)}"
            f" lines on result and championship; figures and names: {right} right, {wrong} wrong, {left} of which"
            " nothing is stored. The rest says nothing that can be held."
        )


def check_facts(url: str, incidents: Sequence[Incident]) -> tuple[Sequence[Mistake], str]:
    """What contradicts the database at an address, and a line on how much was checked; or why nothing was."""
    try:
        seasons = asyncio.run(_read(url, {incident.season for incident in incidents}))
    except CannotOpenError as error:
        return (), f"No facts were held against results and standings: {str(error).removesuffix('.')}."
    facts = HeldFacts()
    for incident in incidents:
        _hold(incident, seasons[incident.season], facts)
    return facts.mistakes, facts.summary


async def _read(url: str, seasons: Iterable[int]) -> dict[int, StoredSeason]:
    """Seasons as a database has them. Raises CannotOpenError."""
    file = database_file(url)
    if file is not None and not is_there(file):
        raise CannotOpenError("there is no database yet, a bot that runs makes one and fills it")
    health = Health(url)
    try:
        await health.check()
        reader = SeasonReader(health.reader)
        return {season: await _season(reader, season) for season in seasons}
    finally:
        await health.close()


async def _season(reader: SeasonReader, season: int) -> StoredSeason:
    standings = [await reader.every_standings(season, kind) for kind in Championship]
    results = {(each.race.key, each.kind): each for each in await reader.results(season)}
    return StoredSeason(await reader.schedule(season), results, tuple(each for kind in standings for each in kind))


def _hold(incident: Incident, season: StoredSeason, facts: HeldFacts) -> None:
    """Hold one incident against its race; of one whose race is not stored nothing is said."""
    race = next((each for each in season.races if 0 <= (each.race.day - incident.date).days <= EARLIER), None)
    file = f"{incident.id}.toml"
    facts.mistakes += _misplaced(file, incident, race, season.races)
    if race is None:
        return
    result = season.results.get((race.key, SessionKind.RACE))
    sprint = season.results.get((race.key, SessionKind.SPRINT))
    if result is None and sprint is None:
        return
    facts.races += 1
    record = recorded(result, sprint, season.standings, race.round)
    checked = [*checked_claims(incident, record, sprint, same_teams(read_teams()))]
    facts.verdicts.update(claim.checked.verdict for claim in checked)
    facts.lines += len({claim.field for claim in checked if claim.checked.verdict is not Verdict.UNCHECKED} & {*LINES})
    facts.mistakes += _mistakes(file, checked)


def _misplaced(file: str, incident: Incident, race: Race | None, races: Sequence[Race]) -> Iterator[Mistake]:
    """A race of that day that is somewhere else, or one there on another day while there is none that day."""
    circuits = read_circuits()
    place, finder = circuits[incident.circuit], CircuitFinder(circuits)
    if race is not None and finder.of(race) not in {None, place}:
        yield Mistake(file, "circuit", f"“{incident.circuit}”: the database says {race.circuit} of {race.race.day}")
    days = [f"{each.race.day}" for each in races if race is None and finder.of(each) == place]
    if days:
        yield Mistake(file, "date", f"“{incident.date}”: the database says {' or '.join(days)} of {place.name}")


def _mistakes(file: str, checked: Iterable[CheckedClaim]) -> Iterator[Mistake]:
    """The contradictions, one for all that is wrong in the same words."""
    wrong = (claim for claim in checked if claim.checked.verdict is Verdict.WRONG)
    for (where, words), claims in groupby(wrong, key=lambda claim: (claim.field, claim.words)):
        said = ", ".join(dict.fromkeys(claim.checked.said for claim in claims))
        yield Mistake(file, where, f"“{words}”: the database says {said}")


def same_teams(teams: Mapping[str, Team]) -> SameTeam:
    """Whether two names are one team's, as `storage/names/teams.toml` tells it, or as they share a word."""
    keys = {plain(name): key for key, team in teams.items() for name in (team.name, *team.also)}

    def same(first: str, second: str) -> bool:
        one, other = plain(first), plain(second)
        if one in keys and other in keys:
            return keys[one] == keys[other]
        return not {*one.split("-")}.isdisjoint(other.split("-"))

    return same
