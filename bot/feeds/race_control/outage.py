"""What becomes of a line that fails: what is told of it, what is logged, once an outage, and when it is tried again."""

from dataclasses import dataclass

import structlog

from bot.feeds.race_control.source import Line, LineLostError, LineRefusedError, LineState
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

SETTLED = 60.0
"""Seconds after which a line counts as good, and what fails then begins another outage."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A way in which a line fails: its event in the log, once it has failed `told_after` times, and the pauses."""

    event: str
    pauses: Backoff
    told_after: int = 1


LOST = Trouble("race_control.line_lost", Backoff(first=1.0, longest=60.0), told_after=2)
"""Live timing drops every line after two hours or so: what the next attempt mends is no outage."""

REFUSED = Trouble("race_control.refused", Backoff(first=60.0, longest=900.0))


class Outage:
    """One source's line, and how often it has failed since it was good."""

    def __init__(self, source: str, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._failures = {LOST: 0, REFUSED: 0}
        self._logged: set[Trouble] = set()
        self._is_over = True
        self._connected_at: float | None = None
        self._told: LineState | None = None

    def failed(self, error: LineLostError | LineRefusedError) -> float:
        """Seconds to wait after one more failure."""
        trouble = REFUSED if error.line is Line.REFUSED else LOST
        self._begin_anew_where_settled()
        self._failures[trouble] += 1
        pause = trouble.pauses.after(self._failures[trouble])
        if self._failures[trouble] >= trouble.told_after and trouble not in self._logged:
            self._logged.add(trouble)
            self._is_over = False
            log.warning(trouble.event, source=self._source, problem=str(error), retry_in=round(pause, 1))
        return pause

    def connected(self) -> None:
        """Take note that the line is good, at least for now."""
        if not self._is_over:
            self._is_over = True
            log.info("race_control.line_resumed", source=self._source, failures=sum(self._failures.values()))
        if self._connected_at is None:
            self._connected_at = self._clock.monotonic()

    def news(self, line: Line, problem: str = "") -> list[LineState]:
        """The line's state, where it is another than was told last."""
        if self._told and self._told.line is line:
            return []
        self._told = LineState(self._source, line, self._clock.now(), problem)
        return [self._told]

    def _begin_anew_where_settled(self) -> None:
        since, self._connected_at = self._connected_at, None
        if since is not None and self._clock.monotonic() - since >= SETTLED:
            self._failures = {LOST: 0, REFUSED: 0}
            self._logged.clear()
