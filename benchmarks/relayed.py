"""A vote that one process takes moves another process's message: how long that takes beyond the rhythm of edits.

Both have the same PostgreSQL database: this one takes the votes, the other one shows the polls. A message is edited
every three seconds at most, so what counts is the time after these.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import monotonic

from benchmarks.figure import Figure
from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Chat, Platform, Post, User
from bot.domain.polls import Poll
from bot.jobs.polls.rounds import PAUSE
from bot.search.catalogue import Incidents
from tests.support import postgresql
from tests.support.platform_double import PlatformDouble

POLLS, ROUNDS = 30, 8
"""Polls that are voted on side by side, and how often in each."""

HERE = Chat(Platform.TELEGRAM, "-1")
UNHURRIED = Throttle(person=NO_LIMIT, commands=NO_LIMIT, presses=NO_LIMIT)


def figures() -> list[Figure]:
    """The slowest hundredth, in seconds after a message might have been edited; none where there is no PostgreSQL."""
    programs = postgresql.programs()
    if programs is None:
        return []
    with postgresql.server(programs) as address, TemporaryDirectory() as folder:
        late = asyncio.run(_measured(Settings(data_dir=Path(folder), jolpica_url=None, f1db_url=None), address))
    slowest = quantiles(late, n=100)[-1]
    return [Figure.at_most("another process's message moved, the slowest hundredth beyond its rhythm", slowest, "s", 1)]


async def _measured(settings: Settings, address: str) -> list[float]:
    """By how much each vote was shown later than the message's rhythm allows, in seconds."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgresql.new_database(address))
        shared = replace(settings, database_url=database)
        catalogue = Incidents.load()
        voters = await stack.enter_async_context(open_core(shared, catalogue, limits=UNHURRIED))
        shown = Shown(stack.enter_context(_another_process(shared)))
        await shown.heard()
        async with asyncio.TaskGroup() as group:
            hearing = group.create_task(shown.run())
            voting = [group.create_task(_vote(voters, shown, poll)) for poll in _polled(voters)]
            late = [each for votes in await asyncio.gather(*voting) for each in votes]
            hearing.cancel()
        return late


async def _vote(core: Core, shown: "Shown", poll: Poll) -> list[float]:
    """Vote in a poll now and then; how late each vote was shown."""
    random, late, incident = Random(poll.id), list[float](), poll.incident_id
    for number in range(1, ROUNDS + 1):
        await asyncio.sleep(random.uniform(0, PAUSE))
        user = User(Platform.TELEGRAM, f"{number}")
        await core.dispatcher.dispatch(Request("vote", f"{incident} {poll.choices[0].key}", user, HERE))
        counted = monotonic()
        late.append(max(0.0, await shown.moment(incident, number) - counted - PAUSE))
    return late


class Shown:
    """What messages of the other process show by now, and since when; clocks are the machine's, alike for both."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._moments: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._news = asyncio.Condition()

    async def heard(self) -> tuple[str, int, float]:
        """The next that is told: an incident, its votes, and since when a message shows them."""
        told: tuple[str, int, float] = await asyncio.to_thread(self._pipe.recv)
        return told

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            incident, votes, moment = await self.heard()
            self._moments[incident].setdefault(votes, moment)
            async with self._news:
                self._news.notify_all()

    async def moment(self, incident: str, votes: int) -> float:
        """When a message showed so many votes first; waits for it."""
        moments = self._moments[incident]
        async with self._news:
            await self._news.wait_for(lambda: votes in moments)
        return moments[votes]


def _polled(core: Core) -> list[Poll]:
    """The polls that are voted in; not every incident has one."""
    return [*filter(None, (core.stored.polls.get(each.id) for each in core.parts.incidents))][:POLLS]


@contextmanager
def _another_process(settings: Settings) -> Iterator[Connection]:
    """A bot on the same database that shows the polls, and tells what its messages are changed to."""
    context = get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, settings), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _run(pipe: Connection, settings: Settings) -> None:
    asyncio.run(_show(pipe, settings))


async def _show(pipe: Connection, settings: Settings) -> None:
    catalogue = Incidents.load()
    async with open_core(settings, catalogue, limits=UNHURRIED) as core:
        core.join(_Telling(pipe))
        for number, poll in enumerate(_polled(core), start=100):
            asked = Request(
                "blame", poll.incident_id, User(Platform.TELEGRAM, "1"), Chat(Platform.TELEGRAM, f"-{number}")
            )
            reply = await core.dispatcher.dispatch(asked)
            assert reply
            core.posted(Post(asked.chat, "1"), reply)
        pipe.send(("", 0, 0.0))
        await asyncio.Event().wait()


class _Telling(PlatformDouble):
    """Tells what a message shows as soon as it does."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe = pipe

    async def edit(self, _post: Post, reply: Reply) -> None:
        """Take a change."""
        assert reply.poll
        self._pipe.send((reply.poll, max(votes.cast for votes in reply.card.votes), monotonic()))
