"""A session that is heard again after a restart, from a source that numbers messages otherwise, or leaves some out."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.noted_incidents import NotedIncident
from bot.domain.race_control import Message
from bot.events import Events
from bot.jobs.race_control.heard import HeardSession
from bot.jobs.race_control.recorder import Recorder
from bot.search.catalogue import Incidents
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits, read_drivers
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from tests.support.cases import DRAFTS, MONZA, NOR, PIA, VER, at

ID, SECOND_ID = "monza-2025-ver-nor-t4", "monza-2025-nor-pia-t1"
FIRST = "TURN 4 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR)"
SECOND = "TURN 1 INCIDENT INVOLVING CARS 4 (NOR) AND 81 (PIA)"
RACE = (
    Message(7, at(9), "YELLOW IN TRACK SECTOR 4"),
    Message(8, at(10), f"{FIRST} NOTED - CAUSING A COLLISION", 12),
    Message(9, at(11), "CLEAR IN TRACK SECTOR 4"),
    Message(10, at(12), f"FIA STEWARDS: {FIRST} UNDER INVESTIGATION - CAUSING A COLLISION", 13),
    Message(11, at(14), "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 1 (VER) - CAUSING A COLLISION", 15),
    Message(12, at(20), f"{SECOND} NOTED", 20),
    Message(13, at(21), f"FIA STEWARDS: {SECOND} REVIEWED NO FURTHER INVESTIGATION", 21),
)


def as_openf1_has_it(*messages: Message) -> tuple[Message, ...]:
    """The same, numbered from 0 without what that source leaves out, and with the seconds as it tells them."""
    said = [message for message in messages if "TRACK SECTOR" not in message.text]
    return tuple(
        replace(each, index=number, at=each.at + dt.timedelta(milliseconds=250)) for number, each in enumerate(said)
    )


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


async def process(database: Database, *messages: Message) -> None:
    """A process that starts, hears these messages, records after each what they come to, and ends."""
    incidents = Incidents((), read_circuits(), read_drivers())
    recorder = Recorder(NotedIncidents(database), incidents, Polls(database, []), DRAFTS, Events())
    heard = HeardSession()
    heard.cars = {car.number: car for car in (VER, NOR, PIA)}
    for message in messages:
        heard.hear([message])
        await recorder.record_heard(MONZA, heard)


async def known(database: Database) -> dict[str, NotedIncident]:
    return {record.id: record.incident for record in await NotedIncidents(database).all()}


@pytest.mark.parametrize("heard_before", range(1, len(RACE) + 1))
async def test_no_incident_is_doubled_and_none_is_lost(database: Database, heard_before: int) -> None:
    await process(database, *RACE[:heard_before])
    await process(database, *as_openf1_has_it(*RACE))
    incidents = await known(database)
    assert sorted(incidents) == [SECOND_ID, ID]
    assert [bool(incident.retracted) for incident in incidents.values()] == [False, False]
    assert [len(incidents[each].case.stages) for each in (ID, SECOND_ID)] == [3, 2]
    ruling = incidents[ID].ruling
    assert ruling is not None
    assert (ruling.decision, ruling.replaced) == ("10s time penalty for Verstappen", ())


@pytest.mark.parametrize("lost", range(len(RACE)))
async def test_what_the_next_source_leaves_out_is_remembered(database: Database, lost: int) -> None:
    await process(database, *RACE)
    before = await known(database)
    await process(database, *(message for message in as_openf1_has_it(*RACE) if message.text != RACE[lost].text))
    assert await known(database) == before


async def test_between_two_sources_nothing_is_asked_anew(database: Database) -> None:
    """The same start and end, over and over, by turns."""
    for _restart in range(3):
        await process(database, *RACE)
        before = await known(database)
        await process(database, *as_openf1_has_it(*RACE))
        assert await known(database) == before
