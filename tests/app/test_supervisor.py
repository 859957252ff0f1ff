import asyncio
from collections.abc import Iterable, Iterator

import pytest
from structlog.testing import capture_logs

from bot.app.supervisor import RESTARTS, SETTLED, supervise
from bot.chat.platform import Adapter, SetUpWronglyError, TokenRefusedError
from bot.pacing.backoff import Backoff
from tests.support.clock import FakeClock
from tests.support.platform_double import PlatformDouble


class EnoughError(Exception):
    """The test has seen what it wanted to."""


class Patience(FakeClock):
    """A clock that has had enough after so many sleeps."""

    def __init__(self, naps: int) -> None:
        super().__init__()
        self._naps = naps

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if len(self.slept) == self._naps:
            raise EnoughError


class Shaky(PlatformDouble):
    """An adapter whose runs end one after the other: how long each lasts, and how it ends."""

    def __init__(self, clock: FakeClock, runs: Iterable[tuple[float, Exception | None]]) -> None:
        super().__init__()
        self._time = clock
        self._runs: Iterator[tuple[float, Exception | None]] = iter(runs)

    async def run(self) -> None:
        lasted, error = next(self._runs)
        self._time.pass_by(lasted)
        if error is not None:
            raise error


async def pauses(*runs: tuple[float, Exception | None]) -> list[float]:
    """How long the supervisor waits after each of these runs."""
    clock = Patience(len(runs))
    adapter: Adapter = Shaky(clock, runs)
    with pytest.raises(EnoughError):
        await supervise(adapter, clock, EXACT)
    return clock.slept


LOST = ConnectionError("reset by peer")
EXACT = Backoff(RESTARTS.first, RESTARTS.longest, jitter=0)
REFUSED = TokenRefusedError("TELEGRAM_BOT_TOKEN is not a token that Telegram knows.")


async def test_while_it_keeps_failing_the_pauses_double() -> None:
    assert await pauses(*[(0, LOST)] * 5) == [1, 2, 4, 8, 16]


async def test_no_pause_is_longer_than_five_minutes() -> None:
    assert max(await pauses(*[(0, LOST)] * 12)) == RESTARTS.longest == 300


async def test_a_connection_that_held_for_a_minute_is_tried_again_at_once() -> None:
    assert await pauses((0, LOST), (0, LOST), (SETTLED + 1, LOST), (0, LOST)) == [1, 2, 1, 2]


async def test_a_run_that_ends_by_itself_is_started_again() -> None:
    assert await pauses((0, None), (0, None)) == [1, 2]


async def test_a_refused_token_is_said_plainly_and_tried_again_much_later() -> None:
    with capture_logs() as logs:
        assert await pauses((0, REFUSED), (SETTLED + 1, REFUSED)) == [RESTARTS.longest, RESTARTS.longest]
    assert {(line["event"], line["problem"]) for line in logs} == {("platform.token_refused", str(REFUSED))}
    assert {line["again_in"] for line in logs} == {RESTARTS.longest}
    assert not any("exc_info" in line for line in logs)


async def test_what_no_further_try_would_mend_is_said_and_ends_it() -> None:
    wrong = SetUpWronglyError("Discord wants shards.")
    clock = Patience(1)
    with capture_logs() as logs, pytest.raises(SetUpWronglyError):
        await supervise(Shaky(clock, [(0, wrong)]), clock)
    assert [(line["event"], line["problem"]) for line in logs] == [("platform.set_up_wrongly", str(wrong))]
    assert clock.slept == []


async def test_the_log_says_how_long_the_pause_really_is() -> None:
    with capture_logs() as logs:
        waited = await pauses((0, LOST), (0, LOST), (SETTLED + 1, LOST), (0, None))
    assert [line["again_in"] for line in logs] == waited


async def test_one_platforms_trouble_is_not_anothers() -> None:
    clock = Patience(9)
    up = asyncio.Event()

    class Steady(Shaky):
        async def run(self) -> None:
            up.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        steady = group.create_task(supervise(Steady(clock, ()), clock))
        with pytest.raises(EnoughError):
            await supervise(Shaky(clock, [(0, REFUSED)] * 9), clock, EXACT)
        await up.wait()
        assert not steady.done()
        steady.cancel()


async def test_when_cancelled_it_stops() -> None:
    clock = Patience(1)
    running = asyncio.Event()

    class Steady(Shaky):
        async def run(self) -> None:
            running.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(supervise(Steady(clock, ()), clock))
    await running.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
