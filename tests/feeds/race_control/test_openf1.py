"""OpenF1: with an account during a session, without one after it, and within its limits."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.openf1 import OpenF1
from bot.feeds.race_control.openf1_api import Account
from bot.feeds.race_control.source import CarsSeen, Line, LineState, MessagesSeen, SessionSeen, SessionStatus
from bot.forms.secret import Secret
from tests.support.clock import HeldClock
from tests.support.listener import listening
from tests.support.live_timing_server import ZANDVOORT
from tests.support.openf1_server import PASSWORD, USERNAME, OpenF1Server

NOTED = "TURN 4 INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) NOTED"
LAST_WEEK = ZANDVOORT - dt.timedelta(days=7)
ACCOUNT = Account(USERNAME, Secret(PASSWORD))


@pytest.fixture
async def openf1_server() -> AsyncIterator[OpenF1Server]:
    async with OpenF1Server() as server:
        yield server


@pytest.fixture
def openf1(openf1_server: OpenF1Server, clock: HeldClock) -> OpenF1:
    return OpenF1(openf1_server.url, clock, ACCOUNT)


@pytest.fixture
def openf1_for_nothing(openf1_server: OpenF1Server, clock: HeldClock) -> OpenF1:
    return OpenF1(openf1_server.url, clock)


async def test_a_session_its_cars_and_its_messages_are_told(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    openf1_server.drivers(RUS=63, BOT=77)
    openf1_server.status("Started")
    openf1_server.say(NOTED, lap=12)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
    session, cars, started, messages, connected = listener.updates
    assert session == SessionSeen(
        Session(
            *("9001", "Dutch Grand Prix", "Race", dt.date(2025, 8, 31)),
            *("Netherlands", "Zandvoort", "Zandvoort"),
        ),
        ZANDVOORT,
    )
    assert cars == CarsSeen("9001", {63: Car(63, "RUS", "Ann Rus", "A Team"), 77: Car(77, "BOT", "Ann Bot", "A Team")})
    assert isinstance(started, SessionSeen)
    assert started.status is SessionStatus.STARTED
    said = Message(0, ZANDVOORT + dt.timedelta(seconds=2), NOTED, lap=12, category="Other")
    assert messages == MessagesSeen("9001", (said,))
    assert connected == LineState("openf1", Line.CONNECTED, clock.now())
    assert clock.seconds == 1  # five questions, at three a second


async def test_while_a_session_runs_it_asks_every_four_seconds_for_what_is_new(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    openf1_server.say("FIRST", at=ZANDVOORT + dt.timedelta(minutes=5))
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not {"FIRST"} <= set(listener.texts))
        await clock.asleep()
        heard_first = clock.seconds
        openf1_server.say("SECOND")
        await clock.go_on_while(lambda: not {"SECOND"} <= set(listener.texts))
        assert clock.seconds == heard_first + 4
    questions = [asked.query for asked in openf1_server.asked if asked.of == "race_control"]
    assert questions == [
        {"session_key": "9001"},
        {"session_key": "9001", "date>": "2025-08-31T13:04:00+00:00"},
    ]


async def test_long_before_and_after_a_session_it_asks_once_a_minute(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session(starts_at=LAST_WEEK)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
        await clock.asleep()
        assert clock.slept[-1] == 60


async def test_a_session_that_starts_hours_early_is_live_once_race_control_talks(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session(starts_at=ZANDVOORT + dt.timedelta(hours=3))
    openf1_server.say("GREEN LIGHT - PIT EXIT OPEN", at=ZANDVOORT)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not {"GREEN LIGHT - PIT EXIT OPEN"} <= set(listener.texts))
        await clock.asleep()
        assert clock.slept[-1] == 4


async def test_what_comes_twice_or_late_is_told_once_under_an_index_of_its_own(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    second = ZANDVOORT + dt.timedelta(seconds=30)
    for _ in range(4):
        openf1_server.say("B", at=second)
    openf1_server.say("C", at=second)
    openf1_server.say("A", at=ZANDVOORT)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not {"A", "B", "C"} <= set(listener.texts))
        assert [(message.index, message.text) for message in listener.messages] == [(0, "A"), (1, "B"), (2, "C")]
        openf1_server.say("LATE", at=ZANDVOORT + dt.timedelta(seconds=10))
        await clock.go_on_while(lambda: not {"LATE"} <= set(listener.texts))
        assert listener.messages[3:] == [
            Message(3, ZANDVOORT + dt.timedelta(seconds=10), "LATE", category="Other"),
        ]


async def test_another_session_begins_anew(openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock) -> None:
    openf1_server.session(name="Sprint")
    openf1_server.drivers(NOR=4)
    openf1_server.say("FIRST")
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not {"FIRST"} <= set(listener.texts))
        openf1_server.session(key=9011, starts_at=ZANDVOORT + dt.timedelta(days=1))
        openf1_server.drivers(NOR=1)
        openf1_server.say("SECOND")
        await clock.go_on_while(lambda: "SECOND" not in listener.texts)
    assert [(seen.session_key, *seen.cars) for seen in listener.all(CarsSeen)] == [("9001", 4), ("9011", 1)]
    assert [(seen.session_key, seen.messages[0].index) for seen in listener.all(MessagesSeen)] == [
        ("9001", 0),
        ("9011", 0),
    ]


async def test_a_start_that_moves_is_told(openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock) -> None:
    openf1_server.session()
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(SessionSeen))
        later = ZANDVOORT + dt.timedelta(minutes=90)
        openf1_server.rows["sessions"][0]["date_start"] = later.isoformat()
        await clock.go_on_while(lambda: len(listener.all(SessionSeen)) < 2)
    assert listener.all(SessionSeen)[1].starts_at == later


async def test_without_an_account_it_waits_for_the_end_of_the_session(
    openf1_server: OpenF1Server, openf1_for_nothing: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    openf1_server.say(NOTED)
    openf1_server.in_progress = True
    with capture_logs() as logs:
        async with listening(openf1_for_nothing) as listener:
            await clock.go_on_while(lambda: len(openf1_server.asked) < 10)
            assert listener.lines == [("openf1", Line.WAITING)]
            openf1_server.in_progress = False
            await clock.go_on_while(lambda: NOTED not in listener.texts)
            await clock.go_on_while(lambda: len(listener.lines) < 2)
    assert listener.lines[1] == ("openf1", Line.CONNECTED)
    assert logs == []
    assert clock.slept[0] == 60


async def test_with_an_account_nothing_is_closed(openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock) -> None:
    openf1_server.in_progress = True
    openf1_server.session()
    openf1_server.say(NOTED)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not {NOTED} <= set(listener.texts))
    assert openf1_server.tokens == 1


async def test_a_token_is_renewed_before_it_ends(openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock) -> None:
    openf1_server.session(starts_at=LAST_WEEK)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
        await clock.go_on_while(lambda: openf1_server.tokens < 2)
        assert 3400 < clock.seconds < 3600
        so_far = len(openf1_server.asked)
        await clock.go_on_while(lambda: len(openf1_server.asked) == so_far)
    assert all(asked.is_authorized for asked in openf1_server.asked)


@pytest.mark.parametrize("expires_in", ["", "soon", "-1", "0", "99999999999"])
async def test_a_token_of_which_nobody_knows_how_long_it_lasts_lasts_an_hour(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock, expires_in: str
) -> None:
    openf1_server.expires_in = expires_in
    openf1_server.session(starts_at=LAST_WEEK)
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
        await clock.go_on_while(lambda: openf1_server.tokens < 2)
    assert clock.seconds > 3400


async def test_a_token_that_ends_early_is_renewed(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    async with listening(openf1) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
        openf1_server.expire_token()
        openf1_server.say(NOTED)
        await clock.go_on_while(lambda: not {NOTED} <= set(listener.texts))
    assert openf1_server.tokens == 2
    assert [state.line for state in listener.all(LineState)] == [Line.CONNECTED]


async def test_an_account_that_is_not_accepted_is_said_once_and_never_shown(
    openf1_server: OpenF1Server, clock: HeldClock
) -> None:
    account = Account(USERNAME, Secret("wrong-password"))
    source = OpenF1(openf1_server.url, clock, account)
    with capture_logs() as logs:
        async with listening(source) as listener:
            await clock.go_on_while(lambda: clock.seconds < 1000)
    assert listener.lines == [("openf1", Line.REFUSED)]
    assert [line["event"] for line in logs] == ["race_control.refused"]
    assert (await source.look()).problem == "the account is not accepted"
    for shown in (logs, listener.updates, account, source, vars(source)):
        assert "wrong-password" not in repr(shown)
        assert USERNAME not in repr(shown)


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"access_token": 7}', b'{"access_token": "a\\nb"}'])
async def test_a_token_that_is_none(openf1_server: OpenF1Server, openf1: OpenF1, answer: bytes) -> None:
    openf1_server.token_answer = web.Response(body=answer)
    assert (await openf1.look()).line in (Line.LOST, Line.REFUSED)


async def test_a_look_asks_one_question(
    openf1_server: OpenF1Server, openf1: OpenF1, openf1_for_nothing: OpenF1, clock: HeldClock
) -> None:
    assert await openf1.look() == LineState("openf1", Line.CONNECTED, clock.now())
    openf1_server.in_progress = True
    clock.pass_by(1)
    assert (await openf1.look()).line is Line.CONNECTED
    assert (await openf1_for_nothing.look()).line is Line.WAITING
    openf1_server.failures += [web.Response(status=status) for status in (500, 403, 404)]
    clock.pass_by(1)
    assert [(await openf1_for_nothing.look()).line for _ in range(3)] == [Line.LOST, Line.REFUSED, Line.REFUSED]
    assert len(openf1_server.asked) == 6


async def test_it_asks_three_times_a_second_and_thirty_times_a_minute_at_most(
    openf1_server: OpenF1Server, openf1_for_nothing: OpenF1, clock: HeldClock
) -> None:
    asked_at: list[float] = []

    time = asyncio.create_task(clock.go_on_while(lambda: True))
    for _ in range(40):
        await openf1_for_nothing.look()
        asked_at.append(clock.seconds)
    time.cancel()
    for number, allowed in ((3, 1), (30, 60)):
        assert all(later - earlier >= allowed for earlier, later in zip(asked_at, asked_at[number:], strict=False))
    assert all(later >= earlier for earlier, later in pairwise(asked_at))
    assert len(openf1_server.asked) == 40


async def test_it_is_left_alone_as_long_as_it_wants(
    openf1_server: OpenF1Server, openf1_for_nothing: OpenF1, clock: HeldClock
) -> None:
    openf1_server.session()
    openf1_server.failures.append(web.Response(status=429, headers={"Retry-After": "45"}))
    async with listening(openf1_for_nothing) as listener:
        await clock.go_on_while(lambda: not listener.all(LineState))
        await clock.go_on_while(lambda: len(openf1_server.asked) < 2)
    assert clock.seconds >= 45


@pytest.mark.parametrize("what", ["sessions", "meetings", "drivers", "race_control"])
@pytest.mark.parametrize("said", [b"", b"<html>", b"{}", b"7", b"[7, null, {}]", b"[" * 100_000, b"\xff"])
async def test_garbage_costs_a_line_in_the_log_and_nothing_else(
    openf1_server: OpenF1Server, openf1: OpenF1, clock: HeldClock, what: str, said: bytes
) -> None:
    openf1_server.session()
    openf1_server.drivers(RUS=63)
    openf1_server.say(NOTED)
    openf1_server.garbage[what] = said
    with capture_logs() as logs:
        async with listening(openf1) as listener:
            await clock.go_on_while(lambda: clock.seconds < 60)
            assert (NOTED in listener.texts) is (what == "drivers")
            del openf1_server.garbage[what]
            await clock.go_on_while(lambda: NOTED not in listener.texts)
    events = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert len(events) == len(set(events)) <= 1


async def test_nobody_there_is_a_lost_line(clock: HeldClock) -> None:
    async with OpenF1Server() as server:
        nowhere = server.url
    for account in (None, ACCOUNT):
        assert (await OpenF1(nowhere, clock, account).look()).line is Line.LOST
