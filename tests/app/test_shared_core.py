"""How the bot ends: whatever ends it, what is at work has ended before that is closed which it works with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import pytest

from bot.app import lifecycle
from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.app.shared_core import Work
from bot.search.catalogue import Incidents
from tests.support.bare_settings import settings_in
from tests.support.platform_double import PlatformDouble

WAYS = ["it is left", "nobody reads on", "it is cancelled", "a job fails"]


class Farewells:
    """Jobs that take leave in several steps, which end is noted."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.failing = asyncio.Event()

    async def job(self, name: str) -> None:
        try:
            await self.failing.wait()
            if name == "second":
                raise LookupError
            await asyncio.Event().wait()
        finally:
            for _ in range(3):
                await asyncio.sleep(0)
            self.ended.append(name)


@asynccontextmanager
async def at_work(farewells: Farewells) -> AsyncIterator[None]:
    """Three jobs at work on something that is closed in the end."""
    async with AsyncExitStack() as stack:
        stack.callback(farewells.ended.append, "closed")
        work = Work(stack, await stack.enter_async_context(asyncio.TaskGroup()))
        for name in ("first", "second", "third"):
            work.start(farewells.job(name))
        await asyncio.sleep(0)
        yield


async def leave(way: str, failing: Callable[[], None] = lambda: None) -> None:
    match way:
        case "nobody reads on":
            raise BrokenPipeError
        case "it is cancelled":
            raise asyncio.CancelledError
        case "a job fails":
            failing()
            await asyncio.Event().wait()


@pytest.mark.parametrize("way", WAYS)
async def test_every_job_ends_as_it_means_to_before_what_it_works_with_is_closed(way: str) -> None:
    farewells = Farewells()
    with suppress(ExceptionGroup, asyncio.CancelledError):
        async with at_work(farewells):
            await leave(way, farewells.failing.set)
    assert (sorted(farewells.ended), farewells.ended[-1]) == (["closed", "first", "second", "third"], "closed")
    if way != "a job fails":  # by which all the others end at once
        assert farewells.ended == ["third", "second", "first", "closed"]


@pytest.mark.parametrize("way", WAYS[:-1])
async def test_nothing_of_a_bot_goes_on_once_its_database_is_closed(
    settings: Settings, incidents: Incidents, url: str, way: str
) -> None:
    known = replace(settings, database_url=url)
    with suppress(ExceptionGroup, asyncio.CancelledError):
        async with open_core(known, incidents):
            for _ in range(3):  # the board has asked which polls are shown, and waits for its turn
                await asyncio.sleep(0)
            await leave(way)
    assert asyncio.all_tasks() == {asyncio.current_task()}


class Talking(PlatformDouble):
    """A platform that takes a moment to hang up."""

    def __init__(self) -> None:
        super().__init__()
        self.connected, self.hung_up = asyncio.Event(), False

    async def run(self) -> None:
        self.connected.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(3):
                await asyncio.sleep(0)
            self.hung_up = True


async def test_a_platform_hangs_up_before_all_is_closed_also_where_the_bot_is_ended_from_within(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Talking()
    monkeypatch.setattr(lifecycle, "adapters", lambda *_: iter([platform]))
    monkeypatch.setattr(lifecycle, "spare_the_collector", lambda: None)  # which is for a whole process
    serving = asyncio.create_task(lifecycle.serve(settings_in(settings.data_dir, discord_token="hush.hush.hush")))
    await platform.connected.wait()
    serving.cancel()  # as a job that fails does
    await asyncio.wait({serving})
    assert platform.hung_up
    assert asyncio.all_tasks() == {asyncio.current_task()}
