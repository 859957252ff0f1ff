"""Calls that answer an interaction, made again while that is worth something.

discord.py waits 1, 3, 5 … seconds by itself where Discord fails, which is longer than an acknowledgement has, and does
not make a call again whose connection was dropped. So a try ends here as soon as Discord is seen to fail, and the
pauses are ours.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar

import aiohttp
import discord

from bot.adapters.discord.errors import UNREADABLE, asked_to_wait
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock

ALREADY_ACKNOWLEDGED = 40060
"""Discord's code for an interaction that has its response."""

SHORTEST_TRY = 1.0
"""Seconds that a try has at least, however late it is."""

Said = TypeVar("Said")

Silenced: TypeAlias = Callable[[float], None]
"""Takes note that Discord wants no calls for so many seconds, from any process with our token."""


class ServerFailedError(discord.DiscordException):
    """Discord, or a proxy before it, failed by itself; `status` is the answer's, 500 or above."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord says {status}")
        self.status = status


class HasArrivedError(Exception):
    """An earlier try has arrived; only its answer was lost."""


LOST = (ServerFailedError, aiohttp.ClientError, OSError)
"""No answer came."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is made at most, within how many seconds, with which pauses, and after which failures."""

    tries: int
    seconds: float
    backoff: Backoff
    after: tuple[type[Exception], ...] = (*LOST, *UNREADABLE)


ACKNOWLEDGEMENT = Retry(tries=3, seconds=2.8, backoff=Backoff(0.2, 0.4))
"""Discord gives an interaction up 3 seconds after it was made; the rest of them is for its way to us."""

COMPLETION = Retry(tries=5, seconds=60.0, backoff=Backoff(1.0, 8.0))
"""Discord would take it for 15 minutes, but nobody looks at an unfinished answer for so long."""

NEW_MESSAGE = Retry(tries=3, seconds=60.0, backoff=Backoff(1.0, 8.0), after=LOST)
"""A second one is there for all to see, so it is sent again only where nothing at all was answered."""

ONCE = Retry(tries=1, seconds=60.0, backoff=Backoff(1.0, 8.0))
"""What Discord cannot tell from a second one is not made again before it is known what became of it."""


@dataclass(slots=True)
class _Try:
    """One try of a call: when it ends, and with which status Discord failed."""

    limit: asyncio.Timeout
    failed: int = 0


_TRY: ContextVar[_Try | None] = ContextVar("discord_try", default=None)


async def tried(call: Callable[[], Awaitable[Said]], retry: Retry, clock: Clock, since: float | None = None) -> Said:
    """What Discord says to a call.

    Its seconds count from `since` on, in the clock's monotonic time, or from now on. Raises HasArrivedError, or what
    the last try raised.
    """
    deadline = (clock.monotonic() if since is None else since) + retry.seconds
    failures = 0
    while True:
        try:
            return await _once(call, deadline - clock.monotonic())
        except Exception as error:
            if failures and getattr(error, "code", None) == ALREADY_ACKNOWLEDGED:
                raise HasArrivedError from error
            failures += 1
            pause = retry.backoff.after(failures)
            too_late = clock.monotonic() + pause >= deadline
            worth_it = isinstance(error, retry.after) or _turned_away(error)
            if not worth_it or failures == retry.tries or too_late:
                raise
        await clock.sleep(pause)


def _turned_away(error: Exception) -> bool:
    """Whether the proxy before Discord let no call through; discord.py waits by itself only where Discord asks to."""
    return isinstance(error, discord.HTTPException) and error.status == HTTPStatus.TOO_MANY_REQUESTS


async def _once(call: Callable[[], Awaitable[Said]], seconds: float) -> Said:
    this = _Try(asyncio.timeout(max(seconds, SHORTEST_TRY)))
    token = _TRY.set(this)
    try:
        async with this.limit:
            return await call()
    except discord.HTTPException as error:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerFailedError(error.status) from error
        raise
    except TimeoutError as error:
        if this.failed:
            raise ServerFailedError(this.failed) from error
        raise
    finally:
        _TRY.reset(token)


def failure_watch(silenced: Silenced) -> aiohttp.TraceConfig:
    """What ends a try at the sight of a failed server, and tells where Discord wants no calls at all for a while.

    A client is given it for all its requests.
    """

    async def hear_of_silence(
        _session: aiohttp.ClientSession, _context: Any, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        said = answer.response.headers
        if answer.response.status == HTTPStatus.TOO_MANY_REQUESTS and said.get("X-RateLimit-Global") == "true":
            silenced(asked_to_wait(said.get("Retry-After", "")))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_end_try_of_failed_server)
    trace.on_request_end.append(hear_of_silence)
    return trace


async def _end_try_of_failed_server(
    _session: aiohttp.ClientSession, _context: Any, answer: aiohttp.TraceRequestEndParams
) -> None:
    this = _TRY.get()
    if this is not None and answer.response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        this.failed = answer.response.status
        this.limit.reschedule(asyncio.get_running_loop().time())
