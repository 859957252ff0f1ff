"""What Jolpica says that cannot be: the cell in doubt is left out and named in the log, and the rest is told."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards.recap import recap_card
from bot.cards.results import classification_reply
from bot.chat.instants import as_written
from bot.domain.classifications import most_gained, starters
from bot.domain.race_story import RaceStory
from bot.domain.season import PIT_LANE, Classification, Finish
from bot.feeds import QuestionFailedError
from bot.feeds.jolpica.client import Jolpica
from bot.feeds.season.doubts import out_of_order
from bot.pictures.recap import recap_picture
from tests.support.jolpica_field import LAPS, field_lines, name, qualifying_lines
from tests.support.jolpica_samples import driver_standing, line, moment, qualified, race, reims_lines
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer

Json = dict[str, Any]


class Archive:
    """The archive after one answer was published, with what was logged when it was asked for."""

    def __init__(self, server: JolpicaServer, jolpica: Jolpica) -> None:
        self._server, self._jolpica = server, jolpica
        self.logs: list[tuple[str, Any, Any]] = []

    async def race(self, lines: list[Json], drivers: int = 0, **head: Any) -> Classification:
        """The result of a race with these lines."""
        head = {"season": 2021, "round_number": 2, **head}
        path = f"{head['season']}/{head['round_number']}/results/"
        self._server.publish(path, results(race(**head), lines))
        return await self._asked(lambda: self._jolpica.result(head["season"], head["round_number"], drivers))

    async def sprint(self, lines: list[Json]) -> Classification:
        """The result of a sprint with these lines."""
        self._server.publish("2021/2/sprint/", results(race(), lines, key="SprintResults"))
        return await self._asked(lambda: self._jolpica.sprint(2021, 2))

    async def qualifying(self, lines: list[Json]) -> Classification:
        """The result of qualifying with these lines."""
        self._server.publish("2021/2/qualifying/", results(race(), lines, key="QualifyingResults"))
        return await self._asked(lambda: self._jolpica.qualifying(2021, 2))

    async def _asked(self, question: Callable[[], Any]) -> Classification:
        with capture_logs() as logs:
            said = await question()
        self.logs = [(each["event"], each.get("row"), each.get("field")) for each in logs]
        assert isinstance(said, Classification)
        return said

    @property
    def left_out(self) -> list[tuple[Any, Any]]:
        """The row and the name of each cell that was left out."""
        assert {event for event, _row, _field in self.logs} <= {"feed.cell_left_out"}
        return sorted((row, field) for _event, row, field in self.logs)


@pytest.fixture
def archive(server: JolpicaServer, jolpica: Jolpica) -> Archive:
    return Archive(server, jolpica)


def changed(lines: list[Json], place: int, **cells: Any) -> list[Json]:
    """The same lines with other cells in one of them; None takes a cell out."""
    lines[place - 1] |= cells
    lines[place - 1] = {key: value for key, value in lines[place - 1].items() if value is not None}
    return lines


def of(classification: Classification, place: int) -> Finish:
    """The line of who comes there in the invented field."""
    return next(each for each in classification.finishes if each.entrant.family_name == name(place))


def paragraphs(classification: Classification) -> list[list[str]]:
    return [as_written(each).splitlines() for each in classification_reply(classification, "").card.paragraphs]


async def test_an_invented_field_is_whole(archive: Archive) -> None:
    result = await archive.race(field_lines(), drivers=20)
    grid = await archive.qualifying(qualifying_lines())
    assert (len(result.finishes), len(grid.finishes), archive.left_out) == (20, 20, [])


@pytest.mark.parametrize(
    ("place", "cells", "field", "said"),
    [
        (3, {"points": "99999"}, "points", None),
        (3, {"points": "27"}, "points", None),
        (3, {"points": "-25"}, "points", None),
        (19, {"points": "6"}, "points", None),
        (6, {"points": "13"}, "points", None),
        (1, {"Time": {"time": "hello world"}}, "Time.time", None),
        (1, {"Time": {"time": "0:02.000"}}, "Time", None),
        (1, {"Time": {"time": "9:31:44.742"}}, "Time", None),
        (1, {"Time": {"time": "+9.000"}}, "Time", None),
        (2, {"Time": {"time": "1:32:00.000"}}, "Time", None),
        (8, {"Time": {"time": "+1.808"}}, "Time", None),
        (12, {"Time": {"time": "+59:59.999"}}, "Time", None),
        (4, {"laps": "999"}, "laps", None),
        (19, {"laps": str(LAPS + 1)}, "laps", None),
        (5, {"laps": "3"}, "laps", None),
        (18, {"laps": "3"}, "laps", None),
        (4, {"status": "+999 Laps"}, "status", ""),
        (5, {"grid": "99"}, "grid", None),
        (5, {"grid": "x"}, "grid", None),
    ],
)
async def test_one_cell_that_cannot_be_costs_that_cell_alone(
    archive: Archive, place: int, cells: Json, field: str, said: object
) -> None:
    whole = await archive.race(field_lines())
    result = await archive.race(changed(field_lines(), place, **cells))
    assert archive.left_out == [(place, field)]
    attribute = {"Time.time": "time", "Time": "time"}.get(field, field)
    assert getattr(of(result, place), attribute) == said
    others = [(one, other) for one, other in zip(whole.finishes, result.finishes, strict=True) if one != other]
    assert len(others) == 1, "only this line is another"


async def test_what_is_left_out_is_logged_once_as_long_as_it_stays_so_and_never_said(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.publish("2021/2/results/", results(race(), changed(field_lines(), 1, Time={"time": "hello world"})))
    with capture_logs() as logs:
        for _time in range(3):
            assert await jolpica.result(2021, 2)
    assert logs == [
        {
            "event": "feed.cell_left_out",
            "log_level": "warning",
            "feed": "jolpica",
            "path": "2021/2/results/",
            "row": 1,
            "field": "Time.time",
        }
    ]


async def test_double_points_and_a_sprints_have_bounds_of_their_own(archive: Archive) -> None:
    doubled = changed(field_lines(), 1, points="50")
    result = await archive.race(doubled, season=2014, round_number=19, day="2014-11-23")
    assert of(result, 1).points == 50
    sprint = await archive.sprint(changed(field_lines(), 1, points="8"))
    assert of(sprint, 1).points == 8
    assert {place for place in range(2, 6) if of(sprint, place).points is None} == {2, 3, 4, 5}


async def test_two_gaps_that_contradict_each_other_alone_are_both_left_out(archive: Archive) -> None:
    lines = field_lines()
    lines[10]["Time"], lines[11]["Time"] = lines[11]["Time"], lines[10]["Time"]
    result = await archive.race(lines)
    assert (of(result, 11).time, of(result, 12).time, of(result, 10).time) == (None, None, "+1:03.250")
    assert archive.left_out == [(11, "Time"), (12, "Time")]


async def test_who_finished_with_a_time_a_lap_behind_did_one_or_the_other(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 12, laps=str(LAPS - 1)))
    assert (of(result, 12).laps, of(result, 12).time) == (None, None)


async def test_a_place_that_comes_twice_is_told_of_neither(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 3, position="2", positionText="2"))
    assert archive.left_out == [(2, "positionText"), (3, "positionText")]
    assert (of(result, 2).place, of(result, 3).place, of(result, 4).place) == ("", "", "4")
    card = classification_reply(result, "").card
    assert card.fields[0].name == "Place not known"
    assert card.fields[0].value == "Berg · +7.250 · from 19 · 18 points; Carter · +14.250 · from 18 · 15 points"
    assert [each.partition(",")[0] for each in as_written(card.paragraphs[0]).splitlines()][:2] == [
        "1. Anders",
        "4. Duval",
    ]
    recap = recap_card(RaceStory(result))
    assert recap.title == "Emilia Romagna Grand Prix: Anders wins"
    assert "Berg" not in str(recap)
    assert "Carter" not in str(recap)


async def test_a_first_place_that_comes_twice_has_nobody_win_and_nobody_third_who_was_fourth(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 2, position="1", positionText="1"))
    recap = recap_card(RaceStory(result))
    assert recap.title == "Emilia Romagna Grand Prix"
    assert "Duval" not in {each.name: as_written(each.value) for each in recap.fields}.get("Podium", "")
    assert recap_picture(result).alt.count("3. ") == 1


async def test_where_the_winner_was_disqualified_the_podium_begins_with_the_second(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 1, positionText="D", status="Disqualified", points="0"))
    (podium,) = (each.value for each in recap_card(RaceStory(result)).fields if each.name == "Podium")
    assert podium == "2. Berg (Team A), 3. Carter (Team B), 4. Duval (Team B)"


async def test_who_was_disqualified_may_keep_a_number_that_another_one_has(archive: Archive) -> None:
    lines = changed(field_lines(), 18, position="17", status="Disqualified", positionText="D")
    result = await archive.race(lines)
    assert (of(result, 17).place, of(result, 18).place, archive.left_out) == ("17", "D", [])


async def test_a_grid_place_that_comes_twice_is_nobodys_and_the_pit_lane_is_for_many(archive: Archive) -> None:
    lines = changed(changed(field_lines(), 7, grid="0"), 8, grid="0")
    result = await archive.race(changed(lines, 1, grid="19"))
    assert archive.left_out == [(1, "grid"), (2, "grid")]
    assert (of(result, 7).grid, of(result, 8).grid) == (0, 0)
    assert most_gained(result) == ()
    assert "Most places gained: Not known." in recap_picture(result).alt
    assert "on the grid" not in str(recap_card(RaceStory(result)))


async def test_fastest_laps_have_to_be_driven_and_ranked_once_each(archive: Archive) -> None:
    lines = changed(field_lines(), 1, FastestLap={"rank": "1", "lap": "999", "Time": {"time": "1:21.500"}})
    lines = changed(lines, 4, FastestLap={"rank": "3", "lap": "9", "Time": {"time": "1:24.500"}})
    lines = changed(lines, 6, FastestLap={"rank": "6", "lap": "9", "Time": {"time": "1:51.500"}})
    result = await archive.race(changed(lines, 7, FastestLap={"rank": "7", "lap": "9", "Time": {"time": "0:01.500"}}))
    assert archive.left_out == [
        (1, "FastestLap"),
        (3, "FastestLap.rank"),
        (4, "FastestLap.rank"),
        (6, "FastestLap"),
        (7, "FastestLap"),
    ]
    assert "Fastest lap: Not known." in recap_picture(result).alt


async def test_a_driver_who_comes_twice_costs_both_lines_and_what_would_need_everybody(archive: Archive) -> None:
    lines = field_lines()
    lines[8]["Driver"] = lines[3]["Driver"]
    result = await archive.race(lines)
    assert archive.left_out == [(4, "Driver"), (9, "Driver")]
    assert (len(result.finishes), result.missing) == (18, 2)
    assert (most_gained(result), starters(result)) == ((), None)
    assert "Out: Sarter and Tuval." in recap_picture(result).alt


async def test_a_driver_who_comes_twice_costs_both_lines_also_where_one_cannot_be_read(archive: Archive) -> None:
    lines = field_lines()
    lines[8]["Driver"] = lines[3]["Driver"]
    del lines[3]["Constructor"]
    result = await archive.race(lines)
    assert {row for row, _field in archive.left_out} == {4, 9}
    assert (len(result.finishes), result.missing) == (18, 2)


async def test_a_line_that_comes_twice_word_for_word_is_one(archive: Archive) -> None:
    result = await archive.race([*field_lines(), field_lines()[5]])
    assert (len(result.finishes), archive.left_out) == (20, [])


async def test_a_line_that_names_nobody_is_left_out(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 5, Driver={"driverId": "../", "givenName": "Kim"}))
    assert {row for row, _field in archive.left_out} == {5}
    assert (len(result.finishes), result.missing) == (19, 1)


async def test_a_position_that_its_text_contradicts_is_left_out(archive: Archive) -> None:
    result = await archive.race(changed(field_lines(), 6, positionText="7"))
    assert (of(result, 6).place, of(result, 7).place) == ("", "7")
    assert archive.left_out == [(6, "positionText")]


@pytest.mark.parametrize("rows", [10, 14])
async def test_a_race_with_far_fewer_drivers_than_its_weekend_is_refused(archive: Archive, rows: int) -> None:
    with pytest.raises(QuestionFailedError, match="too many rows are missing"):
        await archive.race(field_lines()[:rows], drivers=20)


async def test_a_race_with_fifteen_of_twenty_drivers_is_told(archive: Archive) -> None:
    assert len((await archive.race(field_lines()[:15], drivers=20)).finishes) == 15


async def test_a_race_of_which_the_higher_places_are_missing_is_refused(archive: Archive) -> None:
    with pytest.raises(QuestionFailedError, match="too many rows are missing"):
        await archive.race(field_lines()[6:])


async def test_shared_cars_of_old_stay_and_what_is_odd_among_them_is_left_out(archive: Archive) -> None:
    old: dict[str, Any] = {
        "season": 1951,
        "round_number": 4,
        "name": "French Grand Prix",
        "circuit": "reims",
        "day": "1951-07-01",
    }
    result = await archive.race(reims_lines(), **old)
    assert archive.left_out == []
    assert [each.place for each in result.finishes] == ["1", "1", "2", "2", "3", "3", "R"]
    result = await archive.race([*reims_lines(), line(2, "bottas", "ferrari", number="16", laps="77")], **old)
    assert [each.place for each in result.finishes if each.position == 2] == ["", "", ""]


async def test_a_qualifying_place_that_comes_twice_costs_both_their_places_and_laps(archive: Archive) -> None:
    """A driver who was disqualified keeps the number, and whoever moved up has it as well."""
    lines = qualifying_lines()
    for place in range(13, 21):
        lines[place - 1]["position"] = str(place - 1)
    result = await archive.qualifying(lines)
    assert archive.left_out == [(12, "position"), (13, "position")]
    told = paragraphs(result)
    assert told[0][0] == "1. Anders, Team A · 1:19.010"
    assert [each[:2] for each in told[1]] == ["Ou", "11", "13", "14"]
    assert [each[:2] for each in told[2]] == ["Ou", "16", "17", "18", "19"]
    assert told[3] == ["Place or lap in doubt:", "Luval, Team F", "Mnders, Team G", "15. Puval, Team H"]


async def test_a_driver_who_was_moved_to_the_end_is_not_told_among_those_of_q3(archive: Archive) -> None:
    """And those who moved up are out where both their places and their laps say so."""
    lines = qualifying_lines()
    lines[2]["position"] = "20"
    for place in range(4, 21):
        lines[place - 1]["position"] = str(place - 1)
    told = paragraphs(await archive.qualifying(lines))
    assert archive.left_out == []
    assert told[0][2] == "3. Duval, Team B · 1:19.040 · +0.030"
    assert [each[:2] for each in told[1]] == ["Ou", "11", "12", "13", "14"]
    assert [each[:2] for each in told[2]] == ["Ou", "16", "17", "18", "19"]
    assert told[3] == ["Place or lap in doubt:", "10. Karter, Team F", "15. Puval, Team H", "20. Carter, Team B"]


async def test_who_is_slower_than_those_behind_has_no_lap_told_and_is_not_said_to_have_none(archive: Archive) -> None:
    told = paragraphs(await archive.qualifying(changed(qualifying_lines(), 4, Q3="1:19.990")))
    assert told[0][3] == "4. Duval, Team B"
    assert archive.left_out == [(4, "Q1"), (4, "Q2"), (4, "Q3")]


async def test_pole_without_a_time_is_no_pole_without_time(archive: Archive) -> None:
    told = paragraphs(await archive.qualifying(changed(qualifying_lines(), 1, Q1=None, Q2=None, Q3=None)))
    assert told[0][:2] == ["1. Anders, Team A", "2. Berg, Team A · 1:19.020"], "nor a gap to it"


@pytest.mark.parametrize("odd", ["1", "1:75.000", "DNF", 74.411, "0:00.001", "99:59.999"])
async def test_an_odd_lap_is_left_out(archive: Archive, odd: object) -> None:
    result = await archive.qualifying(changed(qualifying_lines(), 12, Q2=odd))
    assert of(result, 12).segments == ("1:23.120", None)
    assert paragraphs(result)[1][2] == "12. Luval, Team F"


async def test_nobody_is_out_in_q2_while_q1_alone_is_known(server: JolpicaServer, jolpica: Jolpica) -> None:
    q1_alone = [{name: cell for name, cell in line.items() if name not in {"Q2", "Q3"}} for line in qualifying_lines()]
    server.publish("2021/2/qualifying/", results(race(), q1_alone, key="QualifyingResults"))
    assert await jolpica.qualifying(2021, 2) is None


async def test_qualifying_without_any_time_is_not_in_yet(server: JolpicaServer, jolpica: Jolpica) -> None:
    lines = [qualified(1, "perez", "red_bull", ""), qualified(2, "norris", "mclaren")]
    server.publish("2021/2/qualifying/", results(race(), lines, key="QualifyingResults"))
    assert await jolpica.qualifying(2021, 2) is None


async def test_a_championship_loses_what_cannot_be_and_stays(server: JolpicaServer, jolpica: Jolpica) -> None:
    rows = [
        driver_standing(1, "hamilton", "mercedes", points="44", wins="1"),
        driver_standing(2, "max_verstappen", "red_bull", points="99999"),
        driver_standing(3, "norris", "mclaren", points="-27"),
        driver_standing(4, "perez", "red_bull", points="20", wins="9"),
        driver_standing(5, "russell", "williams", points="21"),
        driver_standing(6, "bottas", "mercedes", points="9"),
        driver_standing(6, "fangio", "alfa", points="8"),
        driver_standing(8, "ascari", "ferrari", points="1"),
    ]
    server.publish("2021/driverstandings/", standings_answer("DriverStandings", rows))
    with capture_logs() as logs:
        standings = await jolpica.driver_standings(2021)
    assert standings
    assert [(each.position, each.points) for each in standings.entries] == [
        *((1, 44), (2, None), (3, None), (4, None), (5, None), (8, 1), (None, 9), (None, 8))
    ]
    assert sorted((each["row"], each["field"]) for each in logs) == [
        (2, "points"), (3, "points"), (4, "points"), (4, "wins"), (5, "points"), (6, "position"), (7, "position"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "odd"),
    [
        ([], []),
        ([1, 1, 2], []),
        ([0, 70, 77, 1.8, 84, 91], [3]),
        ([0, 5, 3], [1, 2]),
        ([9, 1, 2, 3], [0]),
        ([1, 2, math.inf, math.inf], []),
    ],
)
def test_what_not_every_longest_rising_part_has_is_out_of_order(column: list[float], odd: list[int]) -> None:
    assert [*out_of_order([*enumerate(column)])] == odd


async def test_an_odd_time_in_a_calendar_costs_that_time_alone(server: JolpicaServer, jolpica: Jolpica) -> None:
    odd = race(
        time="25:00:00Z", Qualifying=moment("2021-04-17", "noon"), FirstPractice=moment("2021-04-16", "09:00:00Z")
    )
    server.publish("2021/races/", races(odd, race(round_number=3, name="Italian Grand Prix", time="13:00:00Z")))
    with capture_logs() as logs:
        imola, monza = await jolpica.schedule(2021)
    starts = [session.starts_at for session in imola.sessions]
    assert starts == [dt.datetime(2021, 4, 16, 9, tzinfo=dt.UTC), None, None]
    assert monza.race.starts_at is not None
    told = [(each["event"], each["row"], each["field"]) for each in logs]
    assert told == [("feed.cell_left_out", 1, "time"), ("feed.cell_left_out", 1, "Qualifying.time")]


async def test_gaps_to_a_winner_who_was_disqualified_since_are_not_told_as_gaps_to_who_won(archive: Archive) -> None:
    first, *others = field_lines()
    scores = [first["points"], *(each["points"] for each in others)]
    moved_up = [
        {**each, "position": f"{place}"} | ({} if place > 17 else {"positionText": f"{place}", "points": won})
        for place, (each, won) in enumerate(zip(others, scores, strict=False), 1)
    ]
    last = {**first, "position": "20", "positionText": "D", "status": "Disqualified", "points": "0"}
    result = await archive.race([*moved_up, last])
    assert [each.time for each in result.finishes if each.classified] == [None] * 17
    assert recap_card(RaceStory(result)).paragraphs == (f"{name(2)} won from 19th on the grid.",)


@pytest.mark.parametrize(("season", "told"), [(2021, False), (2009, True)])
async def test_points_that_have_not_moved_up_with_the_places_are_not_told(
    archive: Archive, season: int, told: bool
) -> None:
    lines = field_lines()
    for each, won in zip(lines, ("18", "15", "13", "10", "8", "6", "4", "2", "1", "0"), strict=False):
        each["points"] = won
    result = await archive.race(lines, season=season, day=f"{season}-04-18")
    assert any(each.points for each in result.finishes) is told


@pytest.mark.parametrize("scale", [(8, 7, 6, 5), (3, 2, 1, 0), (7, 6, 5, 4)])
async def test_a_sprints_points_are_those_of_its_places(archive: Archive, scale: tuple[int, ...]) -> None:
    lines = field_lines()
    for number, each in enumerate(lines):
        each["points"] = f"{scale[number]}" if number < len(scale) else "0"
    result = await archive.sprint(lines)
    assert any(each.points for each in result.finishes) is (scale[0] != 7)


async def test_who_has_no_lap_and_no_grid_slot_is_not_told_to_have_started_from_the_pit_lane(archive: Archive) -> None:
    lines = changed(field_lines(), 20, grid="0", laps="0", status="Accident", FastestLap=None)
    result = await archive.race(changed(lines, 18, grid="0"))
    assert (of(result, 20).grid, of(result, 18).grid, archive.left_out) == (None, PIT_LANE, [])
    told = recap_card(RaceStory(result))
    assert f"{name(18)} from the pit lane" in str(told)
    assert name(20) not in str(told)
