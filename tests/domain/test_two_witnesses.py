from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.classifications import placed, podium
from bot.domain.race_times import penalised
from bot.domain.season import PIT_LANE, Classification, Entrant, FastestLap, Finish
from bot.domain.sessions import SessionKind
from bot.domain.two_witnesses import agreed
from tests.support.season import IMOLA, QUALIFYING, RESULT

NOBODY_ELSE: dict[str, str] = {}
THEIR_IDS = {finish.entrant.driver_id: finish.entrant.driver_id.replace("_", "-") + "-f1" for finish in RESULT.finishes}


def theirs(*finishes: Finish, **more: Any) -> Classification:
    """A result in the second witness's ids: that of Imola, with other lines where these are given by their drivers."""
    given_lines = {finish.entrant.driver_id: finish for finish in finishes}
    lines = [given_lines.get(each.entrant.driver_id, each) for each in RESULT.finishes]
    renamed = [
        replace(each, entrant=replace(each.entrant, driver_id=THEIR_IDS[each.entrant.driver_id])) for each in lines
    ]
    return replace(RESULT, finishes=tuple(renamed), **more)


def line(name: str, **changes: Any) -> Finish:
    """A line of Imola's result, changed."""
    (found,) = [each for each in RESULT.finishes if each.entrant.family_name == name]
    return replace(found, **changes)


def told(second: Classification, name: str, first: Classification = RESULT) -> Finish:
    """A driver's line as both witnesses tell it."""
    (found,) = [each for each in agreed(first, second, NOBODY_ELSE).finishes if each.entrant.family_name == name]
    return found


def test_drivers_are_matched_by_their_names_however_their_ids_are_spelt() -> None:
    second = theirs(line("Norris", penalty=5.0, stops=(14, 33)))
    assert told(second, "Norris") == line("Norris", penalty=5.0, stops=(14, 33))
    assert agreed(RESULT, theirs(), NOBODY_ELSE) == RESULT


def test_who_goes_by_another_name_is_matched_where_it_is_said_who_they_are() -> None:
    other = Entrant("andrea-k", "Andrea Kimi", "Norris", "mclaren", "McLaren", "NOR", 5)
    second = replace(RESULT, finishes=(replace(line("Norris", penalty=5.0), entrant=other),))
    assert agreed(RESULT, second, NOBODY_ELSE) == RESULT
    norris = agreed(RESULT, second, {"andrea-k": "norris"}).finishes[2]
    assert (norris.entrant.driver_id, norris.penalty) == ("norris", 5.0)


@pytest.mark.parametrize(
    ("other", "penalty"),
    [
        (Entrant("lando-n", "Lando Bo", "Norris", "mclaren", "McLaren", "NOR", 4), 5.0),
        (Entrant("lando-n", "Lando Bo", "Norris", "mclaren", "McLaren", "NOR", None), None),
        (Entrant("somebody", "Bo", "Berg", "mclaren", "McLaren", "BER", 4), None),
    ],
)
def test_who_is_written_with_another_first_name_is_known_by_the_car(other: Entrant, penalty: float | None) -> None:
    others = [finish for finish in theirs().finishes if finish.entrant.family_name != "Norris"]
    second = replace(RESULT, finishes=(*others, replace(line("Norris", penalty=5.0), entrant=other)))
    assert told(second, "Norris").penalty == penalty


@pytest.mark.parametrize(
    ("place", "status", "grid", "said"),
    [
        ("W", "Did not start", None, ("Did not start", None)),
        ("R", "Gearbox", PIT_LANE, ("Retired", PIT_LANE)),
    ],
)
def test_whether_somebody_started_the_second_one_may_know(
    place: str, status: str, grid: int | None, said: tuple[str, int | None]
) -> None:
    first = replace(
        RESULT,
        finishes=tuple(
            replace(each, laps=0, grid=None) if each.entrant.family_name == "Russell" else each
            for each in RESULT.finishes
        ),
    )
    russell = told(theirs(line("Russell", place=place, status=status, grid=grid, laps=0)), "Russell", first)
    assert (russell.status, russell.grid) == said


