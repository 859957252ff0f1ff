"""Finding what race control noted, beside what is told."""

import asyncio
import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.domain.cases import Case
from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.race_control import Session
from bot.search.catalogue import Incidents
from bot.search.found import Found, Several
from storage.incidents.reading import read_circuits, read_drivers, read_shipped
from tests.support.cases import ALB, ANT, IMOLA_RACE, MONZA, MONZA_SPRINT, NOR, PIA, VER, at, corrected, draft, noted
from tests.support.clock import HeldClock

RACE = ("monza-2025-ver-nor-t4", "monza-2025-ant-alb-t1", "monza-2025-pia-nor-pit-lane")


def records(*cases: Case, session: Session = MONZA) -> Iterable[NotedRecord]:
    """What is kept of cases, each under the id that it wishes for."""
    for case in cases:
        incident = draft(case, session)
        yield NotedRecord.of(incident.id, document_of(incident))


@pytest.fixture
def told() -> tuple[Incident, ...]:
    return read_shipped()


@pytest.fixture
def found() -> Incidents:
    """What ships with the bot, and a race at Monza."""
    incidents = Incidents.load()
    incidents.take_up(
        records(
            noted(opened=10),
            noted(ANT, ALB, opened=20, place="TURN 1"),
            noted(PIA, NOR, opened=30, place="PIT LANE", reason="UNSAFE RELEASE"),
        )
    )
    return incidents


def ids(incidents: Incidents, query: str) -> list[str]:
    return [incident.id for incident in incidents.find(query)]


def test_what_ships_is_indexed_once_and_what_is_noted_for_each_by_itself(found: Incidents) -> None:
    another = Incidents.load()
    assert another._told._index is found._told._index
    assert ids(another, "imola 2021") == ids(found, "imola 2021")
    assert RACE[0] in ids(found, "verstappen norris monza 2025")
    assert RACE[0] not in ids(another, "verstappen norris monza 2025")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ver nor monza", RACE[0]),
        ("verstappen norris monza 2025", RACE[0]),
        ("max and lando at monza 25", RACE[0]),
        ("antonelli albon", RACE[1]),
        ("antoneli albon", RACE[1]),
        ("piastri norris pit lane", RACE[2]),
        ("monza-2025-ver-nor-t4", RACE[0]),
        ("italian gp 2025 albon", RACE[1]),
    ],
)
def test_drivers_codes_and_place_find_one(found: Incidents, query: str, first: str) -> None:
    assert ids(found, query)[0] == first


def test_a_race_of_which_nobody_told_lists_its_incidents_as_they_came(found: Incidents) -> None:
    assert ids(found, "monza 2025") == [*RACE]
    assert isinstance(found.look_up("monza 2025"), Several)


@pytest.mark.parametrize("query", ["monza 2021", "hamilton verstappen monza", "imola", "monza"])
def test_told_incidents_come_first(found: Incidents, shipped: Incidents, query: str) -> None:
    assert ids(found, query) == ids(shipped, query)


def test_a_told_incident_of_the_same_race_is_the_answer(told: tuple[Incident, ...]) -> None:
    incidents = Incidents(told, read_circuits(), read_drivers())
    incidents.take_up(records(noted(VER, PIA), session=Session("1", "Italian Grand Prix", "Race", told[0].date)))
    title = told[0].short_title
    assert incidents.look_up(title) == Found(told[0])


def test_without_noted_incidents_nothing_is_found_that_was_not_before(shipped: Incidents) -> None:
    assert ids(shipped, "monza 2025") == []


def test_the_last_word_may_be_only_begun(found: Incidents) -> None:
    assert found.starting("monza 2025 alb")[0].id == RACE[1]
    assert found.starting("")[0].id not in RACE


def test_what_has_become_of_an_incident_is_found_and_what_it_was_is_not(found: Incidents) -> None:
    (record,) = records(corrected(noted(opened=10), 12, VER, ALB, place="TURN 7"))
    assert record.id != RACE[0]
    found.take_up([NotedRecord(RACE[0], record.packed)])
    assert ids(found, "verstappen albon monza 2025")[0] == RACE[0]
    assert RACE[0] not in ids(found, "norris monza 2025")
    assert len(found) == len(found.told) + 3


def numbered(case: Case, session: Session, times: int) -> Iterable[NotedRecord]:
    """A case that race control noted so many times, each under an id of its own."""
    return (
        NotedRecord(f"{record.id}-{number}", record.packed)
        for record in records(case, session=session)
        for number in range(times)
    )


@pytest.mark.parametrize("others", [7, 8, 30])
def test_one_that_can_be_meant_is_found_behind_any_number_that_cannot(others: int) -> None:
    incidents = Incidents.load()
    incidents.take_up(records(noted(NOR, PIA, opened=10)))
    incidents.take_up(numbered(noted(PIA, ALB, place="TURN 7"), IMOLA_RACE, 60))
    incidents.take_up(numbered(noted(NOR, ANT, place="PIT LANE"), MONZA_SPRINT, others))
    query = "norris piastri pit lane monza"
    assert all("ant" in match.incident.id for match in incidents.rank(query, limit=others))
    assert ids(incidents, query) == ["monza-2025-nor-pia-t4"]


