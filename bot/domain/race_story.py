"""How a race or a sprint went: all that a recap, its picture and a correction tell of it."""

from dataclasses import dataclass

from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.domain.season import Classification, Standings


@dataclass(frozen=True, slots=True)
class StandingsMove:
    """A standings after a race and the one before it, where that is known."""

    after: Standings
    before: Standings | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of how a race or a sprint went; each incident with the fans' votes, where there is a poll."""

    classification: Classification
    drivers: StandingsMove | None = None
    teams: StandingsMove | None = None
    incidents: tuple[tuple[Incident, Tally | None], ...] = ()
