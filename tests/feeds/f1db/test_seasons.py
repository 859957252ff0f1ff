"""What a release says of a season, in the domain's words; what cannot be is left out of it."""

import datetime as dt
import io
from typing import Any

import pytest

from bot.domain.season import PIT_LANE, Championship, Classification, FastestLap, Finish
from bot.domain.sessions import Session, SessionKind
from bot.domain.whole_seasons import WholeSeason
from bot.feeds.f1db.pile import CELLS, RACE, Pile
from bot.feeds.f1db.rows import opened
from bot.feeds.f1db.seasons import Seasons
from storage.incidents.reading import read_f1db_ids
from tests.support.f1db_release import F1dbRelease, invented_release


def told(release: F1dbRelease, year: int = 2025) -> WholeSeason:
    """A season as the feed tells it."""
    with opened(io.BytesIO(release.packed())) as archive:
        return Seasons(Pile(archive), read_f1db_ids()).season(year).said


def result(season: WholeSeason, kind: SessionKind = SessionKind.RACE, number: int = 0) -> Classification:
    """One of its results."""
    return [each for each in season.classifications if each.kind is kind][number]


@pytest.fixture
def release() -> F1dbRelease:
    """A season of two races, the second with a sprint."""
    return invented_release([2025])


def changed(release: F1dbRelease, line: int, **cells: Any) -> Finish:
    """A driver's line of the first race, after these cells were changed."""
    release.rows("race-results", 2025, 1)[line].update(cells)
    return result(told(release)).finishes[line]


def test_a_line_says_all_that_the_archive_does_not(release: F1dbRelease) -> None:
    finishes = result(told(release)).finishes
    assert (finishes[0].time, finishes[0].fastest_lap) == ("1:30:00.000", FastestLap(1, 48, "1:22.000"))
    assert (finishes[4].penalty, finishes[4].time) == (5.0, "+4.000")
    assert finishes[5].grid == PIT_LANE
    assert finishes[1].stops == (21, 40)
    assert (finishes[6].status, finishes[6].time) == ("+1 Lap", None)
    assert (finishes[9].place, finishes[9].status, finishes[9].points) == ("R", "Gearbox", 0)


@pytest.mark.parametrize(("kind", "results"), [(SessionKind.RACE, ""), (SessionKind.SPRINT, "sprint-")])
def test_the_grid_tells_of_starts_from_the_pit_lane_on_which_the_result_is_silent(
    release: F1dbRelease, kind: SessionKind, results: str
) -> None:
    rows = release.rows(f"{results}race-results", 2025, 2)
    silent = {"gridPositionNumber": None, "gridPositionText": None}
    rows[1] |= silent
    rows[2] |= silent
    rows[9] |= silent | {"positionText": "DNS"}
    grid = release.rows(f"{results}starting-grid-positions", 2025, 2)
    for line in (1, 3, 9):
        grid[line]["positionText"] = "PL"
    finishes = result(told(release), kind, -1).finishes
    assert [finishes[line].grid for line in (1, 2, 3, 9)] == [PIT_LANE, None, 4, None]


def test_the_sprint_and_qualifying_are_told_beside_the_race(release: F1dbRelease) -> None:
    season = told(release)
    sprint = result(season, SessionKind.SPRINT)
    assert sprint.race.key == "2025-australian-grand-prix"
    assert (sprint.finishes[0].points, sprint.finishes[0].stops) == (8, None)
    assert result(season, SessionKind.QUALIFYING).finishes[0].segments == ("1:20.500", "1:20.200", "1:20.000")


def test_a_sprint_of_which_only_the_laps_are_known_was_on_the_day_before_the_race(release: F1dbRelease) -> None:
    first, second = release.rows("races", 2025)
    assert second["sprintRaceDate"]
    second |= {"sprintRaceDate": None, "sprintRaceTime": None, "sprintRaceLaps": 18}
    first["sprintRaceLaps"] = None
    without, with_sprint = told(release).races
    day = with_sprint.race.day - dt.timedelta(days=1)
    assert with_sprint.session(SessionKind.SPRINT) == Session(SessionKind.SPRINT, day)
    assert with_sprint.sessions[-1].kind is SessionKind.RACE
    assert without.session(SessionKind.SPRINT) is None


def test_whom_the_viewers_voted_for_is_told(release: F1dbRelease) -> None:
    best = result(told(release))
    assert best.driver_of_the_day == best.finishes[2].entrant.driver_id


def test_championships_say_who_drove_for_whom_and_how_often_they_won(release: F1dbRelease) -> None:
    last = [each for each in told(release).standings if each.kind is Championship.DRIVERS][-1]
    assert (last.round, last.entries[0].position) == (2, 1)
    assert sum(each.wins or 0 for each in last.entries) == 2
    assert all(each.team for each in last.entries)


