"""What a race changed in a championship, and whether a result still tells the same."""

from dataclasses import replace

from bot.domain.race_story import StandingsMove, fingerprint
from tests.pictures.samples import AFTER, BEFORE, MOVE, RESULT


def test_places_won_in_the_championship() -> None:
    assert [MOVE.climbed(standing) for standing in AFTER.entries] == [0, 1, -1]
    assert [MOVE.won(standing) for standing in AFTER.entries] == [19, 33, 15.5]
    unplaced = replace(AFTER, entries=(replace(AFTER.entries[0], position=None), *AFTER.entries[1:]))
    assert StandingsMove(unplaced, BEFORE).climbed(unplaced.entries[0]) is None
    assert StandingsMove(AFTER, unplaced).climbed(AFTER.entries[0]) is None
    assert StandingsMove(AFTER).climbed(AFTER.entries[0]) is StandingsMove(AFTER).won(AFTER.entries[0]) is None
    assert StandingsMove(unplaced).leaders == AFTER.entries[1:]


def test_a_result_tells_the_same_whatever_fields_there_are_of_which_it_knows_nothing() -> None:
    told = fingerprint(RESULT)
    first, *others = RESULT.finishes
    assert fingerprint(replace(RESULT, finishes=(replace(first, penalty=5.0), *others))) != told
    assert fingerprint(replace(RESULT, finishes=(replace(first, stops=(12, 30)), *others))) != told
    assert fingerprint(replace(RESULT, driver_of_the_day="norris")) != told
    assert fingerprint(RESULT, MOVE) not in {told, fingerprint(RESULT, StandingsMove(MOVE.after))}
    assert fingerprint(replace(RESULT, finishes=tuple(replace(each) for each in RESULT.finishes))) == told
