"""What the fans make of a season's incidents and rulings, reckoned from the tallies alone.

Every comparison says how many votes it rests on, so that few can be called few.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bot.domain.incidents import RACING_INCIDENT, Incident, Ruling, Suspect
from bot.domain.noted_incidents import RACE_CONTROL, NotedRuling
from bot.domain.noted_rulings import NO_FURTHER
from bot.domain.polls import CORRECT, HARSH, LENIENT, SMALL, Choice, Tally

WORTH = 25
"""Points that an incident is worth, as a win is; they are dealt out by share of the blame."""

MOSTLY = Fraction(3, 4)
"""The share of a vote for `mostly` one suspect that blames them; what is left of it blames the other."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An incident, and the votes on its questions; `rating` is None where there is no ruling to be rated."""

    incident: Incident
    blame: Tally
    rating: Tally | None = None


class Share(NamedTuple):
    """So many of so many votes, and how many `hundredths` that is where all sides of the poll are told."""

    part: int
    whole: int
    hundredths: int

    @classmethod
    def of(cls, tally: Tally, sides: Sequence[str]) -> "Share":
        """What a few sides have of a poll's votes: in hundredths the sum of what each has, as the poll tells them."""
        votes, parts = tally.by_side(), tally.hundredths_by_side()
        return cls(sum(votes[side] for side in sides), tally.votes, sum(parts[side] for side in sides))

    @property
    def value(self) -> Fraction:
        """Between 0 and 1; 0 of no votes."""
        return Fraction(self.part, self.whole or 1)

    @property
    def is_small(self) -> bool:
        """Whether the votes are too few to be told in hundredths."""
        return self.whole < SMALL


class Dispute(NamedTuple):
    """A ruling, and the votes, of all there are, that say otherwise."""

    incident: Incident
    against: Share


class Rated(NamedTuple):
    """A ruling, and the ratings that put it on one side: that find it too harsh, say, or too lenient."""

    incident: Incident
    side: str
    share: Share


class Moved(NamedTuple):
    """A ruling, and the votes that say the same: of those before it, and of those after it."""

    incident: Incident
    before: Share
    after: Share


@dataclass(frozen=True, slots=True)
class Agreement:
    """In how many rulings the fans' leading side was with the stewards, against them, or split.

    That is the side with the most votes before the ruling, be it under half of them; where fewer than `SMALL` came
    before it, of all votes. A side says what a ruling says if it blames one of those at fault, or nobody where nobody
    is; a ruling that blames everybody says nothing to be held against it, and is left out, as is one on which nobody
    has voted. `few` are the rulings, of all those counted, whose leading side is that of fewer than `SMALL` votes.
    """

    agreed: int = 0
    disagreed: int = 0
    split: int = 0
    few: int = 0

    @property
    def rulings(self) -> int:
        """All that were counted."""
        return self.agreed + self.disagreed + self.split


class Blamed(NamedTuple):
    """Somebody's place in the blame championship: equal points share one; in so many incidents they got blame."""

    place: int
    suspect: Suspect
    points: Fraction
    incidents: int

    @property
    def rounded(self) -> float:
        """The points as they are shown, to a tenth; who is level there shares a place."""
        return float(round(self.points, 1))


def agreeing_sides(incident: Incident, ruling: Ruling) -> tuple[str, ...]:
    """The poll's sides that say what a ruling says; none where it blames both ends of the scale.

    Nor where it punishes somebody who was not in it after all, which does not say that it was nobody's fault.
    """
    if not ruling.at_fault:
        by_message = isinstance(ruling, NotedRuling) and ruling.source == RACE_CONTROL
        return () if by_message and ruling.decision not in NO_FURTHER else (RACING_INCIDENT,)
    return () if len(ruling.at_fault) == len(incident.suspects) else ruling.at_fault


def agreement(opinions: Iterable[Opinion]) -> Agreement:
    """How often the fans' leading side and the stewards said the same."""
    agreed = disagreed = split = few = 0
    for _incident, sides, tally in _comparable(opinions):
        heard = tally.before if tally.before.votes >= SMALL else tally
        by_side = heard.by_side()
        most = max(by_side.values())
        leaders = [side for side, votes in by_side.items() if votes == most]
        split += len(leaders) > 1
        agreed += len(leaders) == 1 and leaders[0] in sides
        disagreed += len(leaders) == 1 and leaders[0] not in sides
        few += heard.votes < SMALL
    return Agreement(agreed, disagreed, split, few)


def disputes(opinions: Iterable[Opinion]) -> list[Dispute]:
    """The rulings and how far votes contradict them, the most disputed first; what few have voted on comes last."""
    found = (
        Dispute(incident, Share.of(tally, [side for side in tally.by_side() if side not in sides]))
        for incident, sides, tally in _comparable(opinions)
    )
    return sorted(found, key=lambda each: _rank(each.against), reverse=True)


