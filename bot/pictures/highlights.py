"""What stands out in a result: who won the most places and lost the most, the fastest lap, who retired."""

from collections.abc import Sequence

from bot.domain.season import Finish, Sheet, Table

NEVER_STARTED = ("W", "F")
"""Places of those who withdrew or failed to qualify."""


def podium(sheet: Sheet) -> tuple[Finish, ...]:
    """The first three that were classified."""
    return tuple(finish for finish in sheet.finishes if finish.classified)[:3]


def most_gained(sheet: Sheet) -> tuple[Finish, ...]:
    """Who won the most places since the start, all of them in a tie; nobody where nobody won any."""
    return _furthest([finish for finish in sheet.finishes if (finish.gained or 0) > 0])


def most_lost(sheet: Sheet) -> tuple[Finish, ...]:
    """Who lost the most places since the start and was classified, all of them in a tie."""
    return _furthest([finish for finish in sheet.finishes if (finish.gained or 0) < 0])


def fastest(sheet: Sheet) -> Finish | None:
    """Who drove the race's fastest lap; None where laps were not timed."""
    return next((finish for finish in sheet.finishes if finish.fastest_lap and finish.fastest_lap.rank == 1), None)


def retired(sheet: Sheet) -> tuple[Finish, ...]:
    """Who retired and was not classified."""
    return tuple(finish for finish in sheet.finishes if finish.place == "R")


def starters(sheet: Sheet) -> int:
    """How many took the start."""
    return sum(finish.place not in NEVER_STARTED for finish in sheet.finishes)


def climbed(after: Table, before: Table) -> dict[str, int]:
    """Places won in a championship, by id; those who were not placed both times are left out."""
    places = {row.id: row.position for row in before.rows if row.position}
    return {row.id: places[row.id] - row.position for row in after.rows if row.position and row.id in places}


def _furthest(finishes: Sequence[Finish]) -> tuple[Finish, ...]:
    most = max((abs(finish.gained or 0) for finish in finishes), default=0)
    return tuple(finish for finish in finishes if abs(finish.gained or 0) == most)
