"""What Jolpica says, and what we make of it."""

import datetime as dt
from typing import Any

import pytest

from bot.domain.season import PIT_LANE, Championship, FastestLap, Standing
from bot.domain.sessions import Session, SessionKind
from bot.feeds.jolpica.client import Jolpica
from tests.support.jolpica_samples import (
    driver_standing,
    imola_lines,
    imola_qualifying,
    lap,
    line,
    moment,
    qualified,
    race,
    reims_lines,
    team_standing,
)
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer

IMOLA = "2021/2/results/"


async def test_a_calendar_has_its_races_by_round(server: JolpicaServer, jolpica: Jolpica) -> None:
    monza = race(round_number=14, name="Italian Grand Prix", circuit="monza", day="2021-09-12")
    server.publish("2021/races/", races(monza, race(time="13:00:00Z")))
    imola, italy = await jolpica.schedule(2021)
    assert (imola.key, imola.round, imola.circuit_id) == ("2021-emilia-romagna-grand-prix", 2, "imola")
    assert (imola.circuit, imola.locality, imola.country) == ("Autodromo Enzo e Dino Ferrari", "Imola", "Italy")
    assert imola.race == Session(SessionKind.RACE, dt.date(2021, 4, 18), dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC))
    assert italy.race == Session(SessionKind.RACE, dt.date(2021, 9, 12), starts_at=None)


@pytest.mark.parametrize("name", ["SprintQualifying", "SprintShootout"])
async def test_a_sprint_weekend_is_in_order(server: JolpicaServer, jolpica: Jolpica, name: str) -> None:
    weekend: dict[str, Any] = {
        "time": "17:00:00Z",
        "Qualifying": moment("2021-11-13", "18:00:00Z"),
        "Sprint": moment("2021-11-13", "14:00:00Z"),
        name: moment("2021-11-12", "18:30:00Z"),
        "FirstPractice": moment("2021-11-12", "14:30:00Z"),
    }
    server.publish("2021/races/", races(race(circuit="interlagos", day="2021-11-14", **weekend)))
    (weekend_of,) = await jolpica.schedule(2021)
    assert [session.kind for session in weekend_of.sessions] == [
        SessionKind.PRACTICE_1,
        SessionKind.SPRINT_QUALIFYING,
        SessionKind.SPRINT,
        SessionKind.QUALIFYING,
        SessionKind.RACE,
    ]


