"""That a session is recorded to its end: written with its incidents, twice, together, and with the power cut."""

import asyncio

import pytest

from bot.domain.noted_incidents import NotedIncident
from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.recorded_sessions import RecordedSessions
from tests.support.cases import ALB, ANT, MONZA, VER, draft, noted, penalised
from tests.support.power_cut import PowerCut, PowerCutError

IDS = {"monza-2025-ver-nor-t4", "monza-2025-ant-alb-t4"}


def race() -> list[NotedIncident]:
    return [draft(penalised(noted(), VER, 14)), draft(noted(ANT, ALB, opened=30))]


async def ids(database: Database) -> set[str]:
    return {record.id for record in await NotedIncidents(database).all()}


@pytest.fixture
def recorded(database: Database) -> RecordedSessions:
    return RecordedSessions(database)


async def test_a_session_is_recorded_with_its_incidents(database: Database, recorded: RecordedSessions) -> None:
    changes = await NotedIncidents(database).record_whole(MONZA.key, race(), 40)
    assert {change.record.id for change in changes} == await ids(database) == IDS
    assert await recorded.among([MONZA.key, "9998"]) == {MONZA.key}


async def test_one_without_incidents_is_recorded_as_well(database: Database, recorded: RecordedSessions) -> None:
    assert await NotedIncidents(database).record_whole(MONZA.key, [], 40) == []
    assert await recorded.among([MONZA.key]) == {MONZA.key}


async def test_one_that_is_heard_as_it_goes_is_not_at_its_end(database: Database, recorded: RecordedSessions) -> None:
    await NotedIncidents(database).record(race(), 40)
    assert await recorded.among([MONZA.key]) == set()
    assert await NotedIncidents(database).record_whole(MONZA.key, race(), 40) == []
    assert await recorded.among([MONZA.key]) == {MONZA.key}


async def test_twice_changes_nothing(database: Database, recorded: RecordedSessions) -> None:
    await NotedIncidents(database).record_whole(MONZA.key, race(), 40)
    before = await NotedIncidents(database).all()
    assert await NotedIncidents(database).record_whole(MONZA.key, race(), 40) == []
    assert await NotedIncidents(database).all() == before
    assert await recorded.among([MONZA.key]) == {MONZA.key}


async def test_two_who_record_it_at_once_record_it_once(database: Database, recorded: RecordedSessions) -> None:
    news = await asyncio.gather(
        *(NotedIncidents(database).record_whole(MONZA.key, race(), 40) for _ in range(5)),
        *(NotedIncidents(database).record(race(), 40) for _ in range(5)),
    )
    assert sum(len(changes) for changes in news) == 2
    assert await ids(database) == IDS
    assert await recorded.among([MONZA.key]) == {MONZA.key}


async def test_after_a_power_cut_neither_is_there_or_both(database: Database, recorded: RecordedSessions) -> None:
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).record_whole(MONZA.key, race(), 40)
    assert (await ids(database), await recorded.among([MONZA.key])) == (set(), set())
    await NotedIncidents(database).record_whole(MONZA.key, race(), 40)
    assert (await ids(database), await recorded.among([MONZA.key])) == (IDS, {MONZA.key})
