"""What every source of race control gives, and in what words it speaks of its own line."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, Protocol, TypeAlias

from bot.domain.race_control import Car, Message, Session


class SessionStatus(StrEnum):
    """How far a session is, in live timing's words."""

    INACTIVE = "Inactive"
    STARTED = "Started"
    ABORTED = "Aborted"
    FINISHED = "Finished"
    """The chequered flag is out; race control goes on talking."""

    FINALISED = "Finalised"
    ENDS = "Ends"

    @property
    def is_over(self) -> bool:
        """Whether whatever starts anew from here on belongs to another session."""
        return self in (SessionStatus.FINALISED, SessionStatus.ENDS)


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """The session that a source is in, or was in last: told when it is first seen, and when anything here changes.

    Between sessions that is the one before, so hold `starts_at`, as it was published, against the time of day.
    """

    session: Session
    starts_at: dt.datetime | None = None
    status: SessionStatus | None = None


@dataclass(frozen=True, slots=True)
class CarsSeen:
    """All cars of a session by number: told when they are first seen, and when any of them changes."""

    session_key: str
    cars: Mapping[int, Car]


@dataclass(frozen=True, slots=True)
class MessagesSeen:
    """Messages of a session that this source has not told before in this run, by index.

    After a restart they come again. Two sources may number the same messages differently: who keeps them takes them
    into a `Transcript`.
    """

    session_key: str
    messages: tuple[Message, ...]


class Line(StrEnum):
    """What a line to a source is."""

    CONNECTED = "connected"
    WAITING = "waiting"
    """The source is there, and will talk to us once the session is over."""

    LOST = "lost"
    """It is taken up again after a pause. A moment of this every two hours is how live timing works."""

    REFUSED = "refused"
    """The source wants an account, or speaks another protocol than we do; it is asked again now and then."""


@dataclass(frozen=True, slots=True)
class LineState:
    """What the line to a source has been since when; told when it changes. `problem` holds no secret."""

    source: str
    line: Line
    since: dt.datetime
    problem: str = ""


Update: TypeAlias = SessionSeen | CarsSeen | MessagesSeen | LineState
Tell: TypeAlias = Callable[[Update], Awaitable[None]]


class LineLostError(Exception):
    """A line is gone, or could not be made; trying again soon may help. The text says why, and holds no secret."""

    line = Line.LOST


class LineRefusedError(Exception):
    """Trying again soon is no use. The text says why, and holds no secret."""

    line = Line.REFUSED


class Source(Protocol):
    """Somewhere that race control can be heard."""

    @property
    def name(self) -> str:
        """What it is called in settings, logs and line states."""

    async def run(self, tell: Tell) -> NoReturn:
        """Listen until cancelled, and await `tell` for each update in turn; whatever comes, nothing is raised for it.

        What `tell` raises ends the run. Sockets are closed however it ends.
        """

    async def look(self) -> LineState:
        """Connect once, hang up, and say what the line is."""
