"""What is told of a running session, without sockets: who is told by themselves, who in the digest, each once."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.chat.instants import as_written
from bot.domain.announcements import Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.noted_records import NotedChange
from bot.domain.topics import INCIDENTS, RULINGS
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.race_control.recorder import Recorder
from storage.chats import Chats
from storage.handled_updates import HandledUpdates
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from tests.support.cases import DRAFTS, MONZA, NOR, at, cleared, noted, penalised
from tests.support.press_room import GRANDSTAND, PIT_WALL, PressRoom

SUNDAY = at(20)


@pytest.fixture
def recorder(room: PressRoom) -> Recorder:
    room.now = SUNDAY
    polls = Polls(room.database, [])
    noted_incidents = NotedIncidents(room.database, clock=room.clock)
    return Recorder(noted_incidents, room.incidents, polls, DRAFTS, room.events)


async def keys(room: PressRoom) -> list[str]:
    """The keys of all that was announced, in order, but the calendar."""
    return [each.key for each in await room.announced() if each.kind is not Kind.CALENDAR]


async def test_an_incident_and_its_ruling_are_announced_once(room: PressRoom, recorder: Recorder) -> None:
    (change,) = await recorder.record(MONZA, [penalised(noted(), NOR, 14)], 14)
    assert isinstance(change, NotedChange)
    for _ in range(2):
        await room.live.tell()
        room.restart()
    made_at = int(at(14).timestamp())
    told = [f"incident {change.record.id}", f"ruling {change.record.id} {made_at} 10s time penalty for Norris"]
    assert await keys(room) == told


async def test_what_was_noted_long_ago_is_no_news(room: PressRoom, recorder: Recorder) -> None:
    await recorder.record(MONZA, [cleared(noted(), 14)], 14)
    room.now = SUNDAY + dt.timedelta(days=3)
    await room.live.tell()
    assert await keys(room) == []


async def test_what_comes_after_five_is_in_the_digest(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key)
    cases = [noted(opened=number, place=f"TURN {number}") for number in range(1, 8)]
    await recorder.record(MONZA, cases, 7)
    await room.round()
    told = [bool(await room.due(each)) for each in await room.announced() if each.kind is Kind.INCIDENT]
    assert told == [True] * 5 + [False] * 2
    await recorder.record(MONZA, [replace(case, over=True) for case in cases], 8)
    await room.round()
    (digest,) = [each for each in await room.announced() if each.kind is Kind.DIGEST]
    assert await room.due(digest)


async def test_a_chat_that_was_told_all_by_itself_has_no_digest(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key)
    await recorder.record(MONZA, [noted()], 7)
    await recorder.record(MONZA, [replace(noted(), over=True)], 8)
    await room.round()
    (digest,) = [each for each in await room.announced() if each.kind is Kind.DIGEST]
    assert not await room.due(digest), "not even a delivery, which would hold up others"


async def test_when_a_digest_is_due_is_asked_in_another_thread_and_looks_nothing_up_there(
    room: PressRoom, recorder: Recorder
) -> None:
    await recorder.record(MONZA, [noted()], 7)
    await room.round()
    await recorder.record(MONZA, [replace(noted(), over=True)], 8)
    await room.round()
    (digest,) = [each for each in await room.announced() if each.kind is Kind.DIGEST]
    due = room.live.due(digest)
    await recorder.record(MONZA, [replace(noted(opened=9, place="TURN 9"), over=True)], 9)
    assert due(ChatSettings()) is None, "as it was when it was asked for"
    assert room.live.due(digest)(ChatSettings()) is not None


async def digest_of(room: PressRoom) -> str:
    """The digest's lines in a chat without wishes."""
    (digest,) = [each for each in await room.announced() if each.kind is Kind.DIGEST]
    live = LiveBulletins(room.incidents, Polls(room.database, []), room.live, room.clock)
    bulletin = await live.digest(digest, ChatSettings())
    return as_written(bulletin.reply.card.paragraphs[0]) if bulletin else ""


async def test_what_is_dropped_later_takes_nothing_out_of_the_digest(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key)
    first, *others = [noted(opened=number, place=f"TURN {number}") for number in range(1, 8)]
    await recorder.record(MONZA, [first, *others], 7)
    await room.round()
    procedure = replace(first, reason="SAFETY CAR INFRINGEMENT")
    await recorder.record(MONZA, [replace(case, over=True) for case in (procedure, *others)], 8)
    await room.round()
    assert (await digest_of(room)).splitlines() == [
        "Verstappen and Norris, turn 6 – noted",
        "Verstappen and Norris, turn 7 – noted",
    ], "five were told by themselves, be one of them none by now"


