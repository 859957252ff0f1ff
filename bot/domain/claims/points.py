"""What a text on the championship claims: points, leads and places, in the shapes that such texts have."""

import re
from collections.abc import Iterator

from bot.domain.claims.claim import Claim, HasPoints, Leads, Stands
from bot.domain.claims.records import Who
from bot.domain.claims.wording import FIGURE, ORDINAL, Clause, Persons, clauses, figure, ordinal

_ELSEWHEN = re.compile(
    r"\b(?:would|could|might|until|later|before (?:the|his|their) penalt\w+|in the end|end of the (?:season|year)"
    r"|season's end|without the|had (?:he|they) been|(?:19|20)\d\d|penalty points|on the road)\b",
    re.IGNORECASE,
)
"""Words by which a clause speaks of another day, of what might have been, or of what else is counted."""

_ASIDE = r"(?:, [^,;:]{1,40},)?"
"""Something between commas, after the name."""

_BEING = (
    r"(?: (?:now|had|has|was|is|stood|stands|came|stayed|remained|led|fell|dropped|moved|kept|again|still|exactly|to"
    rf"|{ORDINAL}))*"
)
_OF_POINTS = r"(?: points?)?(?=[,;:)]| and\b| to (?!\d)| from (?=[A-Z])|$)"
"""What follows points: other counted things have a name, and end no clause."""

NOBODY_ELSE: frozenset[Who] = frozenset()
"""Over whom somebody leads where nobody is named: whoever is the best of the others."""

_UNCOUNTED = r"(?= points?\b|[,;]| in\b| on\b| with\b| and\b| after\b|$)"
"""What follows a lead in points."""


def championship_claims(text: str, persons: Persons) -> Iterator[Claim]:
    """What a text claims of a championship; clauses about other days claim nothing."""
    for clause in clauses(text):
        if _ELSEWHEN.search(clause.plain) is None and persons.named(clause.sentence):
            yield from dict.fromkeys(_of_clause(clause, persons))


def _of_clause(clause: Clause, persons: Persons) -> Iterator[Claim]:
    yield from _points(clause, persons)
    yield from _pairs(clause, persons)
    yield from _leads(clause, persons)
    yield from _places(clause, persons)


