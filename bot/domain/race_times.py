"""Times as results write them, and where drivers were on the road before the stewards added seconds to their times."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.classifications import DISQUALIFIED
from bot.domain.season import Classification, Finish

_TIME = re.compile(r"\+?(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:\.(\d{1,3}))?")


class Penalised(NamedTuple):
    """A driver to whose time the stewards added some, and the better place that they had on the road.

    `on_the_road` is None where nobody can be sure of it, and where it was no better: who was given five seconds may
    still gain a place on somebody who was given thirty.
    """

    finish: Finish
    seconds: float
    on_the_road: int | None


def thousandths(time: str) -> int | None:
    """A time or a gap in thousandths of a second: `+1:07.151` is 67151; None where it is none."""
    found = _TIME.fullmatch(time)
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds)
    return 1000 * whole + int((part or "").ljust(3, "0"))


def penalised(classification: Classification) -> tuple[Penalised, ...]:
    """Who has a place, and a penalty in their time, the first place first."""
    found = [each for each in classification.finishes if each.classified and each.penalty]
    road = on_the_road(classification) if found else {}
    return tuple(Penalised(each, each.penalty or 0.0, _lost(each, road)) for each in found)


def _lost(finish: Finish, road: Mapping[str, int]) -> int | None:
    """The place on the road, where it was a better one."""
    place = road.get(finish.entrant.driver_id)
    return place if place is not None and place < int(finish.place) else None


def on_the_road(classification: Classification) -> Mapping[str, int]:
    """The order in which those on the leader's lap came over the line, by driver's id, whatever was added since.

    Empty where anybody's time, lap or line is unknown, or somebody was disqualified who may have been among them:
    one of them could have been anywhere in the order.
    """
    placed = [each for each in classification.finishes if each.classified]
    winners = [each for each in placed if each.place == "1"]
    if classification.missing or len(winners) != 1 or not all(each.laps for each in placed):
        return {}
    (winner,), last = winners, winners[0].laps or 0
    doubtful = [each for each in classification.finishes if not each.place or each.place in DISQUALIFIED]
    if any(each.laps is None or each.laps >= last for each in doubtful):
        return {}
    arrived = {each.entrant.driver_id: _arrived(winner, each) for each in placed if each.laps == last}
    known = {driver: time for driver, time in arrived.items() if time is not None}
    if len(known) < len(arrived) or len({*known.values()}) < len(known):
        return {}
    return {driver: place for place, driver in enumerate(sorted(known, key=known.__getitem__), 1)}


def _arrived(winner: Finish, finish: Finish) -> float | None:
    """When somebody crossed the line, in thousandths of a second after the start; None where that is unknown."""
    if finish is not winner and not (finish.time or "").startswith("+"):
        return None
    took, behind = thousandths(winner.time or ""), thousandths(finish.time or "")
    if took is None or behind is None:
        return None
    return (took if finish is winner else took + behind) - 1000 * (finish.penalty or 0)
