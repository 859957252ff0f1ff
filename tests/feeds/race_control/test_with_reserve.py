"""Live timing with OpenF1 in reserve: who drives, and that nothing is told twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.feeds.race_control.live_timing import LiveTiming
from bot.feeds.race_control.openf1 import OpenF1
from bot.feeds.race_control.openf1_api import Account
from bot.feeds.race_control.source import Line, MessagesSeen, Update
from bot.feeds.race_control.with_reserve import PATIENCE, WithReserve
from bot.forms.secret import Secret
from tests.support.clock import HeldClock
from tests.support.listener import listening
from tests.support.live_timing_server import LiveTimingServer
from tests.support.openf1_server import PASSWORD, USERNAME, OpenF1Server


@pytest.fixture
async def openf1_server() -> AsyncIterator[OpenF1Server]:
    async with OpenF1Server() as server:
        server.session()
        yield server


@pytest.fixture
def source(live_timing: LiveTiming, openf1_server: OpenF1Server, clock: HeldClock) -> WithReserve:
    return WithReserve(live_timing, OpenF1(openf1_server.url, clock, Account(USERNAME, Secret(PASSWORD))), clock)


async def test_while_the_first_is_there_nobody_asks_the_reserve(
    server: LiveTimingServer, openf1_server: OpenF1Server, source: WithReserve, clock: HeldClock
) -> None:
    await server.session()
    async with listening(source) as listener:
        await server.listened_to()
        await server.say("FIRST")
        await listener.hears("FIRST")
        await server.cut()
        await clock.wake_in_time(within=2)  # the pause, not the reserve
        await server.listened_to(2)
        await server.say("SECOND")
        await listener.hears("SECOND")
    assert openf1_server.asked == []
    assert (source.name, (await source.look()).line) == ("live-timing", Line.CONNECTED)


async def test_where_the_first_is_refused_the_reserve_takes_over_and_hands_back(
    server: LiveTimingServer, openf1_server: OpenF1Server, source: WithReserve, clock: HeldClock
) -> None:
    await server.session()
    await server.say("FIRST")
    async with listening(source) as listener:
        await listener.hears("FIRST")
        server.refusal = 401
        await server.cut()
        openf1_server.say("FIRST")
        openf1_server.say("FROM THE RESERVE")
        await clock.go_on_while(lambda: "FROM THE RESERVE" not in listener.texts)
        assert ("live-timing", Line.REFUSED) in listener.lines

        server.refusal = None
        await server.say("FROM THE RESERVE")
        await server.say("BACK AGAIN")
        await clock.go_on_while(lambda: "BACK AGAIN" not in listener.texts)
        asked = len(openf1_server.asked)
        await clock.go_on_until(clock.seconds + 30)
        assert len(openf1_server.asked) == asked
    assert [(message.index, message.text) for message in listener.messages] == [
        (0, "FIRST"),
        (1, "FROM THE RESERVE"),
        (2, "BACK AGAIN"),
    ]
    assert {seen.session_key for seen in listener.updates if hasattr(seen, "session_key")} == {"9001"}


async def test_where_the_first_is_lost_it_is_waited_for_a_minute(
    server: LiveTimingServer, openf1_server: OpenF1Server, source: WithReserve, clock: HeldClock
) -> None:
    server.refusal = 503
    openf1_server.say("FROM THE RESERVE")
    async with listening(source) as listener:
        await clock.go_on_while(lambda: not openf1_server.asked)
        # On a busy machine the clock goes on a little while the question is on its way.
        assert PATIENCE <= clock.seconds < 2 * PATIENCE
        await clock.go_on_while(lambda: "FROM THE RESERVE" not in listener.texts)


async def test_a_refusal_after_a_loss_does_not_disturb_who_drives_already(
    server: LiveTimingServer, openf1_server: OpenF1Server, source: WithReserve, clock: HeldClock
) -> None:
    server.refusal = 503
    openf1_server.say("FROM THE RESERVE")
    async with listening(source) as listener:
        await clock.go_on_while(lambda: "FROM THE RESERVE" not in listener.texts)
        server.refusal = 403
        await clock.go_on_while(lambda: ("live-timing", Line.REFUSED) not in listener.lines)
        openf1_server.say("STILL HERE")
        await clock.go_on_while(lambda: "STILL HERE" not in listener.texts)
    assert openf1_server.tokens == 1


async def test_what_the_listener_raises_ends_both(
    server: LiveTimingServer, openf1_server: OpenF1Server, source: WithReserve, clock: HeldClock
) -> None:
    server.refusal = 401
    openf1_server.say("FROM THE RESERVE")

    async def tell(update: Update) -> None:
        if isinstance(update, MessagesSeen):
            raise OSError("no room left")

    time = asyncio.create_task(clock.go_on_while(lambda: True))
    with pytest.raises(ExceptionGroup) as raised:
        await source.run(tell)
    time.cancel()
    assert raised.group_contains(OSError, match="no room left")
