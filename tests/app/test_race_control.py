"""Which source of race control the settings stand for, over real sockets."""

from pathlib import Path

import pytest

from bot.app.race_control import source
from bot.app.settings import Settings, read_settings
from bot.feeds.race_control.live_timing import LiveTiming
from bot.feeds.race_control.openf1 import OpenF1
from bot.feeds.race_control.source import Line
from bot.feeds.race_control.with_reserve import WithReserve
from tests.support.clock import HeldClock
from tests.support.listener import listening
from tests.support.live_timing_server import ZANDVOORT, LiveTimingServer
from tests.support.openf1_server import PASSWORD, USERNAME, OpenF1Server


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(ZANDVOORT)


def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set an account with OpenF1 up."""
    monkeypatch.setenv("OPENF1_USERNAME", USERNAME)
    monkeypatch.setenv("OPENF1_PASSWORD", PASSWORD)


async def test_live_timing_is_listened_to_where_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    async with LiveTimingServer() as server:
        monkeypatch.setenv("RACE_CONTROL", "live-timing")
        monkeypatch.setenv("LIVE_TIMING_URL", server.url)
        heard = source(read_settings(), clock)
        assert isinstance(heard, LiveTiming)
        assert (await heard.look()).line is Line.CONNECTED


async def test_an_account_puts_openf1_in_reserve_of_live_timing(
    monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    async with LiveTimingServer() as server, OpenF1Server() as openf1:
        server.refusal = 403
        openf1.session()
        openf1.say("FROM THE RESERVE")
        monkeypatch.setenv("RACE_CONTROL", "live-timing")
        monkeypatch.setenv("LIVE_TIMING_URL", server.url)
        monkeypatch.setenv("OPENF1_URL", openf1.url)
        account(monkeypatch)
        heard = source(read_settings(), clock)
        assert isinstance(heard, WithReserve)
        async with listening(heard) as listener:
            await clock.go_on_while(lambda: "FROM THE RESERVE" not in listener.texts)


@pytest.mark.parametrize("is_known", [True, False])
async def test_openf1_alone_takes_the_account_along_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, clock: HeldClock, is_known: bool
) -> None:
    async with OpenF1Server() as openf1:
        openf1.session()
        openf1.in_progress = True
        monkeypatch.setenv("RACE_CONTROL", "openf1")
        monkeypatch.setenv("OPENF1_URL", openf1.url)
        if is_known:
            account(monkeypatch)
        heard = source(read_settings(), clock)
        assert isinstance(heard, OpenF1)
        assert (await heard.look()).line is (Line.CONNECTED if is_known else Line.WAITING)


def test_off_is_nobody_to_listen_to(clock: HeldClock, tmp_path: Path) -> None:
    assert source(Settings(data_dir=tmp_path, race_control="off"), clock) is None
