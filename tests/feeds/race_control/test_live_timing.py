"""Listening to live timing: what is told of a session, over one line or many."""

import asyncio
import datetime as dt
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.live_timing import LiveTiming
from bot.feeds.race_control.source import CarsSeen, Line, LineState, MessagesSeen, SessionSeen, SessionStatus, Update
from tests.support.clock import HeldClock
from tests.support.listener import listening
from tests.support.live_timing_server import END, ZANDVOORT, LiveTimingServer

NOTED = "TURN 4 INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) NOTED"
LIVE, LOST, REFUSED = (("live-timing", line) for line in (Line.CONNECTED, Line.LOST, Line.REFUSED))


def entry(text: str) -> dict[str, str]:
    return {"Utc": "2025-08-31T13:05:00", "Category": "Other", "Message": text}


async def test_what_was_said_before_comes_with_the_keyframe(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    await server.session()
    await server.drivers(RUS=63, BOT=77)
    await server.status("Started")
    await server.say("GREEN LIGHT - PIT EXIT OPEN", category="Flag", Flag="GREEN", lap=1)
    await server.say(NOTED, lap=12)
    async with listening(live_timing) as listener:
        await listener.hears(NOTED)
    connected, session, cars, messages = listener.updates
    assert connected == LineState("live-timing", Line.CONNECTED, clock.now())
    assert session == SessionSeen(
        Session(
            key="9001",
            event="Dutch Grand Prix",
            name="Race",
            date=dt.date(2025, 8, 31),
            country="Netherlands",
            place="Zandvoort",
            circuit="Zandvoort",
        ),
        ZANDVOORT,
        SessionStatus.STARTED,
    )
    assert cars == CarsSeen("9001", {63: Car(63, "RUS", "Ann Rus", "A Team"), 77: Car(77, "BOT", "Ann Bot", "A Team")})
    second = dt.timedelta(seconds=1)
    assert messages == MessagesSeen(
        "9001",
        (
            Message(0, ZANDVOORT + second, "GREEN LIGHT - PIT EXIT OPEN", lap=1, category="Flag", flag="GREEN"),
            Message(1, ZANDVOORT + 2 * second, NOTED, lap=12, category="Other"),
        ),
    )


async def test_what_is_said_from_then_on_comes_as_it_is_said(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    async with listening(live_timing) as listener:
        await server.listened_to()
        await server.session()
        await server.listened_to(2)  # for the keyframes of the session that has begun
        await server.say(NOTED)
        await listener.hears(NOTED)
        await server.status("Finished")
        await listener.until(lambda: listener.all(SessionSeen)[-1].status is SessionStatus.FINISHED)
        await server.say("CAR 77 (BOT) TIME 1:15.402 DELETED")
        await listener.until(lambda: len(listener.messages) == 2)
    assert [message.index for message in listener.messages] == [0, 1]


async def test_a_ping_is_answered(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    async with listening(live_timing) as listener:
        await server.listened_to()
        await server.ping()
        await server.session()
        await listener.until(lambda: listener.all(SessionSeen))
        await server.listened_to(2)
        assert server.pongs == 1


async def test_we_say_who_we_are(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    async with listening(live_timing):
        await server.listened_to()
    (agent,) = server.agents
    assert agent.startswith("racing-incident/")


async def test_a_line_that_is_silent_for_45_seconds_is_made_anew(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    await server.session()
    await server.say("FIRST")
    async with listening(live_timing) as listener:
        await listener.hears("FIRST")
        await clock.asleep()
        await clock.go_on_until(44)
        assert server.negotiations == 1
        await clock.go_on_while(lambda: server.negotiations < 2)
        assert clock.seconds < 47
        await server.listened_to(2)
        await server.say("SECOND")
        await listener.hears("SECOND")
    assert listener.texts == ["FIRST", "SECOND"]
    assert listener.lines == [LIVE, LOST, LIVE]


async def test_heartbeats_and_pings_keep_a_line_alive(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    await server.session()
    async with listening(live_timing) as listener:
        await listener.until(lambda: listener.all(SessionSeen))
        for minute in range(1, 4):
            for word in (server.heartbeat, server.ping):
                await clock.asleep()
                clock.pass_by(30)
                await word()
                text = f"WORD {minute} {word.__name__}"
                await server.say(text)
                await listener.hears(text)
        assert server.negotiations == 1


async def test_noise_does_not(server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock) -> None:
    await server.session()
    async with listening(live_timing) as listener:
        await listener.until(lambda: listener.all(SessionSeen))

        async def make_noise() -> None:
            while True:
                await clock.sleep(20)
                await server.send_text("noise" + END)

        noise = asyncio.create_task(make_noise())
        await clock.go_on_while(lambda: LOST not in listener.lines)
        noise.cancel()
        with suppress(asyncio.CancelledError):
            await noise


@pytest.mark.parametrize("how", ["cut", "close"])
async def test_a_line_that_is_dropped_is_taken_up_again_and_nothing_is_missed_or_repeated(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock, how: str
) -> None:
    await server.session()
    await server.say("FIRST")
    with capture_logs() as logs:
        async with listening(live_timing) as listener:
            await listener.hears("FIRST")
            await clock.asleep()
            clock.pass_by(7200)
            await (server.cut() if how == "cut" else server.close("Connection closed with an error."))
            await listener.until(lambda: LOST in listener.lines)
            await server.say("MISSED")
            await clock.go_on_while(lambda: "MISSED" not in listener.texts)
    assert listener.texts == ["FIRST", "MISSED"]
    assert not [line for line in logs if line["log_level"] != "info"]


async def test_a_line_that_is_dropped_as_soon_as_it_is_made_is_made_ever_more_rarely(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    with capture_logs() as logs:
        async with listening(live_timing) as listener:

            async def drop(line: int) -> None:
                await clock.go_on_while(lambda: len(server.subscriptions) < line)
                await listener.until(lambda: listener.lines.count(LIVE) == line)
                await server.cut()
                await listener.until(lambda: listener.lines.count(LOST) == line)

            for line in range(1, 9):
                await drop(line)
    assert clock.seconds > 60
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["race_control.line_lost"]


async def test_a_server_that_is_gone_is_said_once_and_asked_ever_more_rarely(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    server.refusal = 503
    with capture_logs() as logs:
        async with listening(live_timing) as listener:
            await clock.go_on_while(lambda: server.negotiations < 12)
            assert listener.lines == [LOST]
            assert clock.seconds > 200
            server.refusal = None
            await clock.go_on_while(lambda: LIVE not in listener.lines)
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["race_control.line_lost"]
    assert [line for line in logs if line["event"] == "race_control.line_resumed"]


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("where", ["refusal", "socket_refusal"])
async def test_a_refusal_is_said_once_and_tried_again_after_minutes(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock, where: str, status: int
) -> None:
    setattr(server, where, status)
    with capture_logs() as logs:
        async with listening(live_timing) as listener:
            await clock.go_on_while(lambda: server.negotiations < 5)
            assert clock.seconds > 300
            (refused,) = listener.all(LineState)
            assert (refused.line, refused.problem) == (Line.REFUSED, f"status {status}")
            setattr(server, where, None)
            await clock.go_on_while(lambda: LIVE not in listener.lines)
    (said,) = [line for line in logs if line["log_level"] == "warning"]
    assert (said["event"], said["source"], said["problem"]) == (
        *("race_control.refused", "live-timing", f"status {status}"),
    )
    assert "token" not in str(logs)


@pytest.mark.parametrize("negotiation", [b"", b"<html>", b"{}", b"[]", b'{"connectionToken": 7}', b"[" * 100_000])
async def test_a_negotiation_that_grants_nothing_is_a_changed_protocol(
    server: LiveTimingServer, live_timing: LiveTiming, negotiation: bytes
) -> None:
    server.negotiation = negotiation
    assert (await live_timing.look()).problem == "the negotiation grants no line: the protocol has changed"


async def test_so_is_an_error_after_it(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    server.subscription_error = "Failed to invoke 'Subscribe' due to an error on the server."
    state = await live_timing.look()
    assert (state.line, state.problem) == (Line.REFUSED, "the subscription is refused: the protocol has changed")
    server.handshake = '{"error": "Requested protocol \'json\' is not available."}'
    state = await live_timing.look()
    assert (state.line, state.problem) == (Line.REFUSED, "the handshake is refused: the protocol has changed")


async def test_a_look_connects_once_and_hangs_up(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    assert await live_timing.look() == LineState("live-timing", Line.CONNECTED, clock.now())
    assert (server.negotiations, server.subscriptions[0][0]) == (1, "RaceControlMessages")
    server.refusal = 502
    assert (await live_timing.look()).line is Line.LOST


async def test_a_server_that_answers_nothing_is_given_up(server: LiveTimingServer, clock: HeldClock) -> None:
    server.silent = True
    assert (await LiveTiming(server.url, clock, timeout=0.05).look()).problem == "no answer in time"


async def test_nobody_there_is_a_lost_line(clock: HeldClock) -> None:
    async with LiveTimingServer() as server:
        nowhere = server.url
    state = await LiveTiming(nowhere, clock).look()
    assert (state.line, state.problem) == (Line.LOST, "it refuses connections")


@pytest.mark.parametrize(
    "noise",
    [
        "noise" + END,
        END * 50,
        "{" + END + '"half' + END,
        "[]" + END + "7" + END + "null" + END,
        '{"type":1,"target":"feed","arguments":[]}' + END,
        '{"type":1,"target":"feed","arguments":[["RaceControlMessages"],7]}' + END,
        '{"type":1,"target":"feed","arguments":["RaceControlMessages",{"Messages":"none"},""]}' + END,
        '{"type":1,"target":"feed","arguments":["RaceControlMessages",{"Messages":{"x":{"Message":"NO"}}},""]}' + END,
        '{"type":1,"target":"feed","arguments":["SessionInfo",[],""]}' + END,
        '{"type":1,"target":"feed","arguments":["SessionStatus",{"Status":"Lunch"},""]}' + END,
        '{"type":1,"target":"feed","arguments":["DriverList",{"63":7},""]}' + END,
        '{"error":"of another kind"}' + END,
        "9" * 10_000 + END,
        "[" * 100_000 + END,
        "x" * 1_000_000 + END,
        "x" * 3_000_000 + END,
    ],
)
async def test_noise_is_skipped_and_the_line_goes_on(
    server: LiveTimingServer, live_timing: LiveTiming, noise: str
) -> None:
    await server.session()
    await server.drivers(RUS=63)
    await server.say("FIRST")
    with capture_logs() as logs:
        async with listening(live_timing) as listener:
            await listener.hears("FIRST")
            for _ in range(3):
                await server.send_text(noise)
            await server.say(NOTED)
            await listener.hears(NOTED)
            await server.say("THIRD")
            await listener.hears("THIRD")
    assert listener.texts == ["FIRST", NOTED, "THIRD"]
    assert len(listener.all(SessionSeen)) == len(listener.all(CarsSeen)) == 1
    warnings = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert warnings in ([], ["race_control.record_skipped"])
    assert server.negotiations == 1


async def test_skipped_records_are_counted_and_said_once(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    await server.session()
    with capture_logs() as logs:
        async with listening(live_timing) as listener:
            await listener.until(lambda: listener.all(SessionSeen))
            await server.send_text(f"noise{END}" * 3)
            await server.feed("RaceControlMessages", {"Messages": {"4": {"Message": "WITHOUT A TIME"}}})
            await server.say(NOTED)
            await listener.hears(NOTED)
    assert [line["event"] for line in logs] == ["race_control.record_skipped", "race_control.line_closed"]
    assert logs[1]["skipped"] == 4


async def test_bytes_are_no_records(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    await server.session()
    async with listening(live_timing) as listener:
        await listener.until(lambda: listener.all(SessionSeen))
        await server.send_bytes(b"\xff\x00" * 100)
        await server.say(NOTED)
        await listener.hears(NOTED)
    assert server.negotiations == 1


async def test_whoever_talks_nothing_but_nonsense_is_hung_up_on(
    server: LiveTimingServer, live_timing: LiveTiming
) -> None:
    async with listening(live_timing) as listener:
        await server.listened_to()
        await server.send_text(f"x{END}" * 100_000)
        await listener.until(lambda: LOST in listener.lines)
        assert listener.all(LineState)[-1].problem == "nothing but nonsense"


async def test_several_records_may_come_in_one_text(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    await server.session()
    async with listening(live_timing) as listener:
        await server.listened_to()
        deltas = [{"Messages": {str(index): entry(f"NUMBER {index}")}} for index in range(3)]
        feeds = [{"type": 1, "target": "feed", "arguments": ["RaceControlMessages", each, ""]} for each in deltas]
        await server.send(*feeds, {"type": 6}, {"type": 7})
        await listener.until(lambda: LOST in listener.lines)
    assert listener.texts == ["NUMBER 0", "NUMBER 1", "NUMBER 2"]


async def test_a_record_may_come_in_several_texts(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    server.piece = 7
    await server.session("São Paulo Grand Prix")
    await server.say("FIRST")
    async with listening(live_timing) as listener:
        await listener.hears("FIRST")
        await server.say(NOTED)
        await listener.hears(NOTED)
    assert listener.all(SessionSeen)[0].session.event == "São Paulo Grand Prix"


async def test_a_new_session_begins_anew_with_cars_of_its_own(
    server: LiveTimingServer, live_timing: LiveTiming
) -> None:
    await server.session(name="Sprint")
    await server.drivers(NOR=4)
    await server.say("FIRST")
    async with listening(live_timing) as listener:
        await listener.hears("FIRST")
        # The list of drivers is sent with the subscription, and not always again when a session begins.
        await server.session(key=9002, starts_at=ZANDVOORT + dt.timedelta(days=1))
        server.topics["DriverList"] = {"1": {"RacingNumber": "1", "Tla": "NOR"}}
        await listener.until(lambda: len(listener.all(CarsSeen)) == 2)
        await server.say("SECOND")
        await listener.hears("SECOND")
    assert [(seen.session_key, *seen.cars) for seen in listener.all(CarsSeen)] == [("9001", 4), ("9002", 1)]
    assert [(seen.session_key, seen.messages[0].index) for seen in listener.all(MessagesSeen)] == [
        ("9001", 0),
        ("9002", 0),
    ]


async def test_a_keyframe_that_goes_backwards_takes_nothing_back(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    await server.session()
    for text in ("FIRST", "SECOND", "THIRD"):
        await server.say(text)
    async with listening(live_timing) as listener:
        await listener.hears("THIRD")
        del server.topics["RaceControlMessages"]["Messages"][1:]
        await server.cut()
        await clock.go_on_while(lambda: len(server.subscriptions) < 2)
        await server.say("FOURTH", at=ZANDVOORT + dt.timedelta(minutes=5))
        await listener.hears("FOURTH")
    assert listener.texts == ["FIRST", "SECOND", "THIRD", "FOURTH"]
    assert [message.index for message in listener.messages] == [0, 1, 2, 3]


async def test_cancelling_hangs_up(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    await server.session()
    async with listening(live_timing) as listener:
        await listener.until(lambda: listener.all(SessionSeen))
        assert server.listeners == 1
    await server.left_alone()


async def test_what_the_listener_raises_ends_the_run(server: LiveTimingServer, live_timing: LiveTiming) -> None:
    async def tell(_update: Update) -> None:
        raise OSError("no room left")

    with pytest.raises(OSError, match="no room left"):
        await live_timing.run(tell)
    assert server.negotiations == 1


async def test_a_listener_that_takes_its_time_is_not_a_silent_line(
    server: LiveTimingServer, live_timing: LiveTiming, clock: HeldClock
) -> None:
    await server.session()
    told: list[Update] = []
    is_told = asyncio.Event()

    async def tell(update: Update) -> None:
        told.append(update)
        if isinstance(update, SessionSeen):
            clock.pass_by(100)
            await server.say(NOTED)
        elif isinstance(update, MessagesSeen):
            is_told.set()

    run = asyncio.create_task(live_timing.run(tell))
    await is_told.wait()
    run.cancel()
    assert [update.line for update in told if isinstance(update, LineState)] == [Line.CONNECTED]
