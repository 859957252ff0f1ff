"""A server of pages in a process of its own, for the benchmark of pages: `python -m benchmarks.page_server MODE`.

It prints its port, then what it measured, a JSON document a line.
"""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import structlog
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app.compose import open_core
from bot.app.lifecycle import spare_the_collector
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat import requests
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.places import Chat, Platform, User
from bot.events import PollMoved
from bot.search.catalogue import Incidents
from bot.serving import serving
from storage.tables import metadata

INCIDENT = "imola-2021"
GROUP = Chat(Platform.TELEGRAM, "-1001")
A_SECOND = 500
"""Votes a second while pages are open."""

LASTING = 6.0
"""Seconds for which votes come, each time."""

UNHURRIED = Throttle(person=NO_LIMIT, commands=NO_LIMIT, presses=NO_LIMIT)


class Errors(logging.Handler):
    """Counts what is logged as an error, by whichever library."""

    number = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line."""
        self.number += record.levelno >= logging.ERROR


async def rows(opened: Core) -> int:
    """How many rows there are in all tables."""
    counted = [select(func.count()).select_from(table) for table in metadata.sorted_tables]
    return await opened.parts.stored.database.read(
        lambda connection: sum(connection.scalar(each) or 0 for each in counted)
    )


def say(**said: object) -> None:
    """Tell the benchmark something."""
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()


def megabytes() -> float:
    """What this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@asynccontextmanager
async def core() -> AsyncIterator[Core]:
    """The bot without its platforms, on a database of its own."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), jolpica_url=None, f1db_url=None)
        async with open_core(settings, Incidents.load(), limits=UNHURRIED) as opened:
            yield opened


@asynccontextmanager
async def pages(opened: Core) -> AsyncIterator[ASGIApp]:
    """The site beside a bot, without limits for anybody."""
    from bot.web.addresses import Addresses  # noqa: PLC0415 - what they weigh is measured
    from bot.web.app import Limits, Pages  # noqa: PLC0415
    from bot.web.site import Site  # noqa: PLC0415

    parts = opened.parts
    site = Site(
        *(parts.incidents, parts.stored.polls, parts.stored.database, parts.painter, parts.events, parts.clock),
        Addresses("http://127.0.0.1"),
        list,
    )
    made = Pages(site, Limits(None, None))
    running = asyncio.create_task(made.run())
    yield made.app
    running.cancel()


def moved_each_time(app: ASGIApp, opened: Core) -> ASGIApp:
    """The same site, on which a vote has been counted before each request."""

    async def cold(scope: Scope, receive: Receive, send: Send) -> None:
        opened.parts.events.publish(PollMoved(INCIDENT))
        await asyncio.sleep(0)
        await app(scope, receive, send)

    return cold


def constant(size: int) -> ASGIApp:
    """A page of so many bytes that never changes, as starlette serves it."""
    body = b"x" * size

    async def answer(_: Request) -> Response:
        return Response(body, media_type="text/html")

    return Starlette(routes=[Route(f"/{INCIDENT}", answer)])


async def serve(app: ASGIApp) -> None:
    """Serve until standard input ends."""
    spare_the_collector()
    async with serving(app, "127.0.0.1", 0) as port:
        say(port=port)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def voting(opened: Core) -> float:
    """Seconds until a vote is acknowledged, in the middle, of votes that come in an even stream."""
    latencies: list[float] = []

    async def vote(number: int) -> None:
        user = User(Platform.TELEGRAM, str(number))
        pressed = perf_counter()
        await opened.dispatcher.dispatch(requests.Request("vote", f"{INCIDENT} mostly-russell", user, GROUP))
        latencies.append(perf_counter() - pressed)

    began, numbers = perf_counter(), count(int(perf_counter() * 1e6))
    async with asyncio.TaskGroup() as group:
        pressed = 0
        while (passed := perf_counter() - began) < LASTING:
            while pressed < passed * A_SECOND:
                group.create_task(vote(next(numbers)))
                pressed += 1
            await asyncio.sleep(0.002)
    return median(latencies)


async def busy(opened: Core, app: ASGIApp, wait: Callable[[], Awaitable[object]]) -> None:
    """Measure votes without pages, then with all that the benchmark opens in between; again and again."""
    spare_the_collector()
    async with serving(app, "127.0.0.1", 0) as port:
        say(port=port)
        while await wait():
            say(median=await voting(opened))


async def main(mode: str, size: int) -> None:
    """Be the server that a mode names."""
    if mode == "constant":
        await serve(constant(size))
        return
    async with core() as opened:
        before = megabytes()
        async with pages(opened) as app:
            if mode == "busy":
                loop = asyncio.get_running_loop()
                await busy(opened, app, lambda: loop.run_in_executor(None, sys.stdin.readline))
                return
            errors = Errors()
            logging.getLogger().addHandler(errors)
            stored = await rows(opened)
            await serve(moved_each_time(app, opened) if mode == "cold" else app)
            say(megabytes=megabytes() - before, errors=errors.number, changed=abs(await rows(opened) - stored))


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))  # noqa: PLR2004
