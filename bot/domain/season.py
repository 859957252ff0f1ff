"""What a season is made of: races, their results and standings. Plain data, whatever feed it came from."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.sessions import Session, SessionKind

PIT_LANE = 0
"""The grid slot of a car that starts from the pit lane."""

TEAMS_SINCE = 1958
"""The first season with a constructors' championship."""

QUALIFYING_SINCE = 1994
"""The first season of which qualifying is recorded; until 2003 some of its races are missing."""


@dataclass(frozen=True, slots=True)
class Race:
    """A race weekend as the calendar has it; rounds move in mid-season, so `key` is what tells races apart."""

    season: int
    round: int
    name: str
    circuit_id: str
    circuit: str
    locality: str
    country: str
    sessions: tuple[Session, ...]
    """In the order of the weekend, the race last."""

    @property
    def key(self) -> str:
        """The race's own name for good: `2021-emilia-romagna-grand-prix`."""
        return f"{self.season}-{plain(self.name)}"

    @property
    def race(self) -> Session:
        """The race itself."""
        return self.sessions[-1]

    def session(self, kind: SessionKind) -> Session | None:
        """The session of that kind, or None where the weekend has none."""
        return next((session for session in self.sessions if session.kind is kind), None)

    def begun(self, now: dt.datetime) -> set[SessionKind]:
        """The sessions that were started; calendars of old have no qualifying, though there was one."""
        begun = {session.kind for session in self.sessions if session.begun(now)}
        unlisted = self.season >= QUALIFYING_SINCE and self.session(SessionKind.QUALIFYING) is None
        return begun | {SessionKind.QUALIFYING} if unlisted and SessionKind.RACE in begun else begun


@dataclass(frozen=True, slots=True)
class Entrant:
    """A driver in a car, as the result has them; `code` and `number` are missing in older seasons."""

    driver_id: str
    given_name: str
    family_name: str
    team_id: str
    team: str
    code: str | None = None
    number: int | None = None

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class FastestLap:
    """A driver's best lap; `rank` 1 is the race's."""

    rank: int | None
    lap: int
    time: str


@dataclass(frozen=True, slots=True)
class Finish:
    """A line of a result."""

    position: int
    """The line's number, 1 to the number of starters, the unclassified at the end."""

    place: str
    """What the classification says: a number, `R` retired, `D` disqualified, `W` withdrawn, `N` not classified …

    Empty where that is doubtful.
    """

    entrant: Entrant
    points: float | None
    """None where that is doubtful."""

    status: str
    """In the feed's words: `Finished`, `Lapped`, `+1 Lap`, `Collision`, `Retired` …; empty where it gives none."""

    grid: int | None = None
    laps: int | None = None
    time: str | None = None
    """The winner's time (`2:02:34.598`), the others' gaps (`+22.000`)."""

    fastest_lap: FastestLap | None = None
    segments: tuple[str | None, ...] = ()
    """In qualifying, the best time in Q1, Q2 and Q3 as far as the driver came.

    Empty where none was set, None where it is doubtful.
    """

    penalty: float | None = None
    """Seconds that the stewards added to the driver's time, which counts them; None where none are known of."""

    stops: tuple[int, ...] | None = None
    """The laps at whose end the driver came into the pits; None where nobody counted them."""

    @property
    def classified(self) -> bool:
        """Whether the driver was given a place."""
        return self.place.isdecimal() and self.status != "Disqualified"

    @property
    def gained(self) -> int | None:
        """Places won (or, below zero, lost) since the start; None where either is unknown."""
        if not self.classified or not self.grid:
            return None
        return self.grid - int(self.place)


@dataclass(frozen=True, slots=True)
class Classification:
    """The result of a race, a sprint or qualifying, by position."""

    race: Race
    kind: SessionKind
    finishes: tuple[Finish, ...]
    missing: int = 0
    """Drivers whose lines were left out, as nobody could say whose they are."""

    driver_of_the_day: str | None = None
    """The id of the driver whom the viewers voted for; None where no vote is known of."""


class Witness(StrEnum):
    """Who has told of a calendar, a result or a championship; the archive is the first witness."""

    ARCHIVE = "archive"
    F1DB = "f1db"
    BOTH = "both"
    SHIPPED = "shipped"
    """Neither: it is told by a file that ships with the bot, until one of them has told of it. Never stored."""


def together(witnesses: Iterable[Witness]) -> Witness:
    """Who has told of what is shown together; the archive where nobody has told of anything."""
    told = {*witnesses}
    return told.pop() if len(told) == 1 else Witness.BOTH if told else Witness.ARCHIVE


class Source(NamedTuple):
    """When something was last fetched, in UTC, None where it is not known; and from whom."""

    at: dt.datetime | None = None
    witness: Witness = Witness.ARCHIVE


NO_SOURCE = Source()
"""Where nobody knows when something was fetched."""


class Championship(StrEnum):
    """Whose championship a standings is of."""

    DRIVERS = "drivers"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of a championship; `position` is None for who cannot be placed, as are points and wins in doubt."""

    position: int | None
    id: str
    name: str
    points: float | None
    wins: int | None
    team: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """A championship after a round."""

    season: int
    round: int
    kind: Championship
    entries: tuple[Standing, ...]


def wish_name(season: int, round_number: int | None = None) -> str:
    """What is called for where a season, or one of its races, has to be fetched: `1988`, `1988-13`."""
    return f"{season}" if round_number is None else f"{season}-{round_number}"


def plain(name: str) -> str:
    """A name as keys have it, and as two spellings of it are held against each other: `Pérez` → `perez`."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", letters).strip("-")
