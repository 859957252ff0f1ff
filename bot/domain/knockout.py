"""Qualifying in three segments, after each of which the slowest go out: how far each driver came."""

from bot.domain.season import Classification, Finish, Standings

KNOCKOUT_SINCE = 2006
"""The first season in which the slowest go out after Q1 and Q2; before it, the best time counts."""

IN_Q3 = 10
"""Drivers in Q3; of the others, half go out in Q2 and half in Q1."""

AHEAD = 5
"""The first of a championship, of whom everybody expects that they come into Q3."""


def reached(classification: Classification) -> tuple[int | None, ...]:
    """The segment that was each driver's last, line by line; 0 before there were segments.

    It is known by the place, as a segment without a time may be left out, where the laps do not contradict that; None
    where they do, as with a driver who was moved to the end. Who stood behind such a driver has moved up since: both
    places have to be of one segment then, or the laps to say which it was.
    """
    finishes = classification.finishes
    if classification.race.season < KNOCKOUT_SINCE:
        return (0,) * len(finishes)
    drivers = max([len(finishes) + classification.missing, *(finish.position for finish in finishes)])
    moved = sum(not finish.place or len(finish.segments) > _by_place(finish.position, drivers) for finish in finishes)
    return tuple(_reached(finish, moved, drivers) for finish in finishes)


def out_early(classification: Classification, before: Standings) -> tuple[tuple[str, int, int], ...]:
    """Who is among the first of the championship before a race and went out before Q3.

    Each is a driver's id, place in the championship, and last segment.
    """
    ahead = {each.id: each.position for each in before.entries if each.position and each.position <= AHEAD}
    lines = zip(classification.finishes, reached(classification), strict=True)
    found = [(finish.entrant.driver_id, last) for finish, last in lines if last in {1, 2}]
    return tuple((driver, ahead[driver], last) for driver, last in found if driver in ahead and last)


def _reached(finish: Finish, moved: int, drivers: int) -> int | None:
    now, once = _by_place(finish.position, drivers), _by_place(finish.position + moved, drivers)
    if not finish.place or len(finish.segments) > now:
        return None
    return now if once == now or len(finish.segments) == now else None


def _by_place(place: int, drivers: int) -> int:
    """The last segment of who came to that place of so many."""
    if place <= IN_Q3:
        return 3
    return 2 if place <= IN_Q3 + (drivers - IN_Q3 + 1) // 2 else 1
