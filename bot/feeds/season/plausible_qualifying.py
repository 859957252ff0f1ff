"""What of a result of qualifying cannot be: places that come twice, and laps that the order contradicts."""

import math
from collections.abc import Iterator

from bot.domain.knockout import IN_Q3, KNOCKOUT_SINCE, reached
from bot.domain.season import Classification, Finish, Race
from bot.domain.sessions import SessionKind
from bot.feeds.season.doubts import Doubt, Sheet, coming_twice, out_of_order, without
from bot.feeds.season.plausible import FIELD, LAP, by_place, seconds


def plausible_qualifying(sheet: Sheet, race: Race) -> tuple[Sheet, list[Doubt]]:
    """A result of qualifying without what cannot be, and what that is."""
    doubts = [*_impossible_places(sheet), *_impossible_laps(sheet)]
    sheet = without(sheet, doubts)
    against_the_order = [*_laps_out_of_order(sheet, race)]
    return without(sheet, against_the_order), doubts + against_the_order


def is_in(classification: Classification) -> bool:
    """Whether a result of qualifying is in: with times, and in a knockout with times of those who went on from Q1."""
    finishes = classification.finishes
    if classification.race.season < KNOCKOUT_SINCE or len(finishes) <= IN_Q3:
        return any(time for finish in finishes for time in finish.segments)
    return any(time is None or time for finish in finishes for time in finish.segments[1:])


def _impossible_places(sheet: Sheet) -> Iterator[Doubt]:
    """Who was disqualified keeps the number, which somebody else has then as well: nobody can say whose it is."""
    twice = {*coming_twice((row, finish.place) for row, finish in by_place(sheet))}
    for row, finish in by_place(sheet):
        if row in twice or int(finish.place) > max(FIELD, len(sheet)):
            yield Doubt(row, "position")


def _impossible_laps(sheet: Sheet) -> Iterator[Doubt]:
    shortest, longest = LAP
    for row, finish in sheet.items():
        for segment, time in enumerate(finish.segments, 1):
            if time and not shortest <= seconds(time) <= longest:
                yield Doubt(row, f"Q{segment}")


def _laps_out_of_order(sheet: Sheet, race: Race) -> Iterator[Doubt]:
    """All laps of who is slower than somebody behind them in the segment that was the last of both.

    Who set no time in it comes behind all who did; of old, when other rules had it, behind all with any time at all.
    """
    rows = sorted(sheet, key=lambda row: (sheet[row].position, row))
    classification = Classification(race, SessionKind.QUALIFYING, tuple(sheet[row] for row in rows))
    last = dict(zip(rows, reached(classification), strict=True))
    for segment in (0, 1, 2, 3):
        placed = [row for row in rows if last[row] == segment and sheet[row].place]
        column = [(row, _deciding(sheet[row], segment)) for row in placed if not _doubtful(sheet[row], segment)]
        for row in out_of_order(column):
            for number in range(1, max(len(sheet[row].segments), 1) + 1):
                yield Doubt(row, f"Q{number}")


def _deciding(finish: Finish, segment: int) -> float:
    """Seconds of the lap in a segment; infinite without one."""
    if not segment:
        return 0.0 if any(finish.segments) else math.inf
    time = finish.segments[segment - 1] if segment <= len(finish.segments) else None
    return seconds(time) if time else math.inf


def _doubtful(finish: Finish, segment: int) -> bool:
    """Whether the lap in a segment was left out; of old, whether any was."""
    return None in (finish.segments[segment - 1 : segment] if segment else finish.segments)
