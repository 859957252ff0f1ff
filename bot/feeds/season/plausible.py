"""What of a race's or a sprint's result cannot be: each rule names the cells that are to be left out, and why.

Only cells go: what the others say stays as it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from bot.domain.classifications import NO_START, laps_behind
from bot.domain.season import Finish
from bot.domain.sessions import SessionKind
from bot.feeds.season.doubts import Doubt, Sheet, coming_twice, out_of_order, without

FIELD = 22
"""Cars in a field of today; where more lines are there, there were more."""

CARS_SHARED_UNTIL = 1964
"""The last season in which a driver took over another one's car."""

NO_SCORES_OF_OLD = 1991
"""The first season since which a higher place brings as many points at least as a lower one, and none brings none."""

MOST_POINTS = {SessionKind.RACE: 26, SessionKind.SPRINT: 8}
DOUBLE_POINTS = (2014, 50)
"""A season in which one race brought twice as many points, and how many they were."""

SCALE_SINCE = 2010
SCALE = {SessionKind.RACE: (25, 18, 15, 12), SessionKind.SPRINT: (8, 7, 6, 5)}
"""What the first places bring since then in a whole race, and in a sprint of late."""

MOST_LAPS = 200
LAP = (40.0, 900.0)
"""Seconds that the shortest and the longest lap of any circuit take; who is not lapped is not further behind either."""

RACE_TIMES = {SessionKind.RACE: 5 * 3600.0, SessionKind.SPRINT: 5400.0}
"""Seconds that none takes longer than."""

Rule: TypeAlias = Callable[[Sheet, int, SessionKind], Iterator[Doubt]]


def plausible(sheet: Sheet, season: int, kind: SessionKind) -> tuple[Sheet, list[Doubt]]:
    """A result without what cannot be, and what that is; each rule goes by what those before it have left."""
    left_out: list[Doubt] = []
    for rule in RULES:
        doubts = [*rule(sheet, season, kind)]
        sheet = without(sheet, doubts)
        left_out += doubts
    return sheet, left_out