def test_what_is_known_already_is_no_news(found: Incidents) -> None:
    again = list(records(noted(opened=10)))
    assert found.take_up(again) == []
    assert [record.id for record in found.take_up(records(noted(opened=40), session=MONZA_SPRINT))] == [
        "monza-2025-ver-nor-t4-s"
    ]


async def test_words_are_indexed_while_others_have_their_turns(told: tuple[Incident, ...]) -> None:
    incidents = Incidents(told, read_circuits(), read_drivers())
    incidents.take_up(
        NotedRecord(f"monza-2025-{number}", record.packed) for record in records(noted()) for number in range(200)
    )
    turns = 0

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(somebody_else())
    await incidents.read()
    other.cancel()
    assert turns >= 3
    assert len(incidents.like("monza 2025", 0.8)) == 200


def test_what_words_mean_is_looked_up_once_until_something_is_noted(found: Incidents) -> None:
    looked_up = found._noted._finder._term.cache_info
    found.rank("verstapen nories monza")
    assert (looked_up().misses, looked_up().hits) == (3, 0)
    found.rank("monza nories verstapen")
    found.take_up(records(noted(opened=10)))  # known already
    found.rank("verstapen nories monza")
    assert (looked_up().misses, looked_up().hits) == (3, 6)
    found.take_up(records(noted(VER, PIA, opened=40, place="TURN 7")))
    assert found.rank("verstapen piastri monza")[0].incident.id == "monza-2025-ver-pia-t7"
    assert (looked_up().misses, looked_up().hits) == (3, 0), "read anew, as what they weigh has changed"


def test_a_list_of_a_race_has_what_is_told_of_it_and_what_was_noted(told: tuple[Incident, ...]) -> None:
    incidents = Incidents(told, read_circuits(), read_drivers())
    (imola,) = incidents.like("imola 2021", 0.8)
    noted_there = draft(noted(), IMOLA_RACE)
    incidents.take_up([NotedRecord.of(noted_there.id, document_of(noted_there))])
    assert {each.id for each in incidents.like("imola 2021", 0.8)} == {imola.id, noted_there.id}
    assert incidents.find("imola 2021") == [imola], "who asks for one means the told one"


def test_all_are_listed_by_date(found: Incidents) -> None:
    dates = [incident.date for incident in found]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == len(found)
    assert [incident.id for incident in found.between(MONZA.date, MONZA.date)] == [*RACE]
    assert found.newest_first[0] == next(iter(found))


def test_a_story_takes_the_place_of_what_race_control_noted(told: tuple[Incident, ...]) -> None:
    story = replace(told[0], takes_over=RACE[0])
    incidents = Incidents((story, *told[1:]), read_circuits(), read_drivers())
    assert incidents.take_up(records(noted(opened=10))) == []
    assert incidents.get(RACE[0]) == story
    assert ids(incidents, RACE[0]) == [story.id]
    assert len(incidents) == len(told)


def test_a_season_of_noted_incidents_is_no_number_of_a_car(found: Incidents) -> None:
    assert RACE[1] in ids(found, "antonelli albon 25")
    assert RACE[1] in ids(found, "antonelli 12 albon 23 monza")
    assert RACE[0] in ids(found, "verstappen 33 norris monza")


def test_noted_incidents_are_found_by_their_day_after_those_that_are_told(found: Incidents) -> None:
    assert set(ids(found, "7 September 2025")) == set(RACE)
    assert ids(found, "7.9.2025 Antonelli") == [RACE[1]]
    assert ids(found, "imola 7.9.2025") == []


async def test_what_was_noted_in_the_last_days_is_offered_beside_what_is_told_and_first(shipped: Incidents) -> None:
    """Whoever asks for Verstappen and Norris while they race means today's, and later on one that is told."""
    clock = HeldClock()
    clock.set(at(30))
    incidents = Incidents(shipped.told, read_circuits(), read_drivers(), clock=clock)
    incidents.take_up(records(noted(opened=10), noted(ANT, ALB, opened=20)))
    newest, *others = incidents.find("verstappen norris")
    assert newest.id == "monza-2025-ver-nor-t4"
    assert "austria-2024" in {incident.id for incident in others}
    assert [incident.id for incident in incidents.starting("", 2)] == [
        *("monza-2025-ant-alb-t4", "monza-2025-ver-nor-t4")
    ]
    assert incidents.starting("verst")[0].id == "monza-2025-ver-nor-t4"
    clock.set(at(30) + dt.timedelta(days=4))
    assert "monza-2025-ver-nor-t4" not in {incident.id for incident in incidents.find("verstappen norris")}
    assert incidents.starting("", 1)[0] in incidents.told


async def test_many_of_the_last_days_leave_room_for_what_is_told_of_the_place(shipped: Incidents) -> None:
    clock = HeldClock()
    clock.set(at(30))
    incidents = Incidents(shipped.told, read_circuits(), read_drivers(), clock=clock)
    incidents.take_up(records(*(noted(opened=turn, place=f"TURN {turn}") for turn in range(1, 11))))
    assert {"monza-2021", "monza-1995"} <= {incident.id for incident in incidents.find("monza")}
