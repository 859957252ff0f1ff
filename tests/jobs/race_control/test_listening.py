"""On which days race control is listened to, and what happens to what is heard while the database is away."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from bot.domain.noted_incidents import NotedIncident
from bot.domain.race_control import Message
from bot.events import CaseChanged
from bot.feeds.race_control.live_timing import LiveTiming
from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen
from bot.jobs.race_control.listening import Listening
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.race_control.tracker import Tracker
from bot.pacing.clock import SystemClock
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from tests.support.cases import DRAFTS, MONZA, MONZA_SPRINT, NOR, VER, at
from tests.support.live_timing_server import LiveTimingServer
from tests.support.press_room import PressRoom

NOTED = Message(10, at(10), "TURN 4 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED - CAUSING A COLLISION", 12)
FLAG = Message(11, at(90), "CHEQUERED FLAG", 53, "Flag", "CHEQUERED")


@pytest.fixture
def recorder(room: PressRoom) -> Recorder:
    polls = Polls(room.database, [])
    return Recorder(NotedIncidents(room.database), room.incidents, polls, DRAFTS, room.events)


@pytest.fixture
async def tracker(room: PressRoom, recorder: Recorder) -> AsyncIterator[Tracker]:
    room.now = at(20)
    tracker = Tracker(recorder, room.clock)
    running = asyncio.create_task(tracker.run())
    yield tracker
    running.cancel()
    await asyncio.wait({running})


async def known(room: PressRoom) -> list[tuple[str, bool]]:
    """The noted incidents, and whether no verdict follows on them."""
    records = await NotedIncidents(room.database).all()
    return [(record.id, record.incident.case.over) for record in records]


def is_over(room: PressRoom) -> bool:
    """Whether the bot knows that the incident's session is over."""
    (incident,) = room.incidents.newest_first
    return isinstance(incident, NotedIncident) and incident.case.over


async def heard(tracker: Tracker, *messages: Message) -> None:
    await tracker.hear(SessionSeen(MONZA))
    await tracker.hear(CarsSeen(MONZA.key, {car.number: car for car in (VER, NOR)}))
    await tracker.hear(MessagesSeen(MONZA.key, messages))


async def test_it_listens_on_the_day_of_a_race_and_hangs_up_after_it(room: PressRoom, recorder: Recorder) -> None:
    async with LiveTimingServer() as track:
        source = LiveTiming(track.url, SystemClock())  # as sockets take the time they take
        listening = Listening(source, Tracker(recorder, room.clock), room.seasons, room.clock)
        running = asyncio.create_task(listening.run())
        await track.listened_to()
        room.now += dt.timedelta(days=3)
        while track.listeners:
            await room.clock.wake()
            await asyncio.sleep(0)
        await track.left_alone()
        running.cancel()
        await asyncio.wait({running})
        assert track.negotiations == 1


async def test_the_same_again_and_half_an_hour_after_the_flag(room: PressRoom, tracker: Tracker) -> None:
    changes = room.events.subscribe(CaseChanged)
    for _ in range(2):
        await heard(tracker, NOTED, FLAG)
    await anext(aiter(changes))  # while time stands still
    assert await known(room) == [("monza-2025-ver-nor-t4", False)]
    room.now = at(121)
    await room.clock.go_on_while(lambda: not is_over(room))
    assert await known(room) == [("monza-2025-ver-nor-t4", True)]


async def test_a_source_that_comes_back_to_a_race_did_not_end_it(room: PressRoom, tracker: Tracker) -> None:
    await heard(tracker, NOTED)
    await room.clock.go_on_while(lambda: len(room.incidents) == 0)
    await tracker.hear(SessionSeen(MONZA_SPRINT))  # a stray record, or a server that lags behind
    await room.clock.go_on_while(lambda: not is_over(room))
    await tracker.hear(SessionSeen(MONZA))
    await room.clock.go_on_while(lambda: is_over(room))
    assert await known(room) == [("monza-2025-ver-nor-t4", False)], "or its verdict would be called missing"


async def test_a_race_whose_flag_has_fallen_does_not_go_on(room: PressRoom, tracker: Tracker) -> None:
    await heard(tracker, NOTED, FLAG)
    room.now = at(121)
    await tracker.hear(SessionSeen(MONZA_SPRINT))
    await room.clock.go_on_while(lambda: len(room.incidents) == 0 or not is_over(room))
    await heard(tracker, NOTED, FLAG)
    await room.clock.go_on_while(lambda: not is_over(room))
    assert await known(room) == [("monza-2025-ver-nor-t4", True)]


async def test_what_the_database_does_not_take_is_kept_and_said_once(room: PressRoom, tracker: Tracker) -> None:
    def rename(connection: Connection, before: str, after: str) -> None:
        connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    await room.database.write(lambda connection: rename(connection, "noted_incident", "lost"))
    with capture_logs() as logs:
        await heard(tracker, NOTED)
        await room.clock.go_on_while(lambda: not logs)
        tried = len(room.clock.slept)
        await room.clock.go_on_while(lambda: len(room.clock.slept) < tried + 6)
    assert [line["event"] for line in logs] == ["race_control.not_recorded"]
    await room.database.write(lambda connection: rename(connection, "lost", "noted_incident"))
    await room.clock.go_on_while(lambda: len(room.incidents) == 0)
    assert await known(room) == [("monza-2025-ver-nor-t4", False)]
