import asyncio
import gzip
import threading
from functools import cached_property

import pytest

from bot.events import Events, PollMoved
from bot.web.front import caching
from bot.web.front.caching import LARGE, Cache
from bot.web.pieces import Piece
from bot.web.visits import Answer
from tests.support.clock import HeldClock

KEY = ("/imola-2021", (), "en")
IMOLA = frozenset({"imola-2021"})


class Maker:
    """Makes answers that are numbered, once its gate is open."""

    def __init__(self, *, size: int = 0) -> None:
        self.made = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self._size = size

    async def __call__(self) -> Answer:
        self.made += 1
        body = f"{self.made}".encode().ljust(self._size)
        await self.gate.wait()
        return Answer(body, about=IMOLA)


async def running(cache: Cache) -> "asyncio.Task[None]":
    task = asyncio.create_task(cache.run())
    await asyncio.sleep(0)
    return task


async def test_an_answer_is_made_once_for_all_who_wait() -> None:
    cache, maker = Cache(Events(), HeldClock()), Maker()
    maker.gate.clear()
    waiting = [asyncio.create_task(cache.made(KEY, maker)) for _ in range(5)]
    await asyncio.sleep(0)
    maker.gate.set()
    assert {kept.body for kept in await asyncio.gather(*waiting)} == {b"1"}
    assert (await cache.made(KEY, maker)).body == b"1"


class Heard(Piece):
    """Bytes that know where they were compressed."""

    @cached_property
    def deflated(self) -> bytes:
        self.thread = threading.current_thread()
        return Piece(self.content).deflated


@pytest.mark.parametrize("size", [LARGE, LARGE - 1])
async def test_what_is_large_is_compressed_beside_the_event_loop(size: int) -> None:
    piece = Heard(b"{}".ljust(size))

    async def make() -> Answer:
        return Answer(pieces=(piece,), media_type="application/json")

    kept = await Cache(Events(), HeldClock()).made(KEY, make)
    assert gzip.decompress(kept.compressed()) == kept.body
    assert (piece.thread is threading.main_thread()) is (size < LARGE)


async def test_an_answer_is_old_after_its_seconds() -> None:
    clock, maker = HeldClock(), Maker()
    cache = Cache(Events(), clock)
    await cache.made(KEY, maker)
    clock.pass_by(10.1)
    assert cache.get(KEY) is None
    assert (await cache.made(KEY, maker)).body == b"2"


async def test_a_vote_makes_an_answer_old_and_no_other() -> None:
    events, maker = Events(), Maker()
    cache = Cache(events, HeldClock())
    task = await running(cache)
    await cache.made(KEY, maker)
    events.publish(PollMoved("monza-2021"))
    await asyncio.sleep(0)
    assert cache.get(KEY) is not None
    events.publish(PollMoved("imola-2021"))
    await asyncio.sleep(0)
    assert cache.get(KEY) is None
    await cache.made(KEY, maker)
    events.miss(PollMoved)
    await asyncio.sleep(0)
    assert cache.get(KEY) is None, "as it may have been missed"
    task.cancel()


async def test_what_a_vote_overtook_while_it_was_made_is_not_kept() -> None:
    events, maker = Events(), Maker()
    cache = Cache(events, HeldClock())
    task = await running(cache)
    maker.gate.clear()
    making = asyncio.create_task(cache.made(KEY, maker))
    await asyncio.sleep(0)
    events.publish(PollMoved("imola-2021"))
    await asyncio.sleep(0)
    maker.gate.set()
    assert (await making).body == b"1"
    assert cache.get(KEY) is None
    task.cancel()


async def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "MOST_BYTES", 50_000)
    cache, maker = Cache(Events(), HeldClock()), Maker(size=10_000)
    for number in range(10):
        await cache.made((f"/{number}", (), "en"), maker)
    there = [number for number in range(10) if cache.get((f"/{number}", (), "en")) is not None]
    assert there == [7, 8, 9]


async def test_who_leaves_does_not_spoil_it_for_the_others() -> None:
    cache, maker = Cache(Events(), HeldClock()), Maker()
    maker.gate.clear()
    leaving, staying = (asyncio.create_task(cache.made(KEY, maker)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    maker.gate.set()
    assert (await staying).body == b"1"


async def test_a_failure_is_everybodys_who_waits_and_is_tried_again() -> None:
    cache = Cache(Events(), HeldClock())

    async def fail() -> Answer:
        raise OSError("away")

    for problem in await asyncio.gather(*(cache.made(KEY, fail) for _ in range(2)), return_exceptions=True):
        assert isinstance(problem, OSError)
    assert (await cache.made(KEY, Maker())).body == b"1"