def test_in_a_car_that_several_drove_nobody_is_known_by_it() -> None:
    shared = [Entrant(f"norris-{each}", each, "Norris", "mclaren", "McLaren", "NOR", 4) for each in ("Al", "Bo")]
    lines = [replace(line("Norris", penalty=5.0), entrant=each) for each in shared]
    assert told(replace(RESULT, finishes=tuple(lines)), "Norris").penalty is None


@pytest.mark.parametrize(
    ("status", "other", "said"),
    [
        ("Retired", "Gearbox", "Gearbox"),
        ("Gearbox", "", "Gearbox"),
        ("Gearbox", "gearbox", "Gearbox"),
        ("Collision", "Collision damage", "Collision"),
        ("Collision", "Accident", "Accident"),
        ("Engine", "Gearbox", "Retired"),
    ],
)
def test_why_somebody_retired_is_said_as_far_as_both_say_it(status: str, other: str, said: str) -> None:
    first = replace(RESULT, finishes=(*RESULT.finishes[:5], line("Bottas", status=status), RESULT.finishes[6]))
    assert told(theirs(line("Bottas", status=other)), "Bottas", first).status == said


@pytest.mark.parametrize(
    ("grid", "other", "said"),
    [(None, 8, 8), (8, None, 8), (8, 8, 8), (8, 9, None), (20, PIT_LANE, PIT_LANE), (PIT_LANE, 20, None)],
)
def test_a_grid_place_is_left_out_where_they_differ_but_for_who_started_from_the_pit_lane(
    grid: int | None, other: int | None, said: int | None
) -> None:
    first = replace(RESULT, finishes=(*RESULT.finishes[:5], line("Bottas", grid=grid), RESULT.finishes[6]))
    assert told(theirs(line("Bottas", grid=other)), "Bottas", first).grid == said


@pytest.mark.parametrize(
    ("time", "other", "said"),
    [
        ("+1:07.151", "+67.151", "+1:07.151"),
        (None, "+1:07.151", "+1:07.151"),
        ("+1:07.151", None, "+1:07.151"),
        ("+1:07.151", "+1:12.151", None),
    ],
)
def test_a_gap_is_left_out_where_they_differ_by_more_than_how_it_is_written(
    time: str | None, other: str | None, said: str | None
) -> None:
    first = replace(RESULT, finishes=(*RESULT.finishes[:3], line("Pérez", time=time), *RESULT.finishes[4:]))
    assert told(theirs(line("Pérez", time=other)), "Pérez", first).time == said


def test_the_order_and_its_points_are_the_first_ones_until_it_changes_them() -> None:
    winner, second, *others = RESULT.finishes
    lost = replace(winner, position=2, place="2")
    swapped = replace(RESULT, finishes=(replace(second, position=1, place="1", points=25), lost, *others))
    both = agreed(RESULT, swapped, NOBODY_ELSE)
    assert podium(both) == podium(RESULT)
    assert [each.points for each in both.finishes] == [each.points for each in RESULT.finishes]
    assert both.finishes[1].time == "+22.000", "a gap belongs to a place"


def test_a_penalty_that_the_order_does_not_know_yet_is_not_taken_from_a_time_without_it() -> None:
    winner, second, third, fourth, *others = RESULT.finishes
    up = replace(fourth, position=3, place="3")
    down = replace(third, position=4, place="4", time="+28.702", penalty=5.0)
    both = agreed(RESULT, replace(RESULT, finishes=(winner, second, up, down, *others)), NOBODY_ELSE)
    assert penalised(both) == ()
    assert both.finishes[2] == third


def test_a_penalty_is_told_in_another_place_where_both_have_it_in_the_time() -> None:
    first = replace(RESULT, finishes=(*RESULT.finishes[:3], line("Pérez", time="+1:07.151"), *RESULT.finishes[4:]))
    moved_up = line("Pérez", position=3, place="3", time="+67.151", penalty=5.0)
    assert told(theirs(moved_up), "Pérez", first).penalty == 5.0


def test_lines_that_were_left_out_are_the_second_ones_where_their_places_are_free() -> None:
    first = replace(RESULT, finishes=(RESULT.finishes[0], *RESULT.finishes[2:]), missing=1)
    both = agreed(first, theirs(), NOBODY_ELSE)
    assert [each.place for each in both.finishes] == [each.place for each in RESULT.finishes]
    assert both.missing == 0
    assert agreed(replace(first, missing=0), theirs(), NOBODY_ELSE).finishes == first.finishes