@pytest.mark.parametrize("lost", ["driverId", "positionText"])
def test_wins_are_not_counted_on_from_a_race_whose_winner_is_not_known(release: F1dbRelease, lost: str) -> None:
    release.rows("race-results", 2025, 1)[0][lost] = "nobody"
    tables = told(release).standings
    assert len(tables) == 4
    assert {each.wins for table in tables for each in table.entries} == {None}


@pytest.mark.parametrize(
    ("text", "place", "status"),
    [
        ("DSQ", "D", "Disqualified"),
        ("DNS", "W", "Did not start"),
        ("DNQ", "F", "Did not qualify"),
        ("NC", "N", "Engine"),
    ],
)
def test_who_has_no_place_has_the_archives_letter(release: F1dbRelease, text: str, place: str, status: str) -> None:
    finish = changed(release, 9, positionText=text, reasonRetired="Engine")
    assert (finish.place, finish.status) == (place, status)


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        ({"points": 99_999}, "points"),
        ({"points": "many"}, "points"),
        ({"laps": -3}, "laps"),
        ({"laps": True}, "laps"),
        ({"gap": "hello world"}, "time"),
        ({"gap": ["+1.000"]}, "time"),
        ({"timePenaltyMillis": -5_000}, "penalty"),
        ({"timePenaltyMillis": 9_999_999_999}, "penalty"),
        ({"timePenaltyMillis": 3_599_000}, "penalty"),
        ({"gap": "+999 laps", "gapLaps": 999}, "status"),
        ({"gridPositionNumber": 4_000}, "grid"),
        ({"positionText": "Q"}, "place"),
        ({"positionNumber": 7}, "place"),
    ],
)
def test_what_cannot_be_is_left_out_of_its_line(release: F1dbRelease, cells: dict[str, Any], left_out: str) -> None:
    before = result(told(release)).finishes[1]
    after = changed(release, 1, **cells)
    assert getattr(after, left_out) in {None, ""}
    assert after.entrant == before.entrant


@pytest.mark.parametrize("odd", [999, 0, 3, True, "4", None])
def test_lines_whose_order_is_odd_are_told_as_they_come(release: F1dbRelease, odd: object) -> None:
    before = result(told(release))
    release.rows("race-results", 2025, 1)[3]["positionDisplayOrder"] = odd
    assert result(told(release)).finishes == before.finishes


def test_a_line_of_nobody_is_counted_as_missing(release: F1dbRelease) -> None:
    release.rows("race-results", 2025, 1)[1]["driverId"] = "nobody-at-all"
    race = result(told(release))
    assert (len(race.finishes), race.missing) == (9, 1)


def test_a_result_most_of_which_is_nobodys_is_not_told(release: F1dbRelease) -> None:
    for row in release.rows("race-results", 2025, 1)[:5]:
        row["constructorId"] = "no-team"
    assert [each.race.round for each in told(release).classifications if each.kind is SessionKind.RACE] == [2]


def test_a_team_with_two_engines_has_a_line_for_each() -> None:
    release = invented_release([1961])
    first, second, *_ = release.rows("constructor-standings", 1961, 1)
    second |= {"constructorId": first["constructorId"], "engineManufacturerId": "maserati"}
    table = next(each for each in told(release, 1961).standings if each.kind is Championship.TEAMS)
    assert [each.name.partition("-")[2] for each in table.entries[:2]] == ["Ion", "Maserati"]


def test_qualifying_before_it_was_recorded_is_not_told() -> None:
    assert {each.kind for each in told(invented_release([1961]), 1961).classifications} == {SessionKind.RACE}


def test_ids_are_the_archives_where_they_differ(release: F1dbRelease) -> None:
    release.rows("drivers")[0] |= {"id": "max-verstappen"}
    for name in ("race-results", "driver-standings"):
        for row in release.rows(name):
            row["driverId"] = "max-verstappen" if row["driverId"] == "ada-arden" else row["driverId"]
    finishes = result(told(release)).finishes
    assert "max_verstappen" in {each.entrant.driver_id for each in finishes}
    assert told(release).races[1].circuit_id == "albert_park"


def test_what_a_season_was_read_from_is_let_go_once_it_is_told(release: F1dbRelease) -> None:
    with opened(io.BytesIO(release.packed())) as archive:
        pile = Pile(archive)
    seasons = Seasons(pile, read_f1db_ids())
    ids = [row["id"] for row in pile.races[2025]]
    assert all(pile.has(RACE, race_id) for race_id in ids)
    seasons.season(2025)
    assert not any(pile.has(name, race_id) for name in CELLS for race_id in ids)
    with pytest.raises(KeyError):
        seasons.season(2025)