def harshest(opinions: Iterable[Opinion]) -> list[Rated]:
    """The rulings that are found too harsh on the whole, the harshest first; what few have rated comes last."""
    return _rated(opinions, HARSH)


def most_lenient(opinions: Iterable[Opinion]) -> list[Rated]:
    """The rulings that are found too lenient on the whole, the most lenient first; what few have rated comes last."""
    return _rated(opinions, LENIENT)


def most_moved(opinions: Iterable[Opinion]) -> list[Moved]:
    """The rulings after which votes said something else than before, by how far; what rests on few comes last."""
    found = (
        Moved(incident, *(Share.of(part, sides) for part in (tally.before, tally.after)))
        for incident, sides, tally in _comparable(opinions)
        if tally.before.votes and tally.after.votes
    )
    moved = (each for each in found if each.before.value != each.after.value)
    return sorted(moved, key=_way, reverse=True)


def blame_championship(opinions: Iterable[Opinion]) -> list[Blamed]:
    """Whom the fans blame, most points first: an incident deals out `WORTH` by each one's share of its votes.

    A vote for one suspect is theirs; `mostly` gives them `MOSTLY`, and the other what is left; a racing incident is
    nobody's.
    """
    suspects: dict[str, Suspect] = {}
    points: dict[str, Fraction] = defaultdict(Fraction)
    incidents: dict[str, int] = defaultdict(int)
    for opinion in sorted(opinions, key=lambda opinion: opinion.incident.date):
        # Of one and the same driver race control does not always say the team.
        suspects |= {each.id: each for each in opinion.incident.suspects if each.team or each.id not in suspects}
        for suspect_id, share in _blame(opinion).items():
            points[suspect_id] += WORTH * share
            incidents[suspect_id] += 1
    order = sorted(points, key=lambda each: (-points[each], suspects[each].name))
    shown = [round(points[each], 1) for each in order]
    return [
        Blamed(shown.index(shown[number]) + 1, suspects[each], points[each], incidents[each])
        for number, each in enumerate(order)
    ]


def _comparable(opinions: Iterable[Opinion]) -> Iterable[tuple[Incident, Sequence[str], Tally]]:
    """The incidents that have votes and a ruling to hold them against, with the sides that agree with it."""
    for opinion in opinions:
        ruling = opinion.incident.ruling
        if ruling is not None and opinion.blame.votes and (sides := agreeing_sides(opinion.incident, ruling)):
            yield opinion.incident, sides, opinion.blame


def _rank(share: Share) -> tuple[bool, Fraction, int]:
    return not share.is_small, share.value, share.whole


def _way(moved: Moved) -> tuple[bool, Fraction, int]:
    """How far votes moved; of what rests on few at one end, nothing can be said for sure."""
    before, after = moved.before, moved.after
    return not (before.is_small or after.is_small), abs(after.value - before.value), before.whole + after.whole


def _rated(opinions: Iterable[Opinion], side: str) -> list[Rated]:
    """The rulings that lean to a side, by how far they do: on a scale where far too harsh is twice as far."""
    tallies = ((each.incident, each.rating) for each in opinions if each.rating is not None and each.rating.votes)
    leaning = ((_lean(tally, side), Rated(incident, side, Share.of(tally, [side]))) for incident, tally in tallies)
    found = [(lean, rated) for lean, rated in leaning if lean > 0]
    found.sort(key=lambda each: (not each[1].share.is_small, each[0], each[1].share.whole), reverse=True)
    return [rated for _lean, rated in found]


def _lean(tally: Tally, side: str) -> Fraction:
    """How far the ratings lean to a side, between -2 and 2 on average."""
    steps = sum(_steps(choice, side) * tally.count(choice) for choice in tally.choices)
    return Fraction(steps, tally.votes)


def _steps(choice: Choice, side: str) -> int:
    """How far a rating is from `correct`, towards a side."""
    far = 2 if choice.key.startswith("far-") else 1
    return 0 if choice.side == CORRECT else far if choice.side == side else -far


def _blame(opinion: Opinion) -> dict[str, Fraction]:
    """Each suspect's share of the blame for an incident; those who get none are left out."""
    tally, ids = opinion.blame, {suspect.id for suspect in opinion.incident.suspects}
    blame: dict[str, Fraction] = defaultdict(Fraction)
    for choice in tally.choices:
        votes = tally.count(choice)
        if not votes or choice.side == RACING_INCIDENT:
            continue
        share = MOSTLY if choice.key == f"mostly-{choice.side}" else Fraction(1)
        blame[choice.side] += votes * share
        if share < 1:
            (other,) = ids - {choice.side}
            blame[other] += votes * (1 - share)
    return {suspect: votes / tally.votes for suspect, votes in blame.items()}