def test_nobody_wins_beside_the_winner_whatever_was_left_out() -> None:
    _winner, moved_up, *others = RESULT.finishes
    first = replace(RESULT, finishes=(replace(moved_up, place="1"), *others), missing=1)
    assert agreed(first, theirs(), NOBODY_ELSE) == first


def test_nobody_shares_a_place_with_somebody_whom_the_first_one_has_at_another() -> None:
    winner, second, *others = RESULT.finishes
    first = replace(RESULT, finishes=(replace(second, position=1, place="2"), *others), missing=1)
    shared = theirs(replace(winner, position=2), replace(second, position=1, place="1"))
    assert agreed(first, shared, NOBODY_ELSE).finishes == first.finishes


def test_where_the_second_one_names_more_than_were_left_out_nobody_can_say_which_these_are() -> None:
    first = replace(RESULT, finishes=RESULT.finishes[:5], missing=1)
    assert agreed(first, theirs(), NOBODY_ELSE) == first


def test_the_driver_of_the_day_is_called_by_the_first_ones_id() -> None:
    assert agreed(RESULT, theirs(driver_of_the_day=THEIR_IDS["norris"]), NOBODY_ELSE).driver_of_the_day == "norris"


def test_a_lap_in_qualifying_is_doubtful_where_one_of_them_does_not_know_it() -> None:
    first, *others = QUALIFYING.finishes
    second = replace(QUALIFYING, finishes=(replace(first, segments=("1:14.823", "", "1:14.411")), *others))
    assert agreed(QUALIFYING, second, NOBODY_ELSE).finishes[0].segments == ("1:14.823", None, "1:14.411")


CELLS: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from(["1", "2", "3", "R", "D", "W", ""]),
    "points": st.none() | st.floats(0, 30),
    "status": st.sampled_from(["", "Finished", "Retired", "Collision", "Accident", "Gearbox"]),
    "grid": st.none() | st.integers(0, 20),
    "laps": st.none() | st.integers(0, 80),
    "time": st.none() | st.sampled_from(["", "+1.000", "+61.000", "+1:01.000", "1:30:00.000", "a while"]),
    "penalty": st.none() | st.sampled_from([5.0, 10.0]),
    "stops": st.none() | st.tuples(st.integers(1, 50)),
    "fastest_lap": st.none() | st.just(FastestLap(1, 20, "1:20.000")),
}
ENTRANTS = [finish.entrant for finish in RESULT.finishes]
LINES = st.tuples(st.sampled_from(ENTRANTS), st.fixed_dictionaries(CELLS))
SHEETS = st.lists(LINES, max_size=7, unique_by=lambda line: (line[0].driver_id, line[1]["place"])).map(
    lambda lines: Classification(
        IMOLA,
        SessionKind.RACE,
        tuple(Finish(position=number, entrant=entrant, **cells) for number, (entrant, cells) in enumerate(lines, 1)),
    )
)


@given(SHEETS, SHEETS)
def test_no_line_of_the_first_is_lost_and_no_cell_is_told_that_neither_tells(
    first: Classification, second: Classification
) -> None:
    both = agreed(first, second, NOBODY_ELSE)
    assert [(each.position, each.place, each.entrant) for each in both.finishes] == [
        (each.position, each.place, each.entrant) for each in first.finishes
    ]
    for name in ("points", "grid", "laps", "time", "penalty", "stops"):
        known = {getattr(each, name) for sheet in (first, second) for each in sheet.finishes} | {None}
        assert {getattr(each, name) for each in both.finishes} <= known
    assert agreed(first, first, NOBODY_ELSE) == first


@given(SHEETS, SHEETS, st.integers(0, 3))
def test_where_lines_were_left_out_there_are_never_more_winners_than_one_of_them_tells(
    first: Classification, second: Classification, missing: int
) -> None:
    both = agreed(replace(first, missing=missing), second, NOBODY_ELSE)
    assert len(placed(both, 1)) in {len(placed(first, 1)), len(placed(second, 1))}
    assert [each for each in both.finishes if each.position in {line.position for line in first.finishes}] == list(
        agreed(first, second, NOBODY_ELSE).finishes
    )
    assert both.missing >= 0
    assert len(both.finishes) - len(first.finishes) == missing - both.missing
