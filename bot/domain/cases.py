"""What race control says about incidents, notice by notice, and what becomes of each: its case.

A case is what the feed alone carries. Nobody in it is guilty before a penalty, and the order of its cars is race
control's, not that of blame.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.race_control import Car

VERDICTS_FOLLOW = dt.timedelta(minutes=30)
"""How long after the chequered flag verdicts are still given in the feed; what is open then gets none there."""

DRIVERS = 2
"""From how many drivers on a case can be about which of them is to blame."""

_DRIVING = re.compile(r"COLLISION|CONTACT|FORC|ERRATIC|REJOIN|RELEASE|BRAKING|CHANGE OF DIRECTION|WEAV|CROWD|IMPED")
"""Reasons that are about how one driver treats another, whatever else they name."""

_PROCEDURE = re.compile(
    r"INFRINGEMENT|TRACK LIMITS|SPEEDING|SAFETY CAR|\b(?:VSC|DELTA|PENALTY|GRID|DRS|SIGNAL|LINE)\b|PROCEDURE|FORMATION|"
    r"INSTRUCTIONS|\b(?:YELLOW|RED FLAG|BLUE FLAG|START|JUMP|PARC FERM|WEIGH|TYRE|WHEELS)|UNSAFE CONDITION"
)
"""Reasons that are about the rules of procedure, whoever else is named: nobody ran into anybody."""


def is_procedure(reason: str | None) -> bool:
    """Whether a reason is a breach of procedure, and not how one driver treated another."""
    return reason is not None and not _DRIVING.search(reason) and bool(_PROCEDURE.search(reason))


class NoticeKind(StrEnum):
    """What a notice says; UNKNOWN is one of the stewards' that follows no known template, and is never guessed at."""

    NOTED = "noted"
    UNDER_INVESTIGATION = "under"
    AFTER_SESSION = "after"
    NO_FURTHER = "no_further"
    PENALTY = "penalty"
    PENALTY_SERVED = "served"
    UNKNOWN = "unknown"


class Modifier(StrEnum):
    """That a notice takes the place of an earlier one, which was wrong, or says more than it did."""

    CORRECTION = "correction"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of race control or the stewards about an incident or a penalty, read.

    `index`, `at` and `lap` are the message's own; `text` is what it says, with single spaces. `place` is in the feed's
    words (TURN 4, PIT LANE). `lap_in_text` is the lap it names, `incident_time` the time at the track that it names.
    `penalty` is what is imposed, such as "5s time penalty". A car's code is empty where race control leaves it out.
    """

    kind: NoticeKind
    index: int
    at: dt.datetime
    text: str
    cars: tuple[Car, ...] = ()
    place: str | None = None
    reason: str | None = None
    lap: int | None = None
    lap_in_text: int | None = None
    incident_time: dt.time | None = None
    penalty: str | None = None
    modifier: Modifier | None = None

    @property
    def numbers(self) -> frozenset[int]:
        """The cars' numbers, as race control changes their order."""
        return frozenset(car.number for car in self.cars)


class StageKind(StrEnum):
    """How far a case has come."""

    NOTED = "noted"
    UNDER_INVESTIGATION = "under"
    AFTER_SESSION = "after"
    NO_FURTHER = "no_further"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class Stage:
    """A message of a case: what it says of it, its index in the session, when, and in which words."""

    kind: StageKind
    index: int
    at: dt.datetime
    text: str
    modifier: Modifier | None = None


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty for one car of a case; `kind` in the feed's terms, such as "10s time penalty" or "reprimand"."""

    car: Car
    kind: str
    reason: str | None
    at: dt.datetime
    index: int


RULINGS = frozenset({StageKind.NO_FURTHER, StageKind.PENALTY})
"""The stages that are verdicts."""


class Outcome(StrEnum):
    """What the feed alone tells of how a case ends, so far."""

    PENALTY = "penalty"
    NO_FURTHER_ACTION = "no_further_action"
    AFTER_RACE = "after_race"
    INVESTIGATION_OPEN = "investigation_open"
    NOTED_ONLY = "noted_only"


OUTCOMES = {
    StageKind.NOTED: Outcome.NOTED_ONLY,
    StageKind.UNDER_INVESTIGATION: Outcome.INVESTIGATION_OPEN,
    StageKind.AFTER_SESSION: Outcome.AFTER_RACE,
    StageKind.NO_FURTHER: Outcome.NO_FURTHER_ACTION,
    StageKind.PENALTY: Outcome.PENALTY,
}
"""How a case stands after its latest stage."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a case was called before race control named other cars or another place for it."""

    cars: tuple[Car, ...]
    place: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as race control and the stewards treat it, with all they said about it until now.

    `opened` is the index of the message that opens it, and its key within the session. `cars` stand in the order in
    which race control names them, after corrections; `earlier` is what the case was called before, oldest first.
    `lap` is the leader's when it was opened, `lap_in_text` the one that race control names, `incident_time` the time
    at the track. `over` says that the session's verdicts are all given.
    """

    opened: int
    opened_at: dt.datetime
    cars: tuple[Car, ...]
    place: str | None
    reason: str | None
    lap: int | None
    lap_in_text: int | None
    incident_time: dt.time | None
    stages: tuple[Stage, ...]
    penalties: tuple[Penalty, ...] = ()
    earlier: tuple[Naming, ...] = ()
    over: bool = False

    @property
    def numbers(self) -> frozenset[int]:
        """The cars' numbers."""
        return frozenset(car.number for car in self.cars)

    @property
    def outcome(self) -> Outcome:
        """How the case stands, by what race control said of it last."""
        return OUTCOMES[self.stages[-1].kind]

    @property
    def ruled(self) -> bool:
        """Whether the feed carries a verdict."""
        return self.stages[-1].kind in RULINGS

    @property
    def no_verdict_in_feed(self) -> bool:
        """Whether the session is over and the feed never said how the case ended."""
        return self.over and not self.ruled

    @property
    def about_blame(self) -> bool:
        """Whether it can be asked who is to blame: two drivers or more, and no mere breach of procedure."""
        return len(self.cars) >= DRIVERS and not is_procedure(self.reason)
