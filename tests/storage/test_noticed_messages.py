"""What race control said is kept with the incidents that it makes: twice, together, with the power cut in between."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.noted_incidents import NotedIncident
from bot.domain.race_control import Message, Noticed
from storage import tables
from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.noticed_messages import HeardOtherwiseError
from tests.support.cases import ALB, ANT, MONZA, VER, at, draft, noted, penalised
from tests.support.power_cut import PowerCut, PowerCutError

NOTED = Message(10, at(10), "TURN 4 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED", 12)
PENALTY = Message(14, at(14), "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 1 (VER)", 16)
ID, OTHER_ID = "monza-2025-ver-nor-t4", "monza-2025-ant-alb-t4"


def heard(*messages: Message) -> Noticed:
    return Noticed(MONZA.key, messages)


async def kept(database: Database) -> list[tuple[int, str, int | None]]:
    table = tables.noticed_message
    rows = select(table.c.number, table.c.text, table.c.lap).order_by(table.c.number)
    return await database.read(lambda connection: [(*row,) for row in connection.execute(rows)])


async def known(database: Database) -> dict[str, NotedIncident]:
    return {record.id: record.incident for record in await NotedIncidents(database).all()}


async def test_they_are_kept_with_the_incident_once(database: Database) -> None:
    noted_incidents = NotedIncidents(database)
    assert len(await noted_incidents.record([draft(noted())], 1, heard(NOTED))) == 1
    assert await noted_incidents.record([draft(noted())], 1, heard(NOTED)) == []
    await noted_incidents.record([draft(penalised(noted(), VER, 14))], 2, heard(NOTED, PENALTY))
    assert await kept(database) == [(10, NOTED.text, 12), (14, PENALTY.text, 16)]


@pytest.mark.parametrize(
    "otherwise",
    [
        heard(),
        heard(PENALTY),
        heard(replace(NOTED, index=3), PENALTY),
        heard(NOTED, replace(PENALTY, index=10)),
        heard(NOTED, replace(PENALTY, text="FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 1 (VER)")),
    ],
)
async def test_who_knows_less_or_numbers_otherwise_is_told_what_is_kept(database: Database, otherwise: Noticed) -> None:
    noted_incidents = NotedIncidents(database)
    await noted_incidents.record([draft(penalised(noted(), VER, 14))], 2, heard(NOTED, PENALTY))
    with pytest.raises(HeardOtherwiseError) as told:
        await noted_incidents.record([draft(noted(opened=3))], 9, otherwise)
    assert told.value.kept == (NOTED, PENALTY)
    assert [*await known(database)] == [ID], "and nothing is written"
    assert len(await kept(database)) == 2


async def test_of_two_who_hear_other_things_at_once_one_is_told_of_the_other(database: Database) -> None:
    views = [heard(replace(NOTED, index=number)) for number in range(10, 15)]
    cases = [draft(noted(opened=number)) for number in range(10, 15)]
    writing = (NotedIncidents(database).record([case], 1, view) for case, view in zip(cases, views, strict=True))
    news = await asyncio.gather(*writing, return_exceptions=True)
    assert sorted(type(each).__name__ for each in news) == [*["HeardOtherwiseError"] * 4, "list"]
    assert len(await known(database)) == len(await kept(database)) == 1


async def test_after_a_power_cut_neither_is_there_or_both(database: Database) -> None:
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).record([draft(noted())], 1, heard(NOTED))
    assert (await known(database), await kept(database)) == ({}, [])
    await NotedIncidents(database).record([draft(noted())], 1, heard(NOTED))
    assert ([*await known(database)], len(await kept(database))) == ([ID], 1)


async def test_an_incident_that_its_message_opens_no_more_is_retracted(database: Database) -> None:
    """One that was corrected to a single car, or turned out to be part of another case, is in no case's place."""
    noted_incidents = NotedIncidents(database)
    other = Message(30, at(30), "TURN 4 INCIDENT INVOLVING CARS 12 (ANT) AND 23 (ALB) NOTED", 20)
    both = [draft(penalised(noted(), VER, 14)), draft(noted(ANT, ALB, opened=30))]
    await noted_incidents.record(both, 3, heard(NOTED, PENALTY, other))
    correction = Message(31, at(31), "CORRECTION: TURN 4 INCIDENT INVOLVING CAR 1 (VER) NOTED", 20)
    after = heard(NOTED, PENALTY, other, correction)
    for expected in (1, 0):
        changes = await noted_incidents.record(both[1:], 4, after)
        assert [(change.record.id, change.corrected, change.ruled) for change in changes] == [(ID, True, True)][
            :expected
        ]
    incidents = await known(database)
    assert (incidents[ID].retracted, incidents[ID].poll, incidents[ID].ruling) == (True, False, None)
    assert (incidents[OTHER_ID].retracted, incidents[OTHER_ID].poll) == (False, True)
    await noted_incidents.record(both, 4, after)
    incident = (await known(database))[ID]
    assert (incident.retracted, incident.poll, incident.ruling is not None) == (False, True, True)


@pytest.mark.parametrize("noticed", [None, heard()])
async def test_what_was_recorded_before_its_messages_were_kept_stays(
    database: Database, noticed: Noticed | None
) -> None:
    noted_incidents = NotedIncidents(database)
    await noted_incidents.record([draft(noted())], 1)
    assert await noted_incidents.record([], 9, noticed) == []
    assert not (await known(database))[ID].retracted


async def test_two_who_retract_it_at_once_retract_it_once(database: Database) -> None:
    await NotedIncidents(database).record([draft(noted())], 1, heard(NOTED))
    news = await asyncio.gather(*(NotedIncidents(database).record([], 1, heard(NOTED)) for _ in range(5)))
    assert sum(len(changes) for changes in news) == 1
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).record([draft(noted())], 1, heard(NOTED))
    assert (await known(database))[ID].retracted
