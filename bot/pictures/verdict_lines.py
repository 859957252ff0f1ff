"""What a picture of the fans' verdict shows, as values: a scale of answers, and its sides line by line."""

from dataclasses import dataclass
from typing import NamedTuple


class Answer(NamedTuple):
    """A choice of a scale, from one end to the other: what it is called, how many chose it, as it is written."""

    label: str
    votes: int
    written: str


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody who may be blamed, or nobody: the share of all votes, 0 to 1, and of those before and after the ruling.

    `ruled` says that the ruling blames this side; `nobody` that it is the racing incident's. The parts are None where
    there was no vote on one side of the ruling, or so few that a share says nothing; `moved` is how they are written.
    `hundredths` is the share as it is written, None of few votes.
    """

    label: str
    votes: int
    share: float
    written: str
    ruled: bool = False
    nobody: bool = False
    before: float | None = None
    after: float | None = None
    hundredths: int | None = None
    moved: str = ""


@dataclass(frozen=True, slots=True)
class VerdictLines:
    """A poll beside the ruling that stands.

    `finding` is what both say, in one sentence; `scale` are the five answers between two suspects, empty where there
    are more of them; `judges` are those who ruled; `agreed` says how many of the fans agree with them; `invitation` how
    to vote.
    """

    finding: str
    occasion: str
    turnout: str
    sides: tuple[Side, ...]
    scale: tuple[Answer, ...] = ()
    judges: str = ""
    ruling: str = ""
    agreed: str = ""
    invitation: str = ""
