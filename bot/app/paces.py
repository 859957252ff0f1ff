"""The paces that processes on one database keep together; a process that has its database to itself needs none."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.events import Events
from bot.pacing.clock import Clock
from bot.pacing.pace import Pace
from bot.pacing.window import Allowance
from storage.allowances import Allowances
from storage.database.base import Database
from storage.shared_pace import SharedPace


class Paces:
    """Makes paces by their names, one for all processes where there may be several."""

    def __init__(
        self, database: Database, events: Events, clock: Clock, start: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        """`start` has a job run beside the others."""
        self._allowances = Allowances(database) if database.notifications is not None else None
        self._events = events
        self._clock = clock
        self._start = start

    def of(self, name: str, a_second: int) -> Pace | None:
        """The pace of that name, of so many calls in a second; None where each process keeps its own."""
        if self._allowances is None:
            return None
        pace = SharedPace(self._allowances, name, Allowance(a_second, seconds=1), self._events, self._clock)
        self._start(pace.run())
        return pace
