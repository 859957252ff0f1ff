"""What monitoring asks over HTTP: whether the bot is alive, whether it can work, and how it does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TypeVar

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.monitoring.metrics import CountedLog, Metrics
from bot.app.roles import ALL, Role, Roles, spoken
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.serving import serving
from storage.database.base import Reader, reason
from storage.database.faults import ClosedError
from storage.vital_signs import answers, takes_votes, vital_signs

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

PATIENCE = 5.0
"""Seconds after which a database that does not answer counts as out of reach."""

SILENT = "the database does not answer"

LOOKED_AT_EVERY = 1.0
"""Seconds between two looks at how late the event loop is."""


class Monitoring:
    """Answers `/healthz`, `/readyz` and `/metrics`, and watches the event loop meanwhile."""

    def __init__(self, clock: Clock, stopping: Callable[[], bool], roles: Roles = ALL) -> None:
        """`stopping` says whether the bot is on its way out, and should be sent nothing more."""
        self.metrics = Metrics(roles)
        self.reader: Reader | None = None
        """What is stored; None while it is being opened, and perhaps brought up to date."""

        self._clock = clock
        self._stopping = stopping
        self._roles = spoken(roles)
        self._writes = roles != {Role.WEB}
        self._outages = Outages[str]()
        self.app = Starlette(
            routes=[
                Route("/healthz", self._alive),
                Route("/readyz", self._ready),
                Route("/metrics", self._measured),
            ]
        )

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncIterator[int]:
        """Answer at an address while this lasts; the port. Raises CannotListenError."""
        counted, root = CountedLog(self.metrics), logging.getLogger()
        async with serving(self.app, host, port) as at:
            watching = asyncio.create_task(self._watch_the_loop())
            root.addHandler(counted)
            try:
                yield at
            finally:
                root.removeHandler(counted)
                watching.cancel()

    async def _watch_the_loop(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        while True:
            began = self._clock.monotonic()
            await self._clock.sleep(LOOKED_AT_EVERY)
            self.metrics.late(max(0.0, self._clock.monotonic() - began - LOOKED_AT_EVERY))

    async def _alive(self, _: Request) -> Response:
        """200 as long as the event loop gets round to it."""
        return PlainTextResponse(f"alive as {self._roles}\n")

    async def _ready(self, _: Request) -> Response:
        """200 where the bot can do its work, 503 with the reason where it cannot."""
        why = await self._cannot_work()
        if why is not None:
            return PlainTextResponse(f"{why}\n", HTTPStatus.SERVICE_UNAVAILABLE)
        return PlainTextResponse(f"ready as {self._roles}\n")

    async def _cannot_work(self) -> str | None:
        """Why the bot cannot do its work: it starts or stops, or the database is out of reach; None where it can.

        Nor can it where a server takes nothing new, unless it only serves pages: Telegram keeps votes for a day, which
        nobody could count.
        """
        if self.reader is None:
            return "starting"
        if self._stopping():
            return "stopping"
        can_work = await self._asked(takes_votes if self._writes else answers)
        if can_work is None:
            return SILENT
        if can_work:
            self._outages.ends("writing")
            return None
        if self._outages.begins("writing"):
            log.warning("monitoring.database_read_only")
        return "the database takes nothing new"

    async def _measured(self, _: Request) -> Response:
        """What is measured; what is stored is as of the last time that the database answered.

        Who serves pages alone may read nothing of it; whoever else shares the database tells it.
        """
        why = await self._cannot_work()
        self.metrics.can_work(why is None)
        signs = await self._asked(vital_signs) if self._writes and why != SILENT else None
        if signs is not None:
            self.metrics.stored(signs, self._clock.now().timestamp())
        return Response(self.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    async def _asked(self, question: Callable[[Reader], Awaitable[Answer]]) -> Answer | None:
        """What the database answers; None where it does not."""
        if self.reader is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await question(self.reader)
        except ClosedError:
            return None
        except Exception as error:
            if self._outages.begins("database"):
                log.warning("monitoring.database_silent", reason=reason(error))
            return None
        self._outages.ends("database")
        return answer
