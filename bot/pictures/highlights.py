"""What stands out in a result: who won the most places and lost the most, the fastest lap, who retired."""

from collections.abc import Sequence

from bot.domain.season import Classification, Finish, Standings

NEVER_STARTED = ("W", "F")
"""Places of those who withdrew or failed to qualify."""


def podium(classification: Classification) -> tuple[Finish, ...]:
    """The first three that were classified."""
    return tuple(finish for finish in classification.finishes if finish.classified)[:3]


def most_gained(classification: Classification) -> tuple[Finish, ...]:
    """Who won the most places since the start, all of them in a tie; nobody where nobody won any."""
    return _furthest([finish for finish in classification.finishes if (finish.gained or 0) > 0])


def most_lost(classification: Classification) -> tuple[Finish, ...]:
    """Who lost the most places since the start and was classified, all of them in a tie."""
    return _furthest([finish for finish in classification.finishes if (finish.gained or 0) < 0])


def fastest(classification: Classification) -> Finish | None:
    """Who drove the race's fastest lap; None where laps were not timed."""
    return next(
        (finish for finish in classification.finishes if finish.fastest_lap and finish.fastest_lap.rank == 1), None
    )


def retired(classification: Classification) -> tuple[Finish, ...]:
    """Who retired and was not classified."""
    return tuple(finish for finish in classification.finishes if finish.place == "R")


def starters(classification: Classification) -> int:
    """How many took the start."""
    return sum(finish.place not in NEVER_STARTED for finish in classification.finishes)


def climbed(after: Standings, before: Standings) -> dict[str, int]:
    """Places won in a championship, by id; those who were not placed both times are left out."""
    places = {standing.id: standing.position for standing in before.entries if standing.position}
    return {
        standing.id: places[standing.id] - standing.position
        for standing in after.entries
        if standing.position and standing.id in places
    }


def _furthest(finishes: Sequence[Finish]) -> tuple[Finish, ...]:
    most = max((abs(finish.gained or 0) for finish in finishes), default=0)
    return tuple(finish for finish in finishes if abs(finish.gained or 0) == most)
