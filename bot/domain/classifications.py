"""What can be asked of a classification: who stood on the podium, how far behind, who won places, who is out."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.domain.season import PIT_LANE, Classification, Finish

PODIUM = 3

_NEVER_STARTED = {"W", "F"}
"""Places of those who withdrew or failed to qualify."""

DISQUALIFIED = {"D", "E"}
"""Places of those who were disqualified, or excluded."""

NO_START = {"Did not start", "Did not qualify", "Did not prequalify", "Withdrew"}
"""Statuses of drivers who did not start, whatever their place says."""

_LAPS_DOWN = re.compile(r"\+(\d+) Laps?")


@dataclass(frozen=True, slots=True)
class Gap:
    """How far behind the winner somebody finished: by laps, or by a time as the feed writes it; the winner's own time.

    Both empty where that is unknown.
    """

    laps: int = 0
    time: str = ""


def names(classification: Classification) -> dict[str, str]:
    """What drivers are called, by id: the family name, with the given one where two share it."""
    entrants = {finish.entrant.driver_id: finish.entrant for finish in classification.finishes}
    families = Counter(entrant.family_name for entrant in entrants.values())
    return {
        driver_id: entrant.name if families[entrant.family_name] > 1 else entrant.family_name
        for driver_id, entrant in entrants.items()
    }


def podium(classification: Classification) -> tuple[tuple[Finish, ...], ...]:
    """The first three places, each with who took it: one driver, or several in a tie or a shared car.

    Where the first place was taken away and those behind have not moved up yet, the podium begins with theirs; where
    nobody can say whose it is, with the second. It ends before a place of which that is so.
    """
    finishes = sorted((each for each in classification.finishes if each.classified), key=_place)
    if not finishes:
        return ()
    first = _place(finishes[0])
    taken_away = sum(each.place == "D" for each in classification.finishes)
    last = PODIUM + (first - 1 if first - 1 <= taken_away else 0)
    podium: list[tuple[Finish, ...]] = []
    follow = {first}
    for place, each in groupby(finishes, key=_place):
        if place > last or place not in follow:
            break
        podium.append(tuple(each))
        follow = {place + 1, place + len(podium[-1])}
    return tuple(podium)


def placed(classification: Classification, place: int) -> tuple[Finish, ...]:
    """Who took a place: one driver, or several in a tie or a shared car."""
    return tuple(each for each in classification.finishes if each.classified and _place(each) == place)


def gap(classification: Classification, finish: Finish) -> Gap:
    """How far behind the winner somebody was."""
    winner = next(iter(placed(classification, 1)), None)
    if winner is not None and winner.laps and finish.laps and finish.laps < winner.laps:
        return Gap(laps=winner.laps - finish.laps)
    if behind := laps_behind(finish):
        return Gap(laps=behind)
    return Gap(time=finish.time or "") if finish.status in {"", "Finished"} else Gap()


def laps_behind(finish: Finish) -> int | None:
    """How many laps behind the winner somebody finished, as the feed says it in words; None where it does not."""
    laps = _LAPS_DOWN.fullmatch(finish.status)
    return int(laps[1]) if laps else None


def moves_known(classification: Classification) -> bool:
    """Whether everybody's start and place are known, so that it can be said who won or lost the most places."""
    known = (finish.place and (finish.grid is not None or not finish.classified) for finish in classification.finishes)
    return not classification.missing and all(known)


def climbs_known(classification: Classification) -> bool:
    """Whether it can be said who won the most places, also where some started behind the grid, in whatever order."""
    return moves_known(classification) and _from_the_back(classification) is not None


def most_gained(classification: Classification) -> tuple[Finish, ...]:
    """Who won the most places since the start, all of them in a tie; nobody where none did, or it is not known."""
    if not climbs_known(classification):
        return ()
    from_the_back = _from_the_back(classification)
    return from_the_back or _furthest(finish for finish in classification.finishes if (finish.gained or 0) > 0)