def impossible_places(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """Places beyond the field, and of who did not start."""
    for row, finish in by_place(sheet):
        if int(finish.place) > max(FIELD, len(sheet)) or finish.status in NO_START:
            yield Doubt(row, "positionText")


def places_taken_twice(sheet: Sheet, season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """Places that several have, other than drivers who took turns in one car."""
    placed = by_place(sheet)
    for row in coming_twice((row, finish.place) for row, finish in placed):
        shared = [finish for _row, finish in placed if finish.place == sheet[row].place]
        if season > CARS_SHARED_UNTIL or not _one_car(shared):
            yield Doubt(row, "positionText")


def _one_car(finishes: Sequence[Finish]) -> bool:
    cars = {(finish.entrant.team_id, finish.entrant.number) for finish in finishes}
    drivers = {finish.entrant.driver_id for finish in finishes}
    return len(cars) == 1 and len(drivers) == len(finishes) and finishes[0].entrant.number is not None


def impossible_points(sheet: Sheet, season: int, kind: SessionKind) -> Iterator[Doubt]:
    """More points than there are; of late, points without a place, and more of them than a higher place brought."""
    most = max(MOST_POINTS[kind], DOUBLE_POINTS[1] if (season, kind) == (DOUBLE_POINTS[0], SessionKind.RACE) else 0)
    for row, finish in sheet.items():
        unplaced = bool(finish.place) and not finish.classified and season >= NO_SCORES_OF_OLD
        if finish.points and finish.points > (0 if unplaced else most):
            yield Doubt(row, "points")
    if season >= NO_SCORES_OF_OLD:
        points = [(row, finish.points) for row, finish in by_place(sheet)]
        scores = [(row, -won) for row, won in points if won is not None and won <= most]
        yield from (Doubt(row, "points") for row in out_of_order(scores))


def points_of_the_place_before(sheet: Sheet, season: int, kind: SessionKind) -> Iterator[Doubt]:
    """All points where the first three have what the second to the fourth win: somebody was disqualified since.

    In a race, one of them may have a point more, for the fastest lap.
    """
    first = [finish for _row, finish in by_place(sheet)][:3]
    if season < SCALE_SINCE or [finish.place for finish in first] != ["1", "2", "3"]:
        return
    more = [(finish.points or 0.0) - brings for finish, brings in zip(first, SCALE[kind][1:], strict=True)]
    if min(more) == 0 and sum(more) <= (1 if kind is SessionKind.RACE else 0):
        yield from (Doubt(row, "points") for row in sheet)


def impossible_laps(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """More laps than a higher place has, or than the winner; of who has a place, fewer than half of them."""
    listed = [(row, finish.laps) for row, finish in by_place(sheet)]
    known = [(row, laps) for row, laps in listed if laps is not None and laps <= MOST_LAPS]
    odd = {*out_of_order([(row, -laps) for row, laps in known])}
    distance = max((laps for row, laps in known if row not in odd), default=MOST_LAPS)
    for row, finish in sheet.items():
        least = distance / 2 if finish.classified else 0
        if finish.laps is not None and (row in odd or not least <= finish.laps <= distance):
            yield Doubt(row, "laps")


def gaps_to_another(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """All gaps where the winner has one as well: they are gaps to somebody who was disqualified since.

    Unless it is the winner's that is odd, as it does not fit before the others'.
    """
    gaps = [(row, finish) for row, finish in by_place(sheet) if finish.time and finish.time.startswith("+")]
    if len(gaps) > 1 and gaps[0][1].place == "1" and seconds(gaps[0][1].time or "") <= seconds(gaps[1][1].time or ""):
        yield from (Doubt(row, "Time") for row, _finish in gaps)


def impossible_laps_behind(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """As many laps behind the winner that somebody with a place would have driven fewer than half of them."""
    distance = max((finish.laps for _row, finish in by_place(sheet) if finish.laps), default=MOST_LAPS)
    for row, finish in by_place(sheet):
        if (laps_behind(finish) or 0) > distance / 2:
            yield Doubt(row, "status")


def impossible_times(sheet: Sheet, _season: int, kind: SessionKind) -> Iterator[Doubt]:
    """A winner's time that is none, others' that are no gaps, and gaps that shrink down the order."""
    placed = by_place(sheet)
    first = placed[0][1].place if placed else ""
    gaps: list[tuple[int, float]] = []
    for row, finish in sheet.items():
        if finish.time is None:
            continue
        if finish.place == first and not finish.time.startswith("+"):
            fits = _is_distance(finish, RACE_TIMES[kind])
        else:
            fits = finish.time.startswith("+") and finish.place != "1" and seconds(finish.time) <= LAP[1]
        if not fits:
            yield Doubt(row, "Time")
    for row, finish in placed:
        on_lead_lap = finish.place != "1" and finish.status in {"", "Finished"}
        if on_lead_lap and finish.time and finish.time.startswith("+") and seconds(finish.time) <= LAP[1]:
            gaps.append((row, seconds(finish.time)))
    yield from (Doubt(row, "Time") for row in out_of_order(gaps))


def _is_distance(finish: Finish, longest: float) -> bool:
    """Whether the time is one in which as many laps can be driven."""
    taken = seconds(finish.time or "")
    shortest, slowest = LAP
    return taken <= longest and (shortest <= taken / finish.laps <= slowest if finish.laps else taken >= shortest)


def laps_beside_times(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """Fewer laps than the winner's of who finished with a time, on the lead lap: neither is believed."""
    distance = max((finish.laps for _row, finish in by_place(sheet) if finish.laps), default=0)
    for row, finish in by_place(sheet):
        if finish.status == "Finished" and finish.time and finish.laps is not None and finish.laps < distance:
            yield Doubt(row, "laps")
            yield Doubt(row, "Time")


def impossible_grid(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """Grid places beyond the field, and those that several cars have; from the pit lane many may start."""
    cars = {(finish.grid, finish.entrant.team_id, finish.entrant.number or row): row for row, finish in sheet.items()}
    twice = {sheet[row].grid for row in coming_twice((row, car[0]) for car, row in cars.items() if car[0])}
    for row, finish in sheet.items():
        if finish.grid and (finish.grid > max(FIELD, len(sheet)) or finish.grid in twice):
            yield Doubt(row, "grid")


def impossible_fastest_laps(sheet: Sheet, _season: int, _kind: SessionKind) -> Iterator[Doubt]:
    """Laps that nobody drove, or in no time that a lap takes, and times that the ranks do not follow."""
    distance = max((finish.laps for finish in sheet.values() if finish.laps), default=MOST_LAPS)
    ranked: list[tuple[int, int, float]] = []
    for row, finish in sheet.items():
        lap = finish.fastest_lap
        if lap is None:
            continue
        most = distance if finish.laps is None else finish.laps
        if not 1 <= lap.lap <= most or not LAP[0] <= seconds(lap.time) <= LAP[1]:
            yield Doubt(row, "FastestLap")
        elif lap.rank is not None:
            ranked.append((lap.rank, row, seconds(lap.time)))
    odd = {*coming_twice((row, rank) for rank, row, _time in ranked)}
    odd |= {row for rank, row, _time in ranked if not 1 <= rank <= max(FIELD, len(sheet))}
    yield from (Doubt(row, "FastestLap.rank") for row in odd)
    rest = sorted((rank, row, time) for rank, row, time in ranked if row not in odd)
    yield from (Doubt(row, "FastestLap") for row in out_of_order([(row, time) for _rank, row, time in rest]))


RULES: Sequence[Rule] = (
    impossible_places,
    places_taken_twice,
    impossible_points,
    points_of_the_place_before,
    impossible_laps,
    impossible_laps_behind,
    gaps_to_another,
    impossible_times,
    laps_beside_times,
    impossible_grid,
    impossible_fastest_laps,
)


def by_place(sheet: Sheet) -> list[tuple[int, Finish]]:
    """The lines with a place, in its order."""
    placed = [(row, finish) for row, finish in sheet.items() if finish.classified]
    return sorted(placed, key=lambda line: int(line[1].place))


def seconds(time: str) -> float:
    """A time as the feed writes it, `2:02:34.598` or `+22.000`, in seconds."""
    total = 0.0
    for part in re.split(":", time.removeprefix("+")):
        total = 60 * total + float(part)
    return total
