"""What an incident's file claims of its race and the championship, each claim checked against the record."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.domain.claims.claim import Checked, Claim, Verdict
from bot.domain.claims.places import grid_claims, result_claims
from bot.domain.claims.points import championship_claims
from bot.domain.claims.records import Record
from bot.domain.claims.wording import Persons, sentences
from bot.domain.incidents import Incident, Suspect
from bot.domain.season import Classification, Entrant, plain

SameTeam = Callable[[str, str], bool]
"""Whether two names are one team's."""

_RACE_DAY = re.compile(r"\b(?:Sunday|Grand Prix|day later)\b")
_SPRINT = re.compile(r"\b[Ss]print\b")


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim that was checked against the record: in which field it stands, in which words, and what came of it."""

    field: str
    words: str
    checked: Checked


def checked_claims(
    incident: Incident, record: Record, sprint: Classification | None, same_team: SameTeam
) -> Iterator[CheckedClaim]:
    """Everything in an incident's file that can be understood, in the file's order."""
    persons = Persons(record.names)
    in_sprint = replace(record, result=sprint)
    its_own = in_sprint if incident.session == "sprint" else record
    yield from _laps(incident, its_own.result)
    yield from _checked("positions", grid_claims(incident.positions, persons), its_own)
    for number, suspect in enumerate(incident.suspects, start=1):
        yield from _suspect(f"suspects[{number}]", suspect, its_own.result, same_team)
    for sentence in sentences(incident.result):
        told = _told_of(sentence, incident, record, in_sprint)
        claims = (*result_claims(sentence, persons), *grid_claims(sentence, persons))
        yield from _checked("result", claims, told)
    yield from _checked("championship", championship_claims(incident.championship, persons), record)


def _told_of(sentence: str, incident: Incident, race: Record, sprint: Record) -> Record:
    """The record of the session that a sentence on the result tells."""
    if incident.session == "sprint":
        return race if _RACE_DAY.search(sentence) else sprint
    return sprint if _SPRINT.search(sentence) else race


def _checked(field: str, claims: Iterable[Claim], record: Record) -> Iterator[CheckedClaim]:
    return (CheckedClaim(field, claim.words, claim.check(record)) for claim in claims)


def _laps(incident: Incident, result: Classification | None) -> Iterator[CheckedClaim]:
    """The laps of a race or a sprint are those of its winner."""
    if incident.laps is None or incident.session not in {"race", "sprint"} or result is None:
        return
    laps = next((finish.laps for finish in result.finishes if finish.place == "1"), None)
    if laps is not None:
        yield CheckedClaim("laps", f"{incident.laps}", _compared(incident.laps == laps, f"{laps}"))


def _suspect(
    field: str, suspect: Suspect, result: Classification | None, same_team: SameTeam
) -> Iterator[CheckedClaim]:
    """The car's number and the team of a suspect who is in the result by the full name."""
    entrant = _entrant(suspect, result)
    if entrant is None:
        return
    if suspect.number is not None and entrant.number is not None:
        right = suspect.number == entrant.number
        yield CheckedClaim(f"{field}.number", f"{suspect.number}", _compared(right, f"{entrant.number}"))
    if suspect.team:
        right = same_team(suspect.team, entrant.team)
        yield CheckedClaim(f"{field}.team", suspect.team, _compared(right, entrant.team))


def _entrant(suspect: Suspect, result: Classification | None) -> Entrant | None:
    name = plain(suspect.name).removesuffix("-jr")
    entrants = () if result is None else (finish.entrant for finish in result.finishes)
    return next((each for each in entrants if plain(each.name).removesuffix("-jr") == name), None)


def _compared(right: bool, said: str) -> Checked:
    return Checked(Verdict.RIGHT) if right else Checked(Verdict.WRONG, said)
