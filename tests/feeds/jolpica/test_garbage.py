"""Jolpica talking nonsense: what makes no sense is refused with a line in the log, what is odd in sense is left out."""

import copy
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.cards.recap import recap_card
from bot.chat.replies import Attachment, Reply
from bot.domain.race_story import RaceStory, StandingsMove
from bot.domain.season import Finish, Standing, Standings
from bot.feeds import FeedError
from bot.feeds.jolpica.client import MOST_BYTES, Jolpica
from bot.pictures.recap import recap_picture
from tests.support.clock import FakeClock
from tests.support.jolpica_field import DRIVERS, LAPS, field_lines
from tests.support.jolpica_samples import (
    driver,
    driver_standing,
    imola_lines,
    imola_qualifying,
    line,
    moment,
    qualified,
    race,
)
from tests.support.jolpica_server import JolpicaServer, races, results, standings_answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]
RESULT = results(race(time="13:00:00Z"), imola_lines()).page(0, 100)
QUALIFYING = results(race(), imola_qualifying(), key="QualifyingResults").page(0, 100)
CALENDAR = races(
    race(time="13:00:00Z", FirstPractice=moment("2021-04-16", "09:00:00Z")),
    race(round_number=14, name="Italian Grand Prix", circuit="monza", day="2021-09-12"),
).page(0, 100)
STANDINGS = standings_answer(
    "DriverStandings",
    [
        driver_standing(1, "hamilton", "mercedes", points="44", wins="1"),
        driver_standing(2, "perez", "mclaren", "red_bull", points="10.5"),
        driver_standing(3, "russell", position=None, positionText="-"),
    ],
).page(0, 100)

FIRST_POSITION = ("MRData", "StandingsTable", "StandingsLists", 0, "DriverStandings", 0, "position")

FIELD = results(race(), field_lines()).page(0, 100)