def _points(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Vettel (151)`, `Leclerc 18`, `Räkkönen's 90`, `Bottas, on 16`, `Webber led with 93 points`."""
    name = rf"(?P<who>{persons.pattern})"
    amount = rf"(?P<points>{FIGURE})"
    shapes = (
        rf"{name} \({amount}(?: points)?\)",
        rf"{name}(?:'s)? {amount}{_OF_POINTS}",
        rf"{name}{_ASIDE},?(?: and| but| who)?{_BEING} (?:had|on|with|at) {amount}{_OF_POINTS}",
    )
    for shape in shapes:
        for found in re.finditer(shape, clause.plain):
            words = clause.written[slice(*found.span())]
            yield HasPoints(words, persons.meant(found["who"]), figure(found["points"]))
    with_it = rf"^{name}\b.* with {amount} points$"
    alone = len(persons.named(clause.plain)) == 1
    for found in re.finditer(with_it, clause.plain) if alone else ():
        yield HasPoints(clause.written, persons.meant(found["who"]), figure(found["points"]))
    shared = rf"{name} and (?P<other>{persons.pattern})(?: had)?(?: both)? {amount}(?: points)? each\b"
    for found in re.finditer(shared, clause.plain):
        words = clause.written[slice(*found.span())]
        for who in (found["who"], found["other"]):
            yield HasPoints(words, persons.meant(who), figure(found["points"]))


def _pairs(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Hamilton led Massa by two, 76 to 74`: the points of the two who are named before; `Prost led by 76 to 60`."""
    score = r"(?<!from )(?<![\d.])(\d+(?:\.5)?)(?: points)? to (\d+(?:\.5)?)(?![\d.]|\w)"
    for found in re.finditer(score, clause.plain):
        words = clause.written[slice(*found.span())]
        first, second = map(float, found.groups())
        match persons.named(clause.sentence.partition(found[0])[0]):
            case [name]:
                yield HasPoints(f"{name} … {words}", persons.meant(name), first)
                yield Leads(f"{name} … {words}", persons.meant(name), NOBODY_ELSE, first - second)
            case [name, other] if persons.rivals(name, other):
                yield HasPoints(f"{name} … {words}", persons.meant(name), first)
                yield HasPoints(f"{other} … {words}", persons.meant(other), second)


def _leads(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`lead over Vettel shrank from 24 points to 17`, `led Bottas by 29 points`, `four points ahead of Vettel`."""
    who, over = rf"(?P<who>{persons.pattern})", rf"(?P<over>{persons.pattern})"
    amount, more = rf"(?P<points>{FIGURE})", rf"(?P<other>{FIGURE})"
    lead = rf"{who}'s lead(?: over {over}(?:, his team-mate,)?)?"
    third = rf"(?: and (?P<third>{persons.pattern}) by {more})?"
    shapes = (
        rf"{lead} (?:\w+ )?\w+,? from {amount}(?: points?)? to {more}{_UNCOUNTED}",
        rf"{lead} \w+(?: down)?(?: by {FIGURE}(?: points)?)? to {amount}{_UNCOUNTED}",
        rf"{who} (?:extended|stretched|increased) (?:his|their|its) lead over {over} to {amount}{_UNCOUNTED}",
        rf"{who}{_ASIDE}(?: now| again| still| had)? led {over} by {amount}(?: points?)?{third}{_UNCOUNTED}",
        rf"{who} (?:kept|had|held) (?:the|a) lead of {amount} points? over {over}",
    )
    for shape in shapes:
        for found in re.finditer(shape, clause.plain):
            words, said = clause.written[slice(*found.span())], found.groupdict()
            behind = persons.meant(said["over"] or "")
            yield Leads(words, persons.meant(found["who"]), behind, figure(found["points"]))
            if said.get("other"):
                other = persons.meant(found["third"]) if "third" in said else behind
                yield Leads(words, persons.meant(found["who"]), other, figure(found["other"]))
    yield from _margins(clause, persons)


def _margins(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Kubica took the lead, four points ahead of Hamilton and Massa`: of the only one who is named before it."""
    shape = (
        rf"(?P<points>{FIGURE})(?: points?)? (?P<way>ahead of|behind) (?P<over>{persons.pattern})"
        rf"(?: and (?P<other>{persons.pattern})(?=[,;]|$))?"
    )
    for found in re.finditer(shape, clause.plain):
        named = persons.named(clause.plain[: found.start()])
        for over in (found["over"], found["other"]) if len(named) == 1 else ():
            if over is not None:
                words = f"{named[0]} … {clause.written[slice(*found.span())]}"
                pair = [persons.meant(named[0]), persons.meant(over)]
                ahead, behind = pair if found["way"] == "ahead of" else reversed(pair)
                yield Leads(words, ahead, behind, figure(found["points"]))


def _places(clause: Clause, persons: Persons) -> Iterator[Claim]:
    """`Vettel, on 78, dropped to fifth`, `Albon was eighth with 84 points`."""
    shape = (
        rf"(?P<who>{persons.pattern}){_ASIDE},?(?: who)?(?: and)? (?:now |again )?"
        r"(?:was|is|stayed|remained|stood|dropped to|fell to|moved up to|came)(?: now| again)?"
        rf" (?P<place>{ORDINAL})(?=[,;]| with\b| on\b| in the (?:championship|standings)\b| and\b|$)"
    )
    bare = rf"(?P<who>{persons.pattern}) (?P<place>{ORDINAL})(?= with {FIGURE}{_OF_POINTS})"
    for found in (*re.finditer(shape, clause.plain), *re.finditer(bare, clause.plain)):
        words = clause.written[slice(*found.span())]
        yield Stands(words, persons.meant(found["who"]), ordinal(found["place"]))
