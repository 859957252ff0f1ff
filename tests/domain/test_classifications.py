"""What can be asked of a classification."""

from dataclasses import replace

import pytest

from bot.domain.classifications import (
    Gap,
    climbs_known,
    fastest,
    from_the_pit_lane,
    gap,
    most_gained,
    most_lost,
    names,
    never_started,
    out,
    placed,
    podium,
    starters,
)
from bot.domain.season import PIT_LANE, Classification, Finish
from bot.domain.sessions import SessionKind
from tests.pictures.samples import FINISHES, IMOLA, RESULT, finish


def family(*finishes: Finish) -> list[str]:
    return [one.entrant.family_name for one in finishes]


def classification(*finishes: Finish) -> Classification:
    return Classification(IMOLA, SessionKind.RACE, finishes)


def test_the_podium_is_the_first_three_classified() -> None:
    disqualified = replace(FINISHES[0], place="D")
    assert [family(*place) for place in podium(classification(disqualified, *FINISHES[1:]))] == [
        ["Hamilton"],
        ["Norris"],
        ["Pérez"],
    ]


def test_those_who_share_a_place_stand_on_the_podium_together() -> None:
    first, second, third, fourth, *_others = FINISHES
    shared = classification(first, replace(second, place="1"), replace(third, place="2"), replace(fourth, place="3"))
    assert [family(*place) for place in podium(shared)] == [["Verstappen", "Hamilton"], ["Norris"], ["Pérez"]]
    tie = classification(first, second, replace(third, place="2"), fourth)
    assert [family(*place) for place in podium(tie)] == [["Verstappen"], ["Hamilton", "Norris"]]
    assert podium(classification(*FINISHES[6:])) == ()
    assert placed(shared, 1) == podium(shared)[0]
    assert placed(shared, 4) == ()


def test_how_far_behind_somebody_was() -> None:
    first, second, *_others = (replace(finish, laps=63) for finish in FINISHES)
    for line, behind in (
        (first, Gap(time="2:02:34.598")),
        (second, Gap(time="+22.000")),
        (replace(second, laps=62), Gap(laps=1)),
        (replace(second, laps=None, status="+2 Laps"), Gap(laps=2)),
        (replace(second, laps=None, status="Lapped"), Gap()),
        (replace(second, time=None), Gap()),
    ):
        assert gap(classification(first, line), line) == behind


def test_drivers_are_called_by_their_family_name_and_by_both_where_two_share_it() -> None:
    brothers = classification(finish(1, "Ralf Schumacher"), finish(2, "Michael Schumacher"), finish(3, "Jenson Button"))
    assert [*names(brothers).values()] == ["Ralf Schumacher", "Michael Schumacher", "Button"]


def test_movers_are_those_who_were_classified_and_started_from_the_grid() -> None:
    assert family(*most_gained(RESULT)) == ["Räikkönen"]
    assert family(*most_lost(RESULT)) == ["Pérez"]


@pytest.mark.parametrize(
    ("grids", "most"),
    [
        ((1, 2, PIT_LANE, 5, 4, 3), ["Lauda"]),  # at least three places; nobody on the grid won as many
        ((2, 1, 3, 4, 5, PIT_LANE), ["Clark"]),
        ((5, 2, PIT_LANE, 3, 4, 1), ["Clark"]),  # three at the most, against four
        ((2, 1, PIT_LANE, PIT_LANE, 3, 4), []),  # three or four places against one or two: it may be either's
        ((1, PIT_LANE, 2, 3, 4, PIT_LANE), ["Hill"]),
        ((4, 2, PIT_LANE, 3, 1, PIT_LANE), []),  # three against two or three
    ],
)
def test_who_started_from_the_pit_lane_may_have_won_the_most(grids: tuple[int, ...], most: list[str]) -> None:
    drivers = ("Jim Clark", "Graham Hill", "Niki Lauda", "Alain Prost", "Nelson Piquet", "Keke Rosberg")
    lines = [
        finish(place, driver, grid=grid) for place, (driver, grid) in enumerate(zip(drivers, grids, strict=True), 1)
    ]
    race = classification(*lines)
    assert family(*most_gained(race)) == most
    assert climbs_known(race) is bool(most)


def test_nobody_moves_where_everybody_keeps_the_place() -> None:
    still = classification(finish(1, "Jim Clark", grid=1), finish(2, "Graham Hill", grid=2))
    assert most_gained(still) == most_lost(still) == ()


def test_the_fastest_lap_may_be_unknown() -> None:
    assert family(*filter(None, [fastest(RESULT)])) == ["Hamilton"]
    assert fastest(classification(*FINISHES[2:])) is None


@pytest.mark.parametrize("place", ["D", "E"])
def test_a_lap_of_who_was_disqualified_is_not_told_as_the_fastest(place: str) -> None:
    finishes = [replace(each, place=place) if each.entrant.family_name == "Hamilton" else each for each in FINISHES]
    assert fastest(classification(*finishes)) is None


def test_who_never_started_is_neither_out_nor_a_starter() -> None:
    withdrawn = finish(9, "Nikita Mazepin", "haas", place="W")
    absent = replace(finish(10, "Mick Schumacher", "haas", place="R"), status="Did not start")
    assert family(*out(classification(*FINISHES, withdrawn, absent))) == ["Bottas", "Russell"]
    assert starters(classification(*FINISHES, withdrawn, absent)) == 8


def test_of_who_may_have_stayed_away_nothing_is_said() -> None:
    unknown = replace(finish(9, "Logan Sargeant", "williams", place="R", grid=None), laps=0, status="Accident")
    race = classification(*FINISHES, unknown)
    assert family(*out(race)) == ["Bottas", "Russell"]
    assert family(*never_started(race), *from_the_pit_lane(race)) == family(
        *from_the_pit_lane(classification(*FINISHES))
    )
    assert starters(race) is None
    from_the_pits = classification(*FINISHES, replace(unknown, grid=PIT_LANE))
    assert family(*out(from_the_pits)) == ["Bottas", "Russell", "Sargeant"]


def test_who_started_and_was_not_classified_is_out_whatever_the_reason() -> None:
    disqualified = replace(FINISHES[1], place="D")
    penalised = replace(FINISHES[2], status="Disqualified")
    slow = replace(FINISHES[5], place="N")
    everybody = classification(FINISHES[0], disqualified, penalised, slow, *FINISHES[6:])
    assert family(*out(everybody)) == ["Hamilton", "Norris", "Vettel", "Bottas", "Russell"]
    assert starters(everybody) == 6


def test_who_drove_two_cars_is_one_starter_and_out_only_of_both() -> None:
    first, other, *_others = FINISHES
    retired = replace(first, position=7, place="R")
    assert out(classification(first, other, retired)) == ()
    assert out(classification(other, retired, replace(retired, position=8))) == (retired,)
    assert starters(classification(other, retired, replace(retired, position=8))) == 2


def test_who_started_from_the_pit_lane_and_who_did_not_start() -> None:
    first, second, third, *_others = FINISHES
    race = classification(first, replace(second, grid=0), replace(third, place="W", grid=0))
    assert family(*from_the_pit_lane(race)) == ["Hamilton"]
    assert family(*never_started(race)) == ["Norris"]