NOTHING = object()
"""Stands for a key that is missing."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[JolpicaServer]:
    async with JolpicaServer() as server:
        yield server


class HoursLater(FakeClock):
    """A clock on which an hour passes between any two looks at it."""

    def monotonic(self) -> float:
        self.pass_by(3600)
        return super().monotonic()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jolpica(server: JolpicaServer) -> AsyncIterator[Jolpica]:
    """A client whose every sleep is long enough for all limits."""
    async with Jolpica(server.url, HoursLater()) as jolpica:
        yield jolpica


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"MRData": []}',
        b'{"MRData": {"total": "0"}}',
        b"<!DOCTYPE html><html><body>Just a moment...</body></html>",
        json.dumps(RESULT).encode()[:-200],
        json.dumps(RESULT).encode("utf-16"),
        json.dumps(STANDINGS).encode(),
        b"[" * 100_000,
        b'"\xff\xfe"',
    ],
    ids=lambda body: body[:20].decode(errors="replace"),
)
async def test_what_is_no_result_is_refused(server: JolpicaServer, jolpica: Jolpica, body: bytes) -> None:
    server.say("2021/2/results/", body)
    with capture_logs() as logs, pytest.raises(FeedError, match="cannot be trusted"):
        await jolpica.result(2021, 2)
    assert [(line["event"], line["feed"], line["path"]) for line in logs] == [
        ("feed.answer_refused", "jolpica", "2021/2/results/")
    ]


async def test_an_answer_that_is_too_long_is_refused_though_it_makes_sense(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.say("2021/2/results/", json.dumps(RESULT).encode() + b" " * MOST_BYTES)
    with pytest.raises(FeedError, match="longer than"):
        await jolpica.result(2021, 2)


def without(lines: list[Json], number: int) -> list[Json]:
    return [*lines[:number], *lines[number + 1 :]]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (without(imola_lines(), 0), "too many rows are missing"),
        (without(imola_lines(), 1), "too many rows are missing"),
        ([line(1, "perez", "red_bull", Driver=driver("perez") | {"familyName": "None"})], "nobody is in it"),
        ([line(1, "perez", "red_bull", Driver=driver("perez") | {"familyName": "99999"})], "nobody is in it"),
        ([line(1, "perez", "red_bull", Driver=driver("perez") | {"driverId": "../"})], "nobody is in it"),
        ([line(1, "perez", "red_bull", Constructor=None)], "nobody is in it"),
        ([line(1, "perez", "red_bull"), line(2, "perez", "red_bull")], "nobody is in it"),
        ([*imola_lines(), line(4, "norris", "mclaren")], "too many rows are missing"),
    ],
)
async def test_a_result_that_makes_no_sense_is_refused(
    server: JolpicaServer, jolpica: Jolpica, lines: list[Json], problem: str
) -> None:
    server.say("2021/2/results/", results(race(), lines).page(0, 100))
    with pytest.raises(FeedError, match=problem):
        await jolpica.result(2021, 2)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([*imola_qualifying(), qualified(6, "norris", "mclaren", "1:16.0", number="5")], "too many rows are missing"),
        ([qualified(1, "perez", "red_bull", "1:14.0", Driver=None)], "nobody is in it"),
        ([qualified(4, "perez", "red_bull", "1:14.0")], "too many rows are missing"),
    ],
)
async def test_qualifying_that_makes_no_sense_is_refused(
    server: JolpicaServer, jolpica: Jolpica, lines: list[Json], problem: str
) -> None:
    server.say("2021/2/qualifying/", results(race(), lines, key="QualifyingResults").page(0, 100))
    with pytest.raises(FeedError, match=problem):
        await jolpica.qualifying(2021, 2)


async def test_another_races_result_is_refused(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.say("2021/3/results/", RESULT)
    with pytest.raises(FeedError, match="another race"):
        await jolpica.result(2021, 3)


async def test_the_results_of_two_races_are_refused(server: JolpicaServer, jolpica: Jolpica) -> None:
    document = copy.deepcopy(RESULT)
    other = race(round_number=3, name="Italian Grand Prix", circuit="monza", day="2021-09-12")
    document["MRData"]["RaceTable"]["Races"].append({**other, "Results": [line(6, "perez", "red_bull")]})
    document["MRData"]["total"] = "6"
    server.say("2021/2/results/", document)
    with pytest.raises(FeedError, match="several rounds"):
        await jolpica.result(2021, 2)


@pytest.mark.parametrize("total", ["0", "4", "6", "999999"])
async def test_an_answer_with_fewer_or_more_rows_than_it_claims_is_refused(
    server: JolpicaServer, jolpica: Jolpica, total: str
) -> None:
    document = copy.deepcopy(RESULT)
    document["MRData"]["total"] = total
    server.say("2021/2/results/", document)
    with pytest.raises(FeedError, match=f"rows of {total}"):
        await jolpica.result(2021, 2)


async def test_standings_after_another_round_are_refused(server: JolpicaServer, jolpica: Jolpica) -> None:
    server.say("2021/3/driverstandings/", STANDINGS)
    with pytest.raises(FeedError, match="another round"):
        await jolpica.driver_standings(2021, 3)


async def test_a_driver_who_stands_twice_is_refused(server: JolpicaServer, jolpica: Jolpica) -> None:
    rows = [driver_standing(1, "perez", "red_bull"), driver_standing(2, "perez", "red_bull")]
    server.say("2021/driverstandings/", standings_answer("DriverStandings", rows).page(0, 100))
    with pytest.raises(FeedError, match="nobody is in it"):
        await jolpica.driver_standings(2021)


async def test_a_driver_who_stands_twice_is_refused_also_where_one_line_cannot_be_read(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    rows = [driver_standing(1, "perez", "red_bull"), driver_standing(2, "perez", "red_bull")]
    del rows[0]["Driver"]["givenName"]
    server.say("2021/driverstandings/", standings_answer("DriverStandings", rows).page(0, 100))
    with pytest.raises(FeedError, match="nobody is in it"):
        await jolpica.driver_standings(2021)


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ([race(season=2020, day="2020-04-18")], "another season"),
        ([race(day="2020-04-18")], "not in its season"),
        ([race(), race(round_number=3)], "a race comes twice"),
        ([race(), race(name="Italian Grand Prix")], "a round comes twice"),
        ([race(day="2021-02-30")], "day is out of range"),
        ([race(day="1618704000")], "not a date"),
        ([race(Qualifying=moment("1618704000", "13:00:00Z"))], "not a date"),
    ],
)
async def test_a_calendar_that_makes_no_sense_is_refused(
    server: JolpicaServer, jolpica: Jolpica, calendar: list[Json], problem: str
) -> None:
    server.say("2021/races/", races(*calendar).page(0, 100))
    with pytest.raises(FeedError, match=problem):
        await jolpica.schedule(2021)


async def test_the_log_says_where_the_answer_is_wrong_and_nothing_that_it_says(
    server: JolpicaServer, jolpica: Jolpica
) -> None:
    server.say("2021/2/results/", results(race(), [line(1, "perez", "red_bull", laps="Pérez")]).page(0, 100))
    with capture_logs() as logs:
        await jolpica.result(2021, 2)
    assert [(each["event"], each["row"], each["field"]) for each in logs] == [("feed.cell_left_out", 1, "laps")]
    assert "rez" not in str(logs)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document where something stands."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


ODD = st.one_of(
    st.just(NOTHING),
    st.sampled_from(
        [
            None,
            True,
            0,
            -1,
            1.5,
            "",
            " ",
            "None",
            "0",
            "1",
            "01",
            "2",
            "-1",
            "1.5",
            "٣",
            "Ⅷ",
            "R",
            "D",
            "-",
            "Disqualified",
        ]
    ),
    st.sampled_from(["2021-04-18", "9999-12-31", "13:00:00Z", "hamilton", "\x00", "\u202e", "x" * 5000, "9" * 5000]),
    st.sampled_from([[], {}, [[]], [None], {"time": "1"}]),
    st.text(max_size=5),
)


def mangled(document: Json) -> st.SearchStrategy[Json]:
    """A document in which up to three things are missing or odd."""
    changes = st.lists(st.tuples(st.sampled_from([*places(document)]), ODD), min_size=1, max_size=3)
    return changes.map(lambda listed: _with(document, listed))


def _with(document: Json, changes: list[tuple[tuple[str | int, ...], object]]) -> Json:
    changed = copy.deepcopy(document)
    for path, value in changes:
        _put(changed, path, value)
    return changed


def _put(document: Any, path: tuple[str | int, ...], value: object) -> None:
    """Change one place, if what was changed before has left it there."""
    *way, last = path
    try:
        for step in way:
            document = document[step]
        if value is NOTHING:
            del document[last]
        else:
            document[last] = copy.deepcopy(value)
    except (KeyError, IndexError, TypeError):
        return


async def _answer(question: Callable[[], Any]) -> Any:
    """What comes back, or FeedError itself where that is raised; nothing else may be."""
    try:
        return await question()
    except FeedError:
        return FeedError


def _sent(value: str | None) -> str | None:
    return None if value in {None, "", "None"} else " ".join(str(value).split())


def said_of(document: Json, key: str) -> dict[str, list[Json]]:
    """The lines that were sent of each driver; those of which nobody can say whose they are, of nobody."""
    lines: dict[str, list[Json]] = {}
    for race_weekend in document["MRData"]["RaceTable"]["Races"]:
        for each in race_weekend.get(key, []):
            who = each.get("Driver") if isinstance(each, dict) else None
            name = who.get("driverId") if isinstance(who, dict) else None
            lines.setdefault(name if isinstance(name, str) else "", []).append(each)
    return lines


def cell(line: Json, *path: str) -> str | None:
    """What was sent there, if it is a text."""
    value: Any = line
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return _sent(value) if isinstance(value, str) else None


def assert_said(finish: Finish, said: Json) -> None:
    """A finish says nothing but what was sent."""
    assert finish.entrant.family_name == cell(said, "Driver", "familyName")
    assert finish.entrant.team_id == cell(said, "Constructor", "constructorId")
    disqualified = cell(said, "status") == "Disqualified"
    assert finish.place in {"", "D" if disqualified else cell(said, "positionText")}
    assert not finish.classified or str(finish.position) == finish.place
    assert finish.status in {"", cell(said, "status")}
    assert finish.time in {None, cell(said, "Time", "time")}
    for number, name in ((finish.points, "points"), (finish.grid, "grid"), (finish.laps, "laps")):
        assert number is None or number == float(cell(said, name) or "nan")


def assert_stood(standing: Standing, said: Json) -> None:
    """A standing says nothing but what was sent."""
    if standing.position is not None:
        position = cell(said, "position") or ""
        assert position.isdecimal()
        assert standing.position == int(position)
    for number, name in ((standing.points, "points"), (standing.wins, "wins")):
        assert number is None or number == float(cell(said, name) or "nan")
    teams = said.get("Constructors")
    listed = [cell(each, "name") for each in teams] if isinstance(teams, list) else []
    assert standing.team in {None, *listed}


@given(mangled(RESULT))
async def test_a_mangled_result_is_refused_or_says_what_was_sent(
    server: JolpicaServer, jolpica: Jolpica, document: Json
) -> None:
    server.say("2021/2/results/", document)
    classification = await _answer(lambda: jolpica.result(2021, 2))
    if classification is FeedError:
        return
    finishes = classification.finishes if classification else ()
    for finish in finishes:
        (said,) = said_of(document, "Results")[finish.entrant.driver_id]
        assert_said(finish, said)
    if classification:
        assert len(finishes) >= 3 / 4 * len(RESULT["MRData"]["RaceTable"]["Races"][0]["Results"]) or (
            len(finishes) + classification.missing == int(document["MRData"]["total"])
        )


@settings(max_examples=300)
@given(mangled(FIELD))
async def test_of_a_mangled_field_nothing_is_told_that_cannot_be(
    server: JolpicaServer, jolpica: Jolpica, document: Json
) -> None:
    server.say("2021/2/results/", document)
    with capture_logs() as logs:
        classification = await _answer(lambda: jolpica.result(2021, 2, DRIVERS))
    if classification is FeedError:
        assert [each["event"] for each in logs] == ["feed.answer_refused"]
        return
    finishes = classification.finishes if classification else ()
    assert not finishes or len(finishes) >= 3 / 4 * DRIVERS
    for told in ([each.place for each in finishes if each.classified], [each.grid for each in finishes if each.grid]):
        assert len({*told}) == len(told)
    assert len({each.entrant.driver_id for each in finishes}) == len(finishes)
    assert all(0 <= (each.points or 0) <= 26 and (each.laps or 0) <= LAPS for each in finishes)
    assert all(int(each.place) <= 22 for each in finishes if each.classified)


@given(mangled(QUALIFYING))
async def test_mangled_qualifying_is_refused_or_says_what_was_sent(
    server: JolpicaServer, jolpica: Jolpica, document: Json
) -> None:
    server.say("2021/2/qualifying/", document)
    classification = await _answer(lambda: jolpica.qualifying(2021, 2))
    if classification is FeedError:
        return
    for finish in classification.finishes if classification else ():
        (said,) = said_of(document, "QualifyingResults")[finish.entrant.driver_id]
        assert finish.place in {"", (cell(said, "position") or "").lstrip("0")}  # "01" is first as well
        assert finish.entrant.team_id == cell(said, "Constructor", "constructorId")
        sent = [cell(said, name) or "" for name in ("Q1", "Q2", "Q3")]
        assert all(time in {None, there} for time, there in zip(finish.segments, sent, strict=False))


@given(mangled(STANDINGS))
@example(_with(STANDINGS, [(FIRST_POSITION, "9" * 5000)]))  # which is more than Python reads
async def test_mangled_standings_are_refused_or_say_what_was_sent(
    server: JolpicaServer, jolpica: Jolpica, document: Json
) -> None:
    server.say("2021/driverstandings/", document)
    standings = await _answer(lambda: jolpica.driver_standings(2021))
    if standings is FeedError:
        return
    lists = document["MRData"]["StandingsTable"]["StandingsLists"]
    lines = [each for part in lists for each in part.get("DriverStandings", [])]
    for standing in standings.entries if standings else ():
        (said,) = (each for each in lines if cell(each, "Driver", "driverId") == standing.id)
        assert_stood(standing, said)


@given(mangled(CALENDAR))
async def test_a_mangled_calendar_is_refused_or_says_what_was_sent(
    server: JolpicaServer, jolpica: Jolpica, document: Json
) -> None:
    server.say("2021/races/", document)
    calendar = await _answer(lambda: jolpica.schedule(2021))
    if calendar is FeedError:
        return
    said = {int(each["round"]): each for each in document["MRData"]["RaceTable"]["Races"]}
    assert len(calendar) == int(document["MRData"]["total"])
    for race_weekend in calendar:
        sent = said[race_weekend.round]
        assert race_weekend.name == _sent(sent["raceName"])
        assert f"{race_weekend.race.day}" == sent["date"]
        start = race_weekend.race.starts_at
        assert start is None or f"{start:%H:%M:%SZ}" == _sent(sent.get("time"))


@given(st.binary(max_size=200) | st.integers(0, 2000).map(lambda size: json.dumps(RESULT).encode()[:size]))
async def test_bytes_that_are_no_answer_are_refused(server: JolpicaServer, jolpica: Jolpica, body: bytes) -> None:
    server.say("2021/2/results/", body)
    assert await _answer(lambda: jolpica.result(2021, 2)) is FeedError


@given(mangled(RESULT), mangled(STANDINGS))
async def test_the_recap_of_what_was_mangled_can_be_shown_and_claims_nothing_that_was_not_sent(
    server: JolpicaServer, jolpica: Jolpica, result: Json, championship: Json
) -> None:
    server.say("2021/2/results/", result)
    server.say("2021/2/driverstandings/", championship)
    classification = await _answer(lambda: jolpica.result(2021, 2))
    standings = await _answer(lambda: jolpica.driver_standings(2021, 2))
    if classification in {FeedError, None}:
        return
    after = standings if isinstance(standings, Standings) else None
    drivers = StandingsMove(after) if after else None
    card = recap_card(RaceStory(classification, drivers))
    picture = recap_picture(classification, drivers)
    assert Reply(card, attachment=Attachment("recap.png", picture.png, picture.alt)).card == card
    winners = {finish.entrant.family_name for finish in classification.finishes if finish.place == "1"}
    sent = [each for lines in said_of(result, "Results").values() for each in lines]
    assert winners <= {cell(each, "Driver", "familyName") for each in sent if cell(each, "positionText") == "1"}
    assert (" wins" in card.title) == bool(winners)
    assert all(name in card.title for name in winners)
