"""The championship's standings."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.race_story import StandingsMove
from bot.domain.season import Championship
from bot.pictures.canvas import Box
from bot.pictures.ranking import BARS_END, GAPS, MOVES
from bot.pictures.standings import _drawn, standings_picture
from tests.pictures.samples import AFTER, names, overlaps, standings

TEAMS = standings(("mercedes", 60, ""), ("red_bull", 30, ""), ("williams", 0, ""), kind=Championship.TEAMS)


def bars(boxes: list[Box]) -> list[Box]:
    """The boxes of the bars: they all are 22 pixels high."""
    return [box for box in boxes if box.bottom - box.top == 22 and box.left > 400 and box.right < 1120]


def test_the_standings_in_words() -> None:
    assert standings_picture(AFTER, "Drivers’ championship").alt == (
        "Drivers’ championship. Points after round 2 of 2021: "
        "1 Lewis Hamilton 44, 2 Max Verstappen 43, 3 Lando Norris 27.5. Lewis Hamilton leads by 1 point."
    )


def test_a_tie_at_the_top() -> None:
    assert standings_picture(standings(("Ann", 9, ""), ("Bea", 9, "")), "A tie").alt.endswith(
        "The first two are level."
    )


def test_a_bar_is_as_long_as_its_points() -> None:
    mercedes, red_bull = bars(_drawn(StandingsMove(TEAMS), "Teams").boxes)
    assert mercedes.right - mercedes.left == 2 * (red_bull.right - red_bull.left)


def test_nobody_is_behind_a_first_who_is_not_known() -> None:
    first, *others = TEAMS.entries
    unknown = replace(TEAMS, entries=(replace(first, position=None), *others))
    for table, end in ((TEAMS, BARS_END - GAPS), (unknown, BARS_END)):
        assert bars(_drawn(StandingsMove(table), "Teams").boxes)[0].right == end


def test_nobody_has_points_yet() -> None:
    assert "nobody has any" in standings_picture(standings(), "Drivers").alt
    assert bars(_drawn(StandingsMove(standings(("Ann", 0, ""))), "Drivers").boxes) == []


def test_of_eleven_teams_the_last_is_shown_and_of_more_only_the_first_ten() -> None:
    for number, shown in ((11, 11), (12, 10)):
        teams = [(f"Team {place}", 100 - place, "") for place in range(1, number + 1)]
        championship = standings(*teams, kind=Championship.TEAMS)
        drawn = _drawn(StandingsMove(championship), "Teams").boxes
        assert len(bars(drawn)) == shown
        assert overlaps(drawn) == []
        assert (f"Team {number} " in standings_picture(championship, "Teams").alt) is (number == shown)


def test_places_won_and_lost_in_the_last_round_stand_beside_the_points() -> None:
    before = standings(("Bea", 9, ""), ("Cid", 5, ""), ("Ann", 4, ""))
    after = standings(("Ann", 29, ""), ("Bea", 27, ""), ("Cid", 5, ""))
    assert "1 Ann 29 (▲2), 2 Bea 27 (▼1), 3 Cid 5 (▼1)." in standings_picture(after, "Drivers", before).alt
    boxes = _drawn(StandingsMove(after, before), "Drivers").boxes
    assert overlaps(boxes) == []
    assert bars(boxes)[0].right == BARS_END - GAPS - MOVES


@settings(max_examples=50)
@given(st.lists(st.tuples(names, st.floats(0, 2000), names), max_size=30), names, st.sampled_from(Championship))
def test_whatever_they_are_called_nothing_overlaps(
    lines: list[tuple[str, float, str]], title: str, kind: Championship
) -> None:
    championship = standings(*sorted(lines, key=lambda line: -line[1]), kind=kind)
    assert overlaps(_drawn(StandingsMove(championship), title).boxes) == []
    assert len(standings_picture(championship, title).png) < 60_000