def _from_the_back(classification: Classification) -> tuple[Finish, ...] | None:
    """Who won the most places from the pit lane, where nobody on the grid won as many; None where it may be either.

    Whoever starts there starts behind all on the grid, so that it is known how many places these are at the least.
    """
    started = _each_once(each for each in classification.finishes if not _stayed_away(each))
    on_grid = sum(bool(finish.grid) for finish in started)
    best = max((finish.gained or 0 for finish in started), default=0)
    climbers = sorted((each for each in started if each.grid == PIT_LANE and each.classified), key=_place)
    if not any(len(started) - _place(each) >= max(best, 1) for each in climbers):
        return ()
    first, *others = climbers
    least = on_grid + 1 - _place(first)
    alone = least > best and all(len(started) - _place(each) < least for each in others)
    return (first,) if alone else None


def most_lost(classification: Classification) -> tuple[Finish, ...]:
    """Who lost the most places since the start and was classified, like `most_gained`."""
    if not moves_known(classification):
        return ()
    return _furthest(finish for finish in classification.finishes if (finish.gained or 0) < 0)


def fastest(classification: Classification) -> Finish | None:
    """Who drove the fastest lap; None where laps were not timed, or it is that of who was disqualified since."""
    first = next((each for each in classification.finishes if each.fastest_lap and each.fastest_lap.rank == 1), None)
    return None if first is None or first.place in DISQUALIFIED else first


def out(classification: Classification) -> tuple[Finish, ...]:
    """Who started and was not classified, in any car: retired, disqualified, too far behind; each driver once.

    Nobody of whom it is doubtful.
    """
    classified = {
        finish.entrant.driver_id for finish in classification.finishes if finish.classified or not finish.place
    }
    racing = filter(started, classification.finishes)
    return _each_once(finish for finish in racing if finish.entrant.driver_id not in classified)


def never_started(classification: Classification) -> tuple[Finish, ...]:
    """Who was entered and did not take the start: withdrawn, not qualified, or not there when it was given."""
    return _each_once(filter(_stayed_away, classification.finishes))


def from_the_pit_lane(classification: Classification) -> tuple[Finish, ...]:
    """Who started the race from the pit lane."""
    return _each_once(finish for finish in filter(started, classification.finishes) if finish.grid == PIT_LANE)


def starters(classification: Classification) -> int | None:
    """How many drivers took the start; None where lines are missing or doubtful."""
    racing = [*filter(started, classification.finishes)]
    known = all(finish.place and not may_have_stayed_away(finish) for finish in classification.finishes)
    return len(_each_once(racing)) if known and not classification.missing else None


def started(finish: Finish) -> bool:
    """Whether somebody is known to have started."""
    return not _stayed_away(finish) and not may_have_stayed_away(finish)


def may_have_stayed_away(finish: Finish) -> bool:
    """Whether nobody can say that somebody started: a witness may tell of who stayed away as of who retired.

    No lap of theirs is known then, nor a place from which they started.
    """
    retired = not finish.classified and not _stayed_away(finish)
    return retired and finish.grid is None and finish.laps == 0


def _stayed_away(finish: Finish) -> bool:
    return finish.place in _NEVER_STARTED or finish.status in NO_START


def _place(finish: Finish) -> int:
    return int(finish.place)


def _furthest(finishes: Iterable[Finish]) -> tuple[Finish, ...]:
    movers = [*finishes]
    most = max((abs(finish.gained or 0) for finish in movers), default=0)
    return _each_once(finish for finish in movers if abs(finish.gained or 0) == most)


def _each_once(finishes: Iterable[Finish]) -> tuple[Finish, ...]:
    """The first line of each driver; in older races some drove several cars."""
    lines: dict[str, Finish] = {}
    for finish in finishes:
        lines.setdefault(finish.entrant.driver_id, finish)
    return tuple(lines.values())