async def test_what_was_noted_while_nobody_listened_is_in_the_digest(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key)
    room.now = at(45)
    missed, live = noted(opened=1, place="TURN 1"), noted(opened=40, place="TURN 2")
    await recorder.record(MONZA, [missed, live], 40)
    await room.round()
    told = [each.subject["incident"] for each in await room.announced() if each.kind is Kind.INCIDENT]
    assert told == ["monza-2025-ver-nor-t2"]
    await recorder.record(MONZA, [replace(case, over=True) for case in (missed, live)], 41)
    for _ in range(2):
        await room.round()
        room.restart()
    assert await digest_of(room) == "Verstappen and Norris, turn 1 – noted"


async def test_where_race_control_s_clock_is_ahead_its_poll_says_all(room: PressRoom, recorder: Recorder) -> None:
    await recorder.record(MONZA, [penalised(noted(), NOR, 14)], 14)
    polls = Polls(room.database, [])
    polls.take_up(await NotedIncidents(room.database).all())
    live = LiveBulletins(room.incidents, polls, room.live, room.clock)
    room.now = at(14) - dt.timedelta(seconds=3)
    await room.live.tell()
    (told, *_) = [each for each in await room.announced() if each.kind is Kind.INCIDENT]
    written = await live.poll(told, ChatSettings())
    assert written
    assert "penalty" in str(written.reply.card), "as messages that are edited do"


async def test_where_race_control_s_clock_is_ahead_nobody_waits_for_ours(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key)
    room.now = at(10) - dt.timedelta(seconds=3)
    await recorder.record(MONZA, [noted(opened=10)], 1)
    await room.round()
    (incident,) = [each for each in await room.announced() if each.kind is Kind.INCIDENT]
    assert await room.due(incident) == {PIT_WALL.id: room.now}


async def test_a_chat_that_holds_results_back_has_the_digest_alone(room: PressRoom, recorder: Recorder) -> None:
    held = ChatSettings(spoilers=Spoilers.HELD, hold_minutes=60)
    await room.subscribe(PIT_WALL, INCIDENTS.key, settings=held)
    await recorder.record(MONZA, [noted()], 7)
    await room.round()
    (incident,) = [each for each in await room.announced() if each.kind is Kind.INCIDENT]
    assert not await room.due(incident)


async def test_of_an_imported_session_nothing_is_pushed(room: PressRoom, recorder: Recorder) -> None:
    room.now = at(20) + dt.timedelta(hours=3)
    await recorder.record(MONZA, [replace(cleared(noted(), 14), over=True)], 14)
    await room.round()
    assert await keys(room) == []


async def test_a_chat_that_holds_results_back_hears_of_no_ruling_before_the_flag(
    room: PressRoom, recorder: Recorder
) -> None:
    held = ChatSettings(spoilers=Spoilers.HELD, hold_minutes=60)
    await room.subscribe(PIT_WALL, RULINGS.key, settings=held)
    await recorder.record(MONZA, [cleared(noted(), 14)], 14)
    await room.round()
    (ruling,) = [each for each in await room.announced() if each.kind is Kind.RULING]
    assert (await room.due(ruling))[PIT_WALL.id] >= at(120) + dt.timedelta(hours=1)


async def test_a_chat_whose_pictures_are_late_reads_no_more_than_it_has_seen(
    room: PressRoom, recorder: Recorder
) -> None:
    await recorder.record(MONZA, [penalised(noted(), NOR, 14)], 14)
    polls = Polls(room.database, [])
    polls.take_up(await NotedIncidents(room.database).all())
    live = LiveBulletins(room.incidents, polls, room.live, room.clock)
    await room.live.tell()
    (told, *_) = [each for each in await room.announced() if each.kind is Kind.INCIDENT]
    room.now = at(14) + dt.timedelta(seconds=30)
    late, in_time = [await live.poll(told, ChatSettings(delay_seconds=delay)) for delay in (40, 0)]
    assert late
    assert in_time
    assert "penalty" not in str(late.reply.card)
    assert "penalty" in str(in_time.reply.card)


async def test_where_polls_are_off_nobody_gets_a_ballot_paper(room: PressRoom, recorder: Recorder) -> None:
    await room.subscribe(PIT_WALL, INCIDENTS.key, RULINGS.key)
    await room.subscribe(GRANDSTAND, INCIDENTS.key)
    chats = await Chats.open(room.database, HandledUpdates(room.database))
    await chats.set_polls(PIT_WALL, on=False)
    await recorder.record(MONZA, [penalised(noted(), NOR, 14)], 14)
    await room.round()
    told = {each.kind: {*await room.due(each)} for each in await room.announced() if each.kind is not Kind.CALENDAR}
    assert told == {Kind.INCIDENT: {GRANDSTAND.id}, Kind.RULING: {PIT_WALL.id}}