async def test_sessions_of_which_only_the_day_is_known_keep_the_usual_order(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    days: dict[str, Any] = {
        "Qualifying": moment("2021-04-17"),
        "ThirdPractice": moment("2021-04-17"),
        "SecondPractice": moment("2021-04-16"),
        "FirstPractice": moment("2021-04-16"),
    }
    server.publish("2021/races/", races(race(**days)))
    (imola,) = await jolpica.schedule(2021)
    assert [session.kind.value for session in imola.sessions] == [
        *("practice-1", "practice-2", "practice-3", "qualifying", "race")
    ]
    assert not any(session.starts_at for session in imola.sessions)


async def test_a_session_without_a_day_is_not_known_yet(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.publish("2021/races/", races(race(Sprint={"time": "14:30:00Z"}, Qualifying=None)))
    (imola,) = await jolpica.schedule(2021)
    assert imola.sessions == (imola.race,)


async def test_a_round_that_moved_is_still_the_same_race(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.publish("2021/races/", races(race(round_number=2)))
    (before,) = await jolpica.schedule(2021)
    server.publish("2021/races/", races(race(round_number=3)))
    (after,) = await jolpica.schedule(2021)
    assert (before.round, after.round) == (2, 3)
    assert before.key == after.key


async def test_an_unknown_season_has_no_races(jolpica: Jolpica) -> None:
    assert await jolpica.schedule(2099) == ()


async def test_a_result_is_what_the_classification_says(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.publish(IMOLA, results(race(time="13:00:00Z"), imola_lines()))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert (classification.race.key, classification.kind) == ("2021-emilia-romagna-grand-prix", SessionKind.RACE)
    winner, second, third, bottas, russell = classification.finishes
    assert (winner.entrant.name, winner.entrant.team, winner.points) == ("Max Verstappen", "Red Bull", 25)
    assert (winner.place, winner.time, winner.gained) == ("1", "2:02:34.598", 2)
    assert (second.time, second.fastest_lap) == ("+22.000", FastestLap(1, 60, "1:16.702"))
    assert (third.entrant.code, third.fastest_lap) == ("NOR", None)
    assert [(each.position, each.place, each.status) for each in (bottas, russell)] == [
        (18, "R", "Collision"),
        (19, "R", "Collision"),
    ]
    assert not bottas.classified
    assert bottas.time is None


@pytest.mark.parametrize(("written", "said"), [("Haas F1 Team", "Haas"), ("RB F1 Team", "RB"), ("F1 Team", "F1 Team")])
async def test_a_team_is_called_as_one_says_it(
    server: JolpicaServer, jolpica: Jolpica, written: str, said: str
) -> None:
    team = {"constructorId": "haas", "name": written}
    server.publish(IMOLA, results(race(), [line(1, "russell", "williams", Constructor=team)]))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert classification.finishes[0].entrant.team == said


async def test_a_result_that_is_not_there_yet_is_none(jolpica: Jolpica) -> None:
    assert await jolpica.result(2021, 2) is None
    assert await jolpica.sprint(2021, 2) is None
    assert await jolpica.qualifying(2021, 2) is None
    assert await jolpica.driver_standings(2021) is None
    assert await jolpica.team_standings(2021, 2) is None


async def test_the_number_is_the_one_on_the_car(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.publish(IMOLA, results(race(), [line(1, "max_verstappen", "red_bull", number="1")]))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert classification.finishes[0].entrant.number == 1


async def test_grid_0_is_the_pit_lane_and_says_nothing_of_places_gained(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.publish(IMOLA, results(race(), [line(1, "perez", "red_bull", grid="0")]))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert (classification.finishes[0].grid, classification.finishes[0].gained) == (PIT_LANE, None)


async def test_who_was_disqualified_has_no_place_though_the_feed_gives_one(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    lines = [line(1, "max_verstappen", "red_bull"), line(20, "hamilton", "mercedes", status="Disqualified")]
    server.publish(IMOLA, results(race(), lines))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert (classification.finishes[1].place, classification.finishes[1].position) == ("D", 20)
    assert not classification.finishes[1].classified


async def test_drivers_who_shared_a_car_share_its_place(server: JolpicaServer, jolpica: Jolpica) -> None:
    reims = race(1951, 4, "French Grand Prix", "reims", "1951-07-01")
    server.publish("1951/4/results/", results(reims, reims_lines()))
    classification = await jolpica.result(1951, 4)
    assert classification
    assert [
        (each.place, each.entrant.family_name, each.entrant.number, each.points) for each in classification.finishes
    ] == [
        ("1", "Fagioli", 8, 4),
        ("1", "Fangio", 8, 5),
        ("2", "González", 14, 3),
        ("2", "Ascari", 14, 3),
        ("3", "Fangio", 4, 0),
        ("3", "Fagioli", 4, 0),
        ("R", "Ascari", 12, 0),
    ]


async def test_drivers_who_shared_a_car_that_retired_may_have_one_position(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    shared = {"number": "10", "positionText": "R", "status": "Gearbox"}
    lines = [
        line(1, "gonzalez", "ferrari", number="2"),
        *(line(2, who, "alfa", **shared) for who in ("fangio", "fagioli")),
    ]
    server.publish(IMOLA, results(race(), lines))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert [(each.position, each.place) for each in classification.finishes] == [(1, "1"), (2, "R"), (2, "R")]


async def test_what_is_unknown_is_left_out(server: JolpicaServer, jolpica: Jolpica) -> None:
    unknown: dict[str, Any] = {
        "number": "None",
        "grid": "",
        "laps": None,
        "status": None,
        "Time": None,
        "FastestLap": {"rank": "9"},
    }
    server.publish(IMOLA, results(race(), [line(1, "norris", "mclaren", **unknown)]))
    classification = await jolpica.result(2021, 2)
    assert classification
    (finish,) = classification.finishes
    assert (finish.entrant.number, finish.grid, finish.laps) == (None, None, None)
    assert (finish.status, finish.time, finish.fastest_lap) == ("", None, None)


async def test_a_sprint_has_a_classification_of_its_own(server: JolpicaServer, jolpica: Jolpica) -> None:
    sprint = [line(1, "bottas", "mercedes", points="3", FastestLap=lap(5, "1:11.9"))]
    server.publish("2021/2/sprint/", results(race(), sprint, key="SprintResults"))
    classification = await jolpica.sprint(2021, 2)
    assert classification
    assert (classification.kind, classification.finishes[0].points) == (SessionKind.SPRINT, 3)
    assert classification.finishes[0].fastest_lap == FastestLap(None, 5, "1:11.9")


async def test_qualifying_has_the_times_of_the_segments_that_were_reached(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.rows_a_page = 3
    server.publish("2021/2/qualifying/", results(race(), imola_qualifying(), key="QualifyingResults"))
    classification = await jolpica.qualifying(2021, 2)
    assert classification
    assert classification.kind is SessionKind.QUALIFYING
    assert [(each.place, each.entrant.code, each.segments) for each in classification.finishes] == [
        ("1", "HAM", ("1:14.823", "1:14.817", "1:14.411")),
        ("2", "PER", ("1:15.395", "1:14.716", "1:14.446")),
        ("3", "VER", ("1:15.109", "1:14.884", "")),
        ("4", "RUS", ("1:15.826", "1:15.261")),
        ("5", "NOR", ("",)),
    ]
    assert not any(each.points for each in classification.finishes)


async def test_a_lap_may_take_less_than_a_minute(server: JolpicaServer, jolpica: Jolpica) -> None:
    lines = [qualified(1, "bottas", "mercedes", "53.904", "53.803", "53.377")]
    server.publish("2021/2/qualifying/", results(race(), lines, key="QualifyingResults"))
    classification = await jolpica.qualifying(2021, 2)
    assert classification
    assert classification.finishes[0].segments == ("53.904", "53.803", "53.377")


async def test_drivers_stand_by_position(server: JolpicaServer, jolpica: Jolpica) -> None:
    rows = [
        driver_standing(1, "hamilton", "mercedes", points="44", wins="1"),
        driver_standing(2, "max_verstappen", "red_bull", points="43.5", wins="1"),
        driver_standing(3, "perez", "mclaren", "red_bull", points="10"),
    ]
    server.publish("2021/driverstandings/", standings_answer("DriverStandings", rows))
    standings = await jolpica.driver_standings(2021)
    assert standings
    assert (standings.season, standings.round, standings.kind) == (2021, 2, Championship.DRIVERS)
    assert standings.entries == (
        Standing(1, "hamilton", "Lewis Hamilton", 44, wins=1, team="Mercedes", code="HAM"),
        Standing(2, "max_verstappen", "Max Verstappen", 43.5, wins=1, team="Red Bull", code="VER"),
        Standing(3, "perez", "Sergio Pérez", 10, wins=0, team="Red Bull", code="PER"),
    )


@pytest.mark.parametrize("more", [{"position": None, "positionText": "-"}, {"positionText": "D"}])
async def test_who_cannot_be_placed_comes_last_without_a_position(
    server: JolpicaServer, jolpica: Jolpica, more: dict[str, str | None]
) -> None:
    rows = [driver_standing(2, "bottas", "mercedes", **more), driver_standing(1, "hamilton", "mercedes")]
    server.publish("2021/2/driverstandings/", standings_answer("DriverStandings", rows))
    standings = await jolpica.driver_standings(2021, 2)
    assert standings
    assert [(standing.position, standing.id) for standing in standings.entries] == [(1, "hamilton"), (None, "bottas")]


async def test_teams_stand_by_position(server: JolpicaServer, jolpica: Jolpica) -> None:
    rows = [team_standing(1, "mercedes", "60"), team_standing(2, "red_bull", "53")]
    server.publish("2021/2/constructorstandings/", standings_answer("ConstructorStandings", rows))
    standings = await jolpica.team_standings(2021, 2)
    assert standings
    assert standings.entries == (
        Standing(1, "mercedes", "Mercedes", 60, wins=1),
        Standing(2, "red_bull", "Red Bull", 53, wins=1),
    )


async def test_a_result_may_be_spread_over_pages(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.rows_a_page = 2
    server.publish(IMOLA, results(race(), imola_lines()))
    classification = await jolpica.result(2021, 2)
    assert classification
    assert [finish.position for finish in classification.finishes] == [1, 2, 3, 18, 19]
    assert [asked.query for asked in server.asked] == [
        {"limit": "100", "offset": "0"},
        {"limit": "100", "offset": "2"},
        {"limit": "100", "offset": "4"},
    ]


async def test_calendars_and_standings_are_paged_too(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.rows_a_page = 1
    monza = race(round_number=14, name="Italian Grand Prix", circuit="monza", day="2021-09-12")
    server.publish("2021/races/", races(race(), monza))
    rows = [team_standing(1, "mercedes", "60"), team_standing(2, "red_bull", "53")]
    server.publish("2021/constructorstandings/", standings_answer("ConstructorStandings", rows))
    assert [each.round for each in await jolpica.schedule(2021)] == [2, 14]
    standings = await jolpica.team_standings(2021)
    assert standings
    assert [standing.id for standing in standings.entries] == ["mercedes", "red_bull"]


async def test_questions_say_who_asks(server: JolpicaServer, jolpica: Jolpica) -> None:
    await jolpica.schedule(2021)
    (asked,) = server.asked
    name, where = asked.user_agent.split(maxsplit=1)
    assert name.startswith("racing-incident/")
    assert where == "(+https://github.com/racing-incident/racing-incident)"
