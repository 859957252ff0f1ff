"""What a text on a result claims: who won from whom, who was given what place, who started where."""

import re
from collections.abc import Iterator

from bot.domain.claims.claim import Claim, Finished, Started
from bot.domain.claims.wording import ORDINAL, Clause, Persons, clauses, ordinal

_UNOFFICIAL = re.compile(
    r"\b(?:would|could|might|provisional\w*|before (?:the|his|their) penalt\w+|later|took the flag|title)\b",
    re.IGNORECASE,
)
"""Words by which a clause speaks of what was not to stay, or of another day."""

_FOR_GOOD = (
    rf"(?=[,;]|$| in spite of\b| behind\b| ahead of\b| again\b| with\b| after\b| and (?!{ORDINAL})| from\b"
    r"| in the end\b| for\b)(?!(?:, (?:but|and|then|before|until)\b)?[^,;]*"
    r"\b(?:retired|crashed|spun|stopped|lost|dropped|fell|excluded|disqualified)\b)"
)
"""What may follow a place that somebody kept; `on the road` may not, nor that it was lost."""

_ASIDE = r"(?:, (?![^,;]*\bwas\b)[^,;]{1,70},)?"
_GIVEN = (
    r"(?: (?:was|were|finished|came home|came back to|came|became|is|recovered to|fell to|limped home|inherited|ended"
    r"|was classified|was put back to|was moved to|was promoted to|dropped to))?"
)


def result_claims(text: str, persons: Persons) -> Iterator[Claim]:
    """What a text claims of a result; clauses about what did not stay claim nothing."""
    for clause in clauses(text):
        if _UNOFFICIAL.search(clause.plain) is None and persons.named(clause.plain):
            yield from dict.fromkeys((*_podium(clause, persons), *_places(clause, persons)))


def grid_claims(text: str, persons: Persons) -> Iterator[Claim]:
    """What a text claims of the grid: `Vettel first, Hamilton seventh on the grid`, `Hülkenberg had started 18th`."""
    slot = rf"{persons.pattern},?(?: from)? {ORDINAL}"
    listed = rf"(?:{slot}(?:, | and ))*{slot} on the grid\b(?:(?:, | and ){slot}(?=[,;]| and\b|$))*"
    started = rf"{persons.pattern} (?:had )?started {ORDINAL}(?=[,;]| and\b|$)"
    of_one = rf"(?P<who>{persons.pattern}),?(?: from| started| had started)? (?P<place>{ORDINAL})"
    for clause in clauses(text):
        for line in re.finditer(rf"{listed}|{started}", clause.plain):
            for found in re.compile(of_one).finditer(clause.plain, *line.span()):
                words = clause.written[slice(*found.span())]
                yield Started(f"{words} on the grid", persons.meant(found["who"]), ordinal(found["place"]))


def _podium(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Verstappen won from Hamilton, who took the fastest lap, and Norris`."""
    name = persons.pattern
    winner = rf"(?P<who>{name})(?: (?:and|in the end))?(?: started from pole and)? (?:won|was declared the winner)\b"
    for found in re.finditer(winner, clause.plain):
        yield Finished(clause.written[slice(*found.span())], persons.meant(found["who"]), 1)
    beaten = (
        rf"\b(?:won|the winner)\b(?P<how>[^;]*?)(?:,| |^)(?:from|ahead of) (?P<second>{name})"
        rf"(?P<more>(?:, {name})* and {name}|,[^,;]+,? and {name})?"
    )
    for found in re.finditer(beaten, clause.plain):
        if re.search(r"\bwon\b| from pole.*\bfrom\b", found["how"]):
            continue
        words = clause.written[slice(*found.span())]
        aside = re.match(rf",(?! {name}[, ])", found["more"] or "")
        listed = re.findall(name, found["more"] or "")
        if aside is not None:
            listed = listed[-1:]
        for place, who in enumerate((found["second"], *listed), start=2):
            yield Finished(words, persons.meant(who), place)


def _places(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Sainz, fourth on the road, became twelfth`, `with Räikkönen third`, `A and B finished first and second`."""
    name = persons.pattern
    shape = (
        rf"(?P<who>{name}){_ASIDE}{_GIVEN}(?: now| again| {ORDINAL} on the road and)? (?P<place>{ORDINAL}){_FOR_GOOD}"
    )
    for found in re.finditer(shape, clause.plain):
        words = clause.written[slice(*found.span())]
        yield Finished(words, persons.meant(found["who"]), ordinal(found["place"]))
    pair = rf"(?P<who>{name}) and (?P<other>{name}) (?:finished|were)"
    both = rf"{pair} (?P<place>{ORDINAL}) and (?P<next>{ORDINAL}){_FOR_GOOD}"
    for found in re.finditer(both, clause.plain):
        words = clause.written[slice(*found.span())]
        yield Finished(words, persons.meant(found["who"]), ordinal(found["place"]))
        yield Finished(words, persons.meant(found["other"]), ordinal(found["next"]))
