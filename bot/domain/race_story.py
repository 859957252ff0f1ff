"""How a race or a sprint went: all that a recap, its picture and a correction tell of it."""

from dataclasses import dataclass

from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.domain.season import Sheet, Table


@dataclass(frozen=True, slots=True)
class Championship:
    """A table after a race and the one before it, where that is known."""

    after: Table
    before: Table | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of how a race or a sprint went; each incident with the fans' votes, where there is a poll."""

    sheet: Sheet
    drivers: Championship | None = None
    teams: Championship | None = None
    incidents: tuple[tuple[Incident, Tally | None], ...] = ()
