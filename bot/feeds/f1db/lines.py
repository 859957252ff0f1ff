"""f1db's rows as lines of results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.season import PIT_LANE, Entrant, FastestLap, Finish
from bot.feeds.f1db.cells import LONGEST_PENALTY, Cells

PLACES = {
    "DNF": "R", "NC": "N", "DSQ": "D", "EX": "E", "DNS": "W", "DNP": "W", "DNQ": "F", "DNPQ": "F",
}  # fmt: skip
"""The results archive's letters for who has no place."""

FROM_PITS = "PL"
"""What stands in place of a grid slot for who started from the pit lane."""

_NEVER_STARTED = {"W", "F"}

_STATUSES = {
    "DNF": "Retired",
    "NC": "Not classified",
    "DSQ": "Disqualified",
    "EX": "Excluded",
    "DNS": "Did not start",
    "DNP": "Did not start",
    "DNQ": "Did not qualify",
    "DNPQ": "Did not prequalify",
}
_ALWAYS = {"DSQ", "DNS", "DNP", "DNQ", "DNPQ"}
"""What is said in these words whatever else was the reason: others go by them."""


def place(cells: Cells) -> tuple[str, str]:
    """What the classification says of a driver, and what that is called; empty where it is doubtful or a number."""
    said, number = cells.text("positionText") or "", cells.number("positionNumber", 1)
    if said in PLACES:
        return PLACES[said], _STATUSES[said]
    if number is None or said != str(number):
        cells.refuse("positionText")
        return "", ""
    return said, ""


def scored(
    cells: Cells, position: int, entrant: Entrant, stops: Sequence[int] | None, fastest: FastestLap | None
) -> Finish:
    """A line of a race's or a sprint's result."""
    letter, status = place(cells)
    reason, laps_down = cells.text("reasonRetired"), cells.number("gapLaps", 1)
    if cells.text("positionText") not in _ALWAYS:
        finished = "Finished" if laps_down is None else f"+{laps_down} Lap{'s' if laps_down > 1 else ''}"
        status = reason or status or (finished if letter else "")
    penalty = cells.number("timePenaltyMillis", 1, LONGEST_PENALTY)
    from_pits = cells.raw("gridPositionText") == FROM_PITS
    return Finish(
        position=position,
        place=letter,
        entrant=entrant,
        points=cells.points("points"),
        status=status,
        grid=PIT_LANE if from_pits else cells.number("gridPositionNumber", 1),
        laps=cells.number("laps"),
        time=_time(cells, laps_down),
        fastest_lap=fastest,
        penalty=None if penalty is None else penalty / 1000,
        stops=None if stops is None else tuple(stops),
    )


def started_from_pits(finish: Finish) -> Finish:
    """A line of whom the grid has in the pit lane: a result may leave open where such a driver started."""
    unsaid = finish.grid is None and finish.place not in _NEVER_STARTED
    return replace(finish, grid=PIT_LANE) if unsaid else finish


def _time(cells: Cells, laps_down: int | None) -> str | None:
    """The winner's time, the others' gaps; who is lapped has neither."""
    if laps_down is not None:
        return None
    if cells.raw("gap") is None:
        return cells.race_time("time") if cells.raw("positionNumber") == 1 else None
    return cells.race_time("gap")


def qualified(cells: Cells, position: int, entrant: Entrant) -> Finish:
    """A line of a result of qualifying; of one that had no segments, its one time."""
    number = cells.number("positionNumber", 1)
    times: Mapping[str, str | None] = {name: cells.lap_time(name) for name in ("q1", "q2", "q3")}
    whole = None if any(times.values()) else cells.lap_time("time")
    segments = [None if name in cells.refused else times[name] or "" for name in times]
    while segments and segments[-1] == "":
        segments.pop()
    return Finish(
        position=position,
        place=str(number or ""),
        entrant=entrant,
        points=0,
        status="",
        segments=(whole,) if whole else tuple(segments),
    )
