"""A Bot API in a process of its own, so that what it costs is not counted as the bot's."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from tests.adapters.telegram.bot_api import BotApi, Json

PATIENCE = 60.0
"""Seconds after which a bot that does not answer is given up."""

BREATH = 1.0
"""Seconds between two waves."""


@dataclass(frozen=True, slots=True)
class Rush:
    """Updates that arrive in waves, the next one a second after all of the last is answered, by the method `answer`.

    Where votes are cast, the rush ends once some message has `shown` all of them, in these words.
    """

    waves: Sequence[Sequence[Json]]
    answer: str
    shown: str | None = None

    @property
    def updates(self) -> int:
        """How many there are in all."""
        return sum(map(len, self.waves))


class Loopback:
    """A server that is running. What it tells is waited for in turn; raises TimeoutError where the bot is too slow."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url: str = self._told()

    async def begun(self) -> None:
        """The bot is given the first updates."""
        await asyncio.to_thread(self._told)

    async def answered(self) -> float:
        """Every update has been answered; the seconds that took."""
        seconds: float = await asyncio.to_thread(self._told)
        return seconds

    async def edited(self) -> int:
        """The rush is over; how often a message was edited in it."""
        edits: int = await asyncio.to_thread(self._told)
        return edits

    def _told(self) -> Any:
        if not self._pipe.poll(PATIENCE):
            raise TimeoutError("the bot does not answer")
        return self._pipe.recv()


@contextmanager
def loopback(rush: Rush) -> Iterator[Loopback]:
    """A server where the rush begins as soon as a bot asks for updates."""
    context = get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, rush), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Loopback(ours)
    finally:
        ours.close()
        process.terminate()
        process.join()
        process.close()


def _run(pipe: Connection, rush: Rush) -> None:
    asyncio.run(_serve(pipe, rush))


async def _serve(pipe: Connection, rush: Rush) -> None:
    async with BotApi() as api:
        pipe.send(api.url)
        await api.polled()
        pipe.send(None)
        pipe.send(await _answered(api, rush))
        pipe.send(await _edited(api, rush.shown))
        await asyncio.Event().wait()


async def _answered(api: BotApi, rush: Rush) -> float:
    """The seconds from the arrival of each wave to its last answer, added up."""
    seconds, arrived = 0.0, 0
    for wave in rush.waves:
        started = perf_counter()
        arrived += len(wave)
        await api.push(*wave)
        await api.called(rush.answer, arrived)
        seconds += perf_counter() - started
        if arrived < rush.updates:
            await asyncio.sleep(BREATH)
    return seconds


async def _edited(api: BotApi, shown: str | None) -> int:
    """How often messages were edited until one of them shows every vote."""
    edits = api.given("editMessageText")
    while shown and not any(shown in edit["text"] for edit in edits):
        edits = await api.called("editMessageText", len(edits) + 1)
    return len(edits)
