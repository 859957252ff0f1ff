"""The line to Telegram: connect, take updates side by side, hang up."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn, Protocol

import structlog

from bot.adapters.telegram.addresses import Addresses
from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.errors import UnauthorizedError
from bot.adapters.telegram.api.rate_limit import RateLimiter
from bot.adapters.telegram.api.shapes import Me
from bot.adapters.telegram.lost import UNDELIVERED, LostAnswers
from bot.adapters.telegram.polling import Outage, Polling
from bot.adapters.telegram.updates import Update
from bot.chat.platform import SlowDownError, UnreachableError
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 1024
"""Upper bound of updates in hand; those that a busy group holds back must not hold up the others."""

GRACE = 2.0
"""Seconds that answers in flight have when the line is hung up."""

FAREWELL = 0.6
"""Seconds to tell Telegram then which updates have been taken; the bot does not wait much longer for both."""

Take = Callable[[Update], Awaitable[None]]
"""Answers an update."""


class Updates(Protocol):
    """A way in which updates come."""

    async def run(self, api: Api, hand_on: Take, /) -> NoReturn:
        """Hand on updates, each in turn, until cancelled."""

    async def confirm(self, api: Api, /) -> None:
        """Tell Telegram what was taken."""


class _NoUpdates:
    """No updates come: they are another process's."""

    async def run(self, _api: Api, _hand_on: Take) -> NoReturn:
        """Wait until cancelled."""
        while True:
            await asyncio.Event().wait()

    async def confirm(self, _api: Api) -> None:
        """Nothing was taken."""


class Connection:
    """One bot's line to Telegram; `run` opens it anew each time. Updates come in by long polling, or by a webhook."""

    def __init__(self, token: str, addresses: Addresses, clock: Clock, rate_limiter: RateLimiter) -> None:
        self._token = token
        self._api_url = addresses.api
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._updates: Updates = Polling(clock) if addresses.takes_updates else _NoUpdates()
        if addresses.takes_updates and addresses.hook is not None:
            from bot.adapters.telegram.webhook import Webhook  # noqa: PLC0415 - a server is loaded where one is needed

            self._updates = Webhook(addresses.hook, token, clock)
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._line: tuple[Api, Me] | None = None
        self.lost = LostAnswers(clock)
        """What Telegram does not take of our answers."""

    @property
    def api(self) -> Api:
        """The Bot API. Raises UnreachableError while there is no connection."""
        return self._connected()[0]

    @property
    def me(self) -> Me:
        """Who we are. Raises UnreachableError while there is no connection."""
        return self._connected()[1]

    def wait(self, chat: int | None, leaving: int = 0) -> float:
        """Seconds that a message to a chat would have to wait now, `leaving` a group so many more at once.

        None is a chat whose id we do not know.
        """
        return self._rate_limiter.wait(chat, leaving)

    async def run(self, greet: Callable[[Api, Me], Awaitable[None]], take: Take) -> None:
        """Greet, then let updates be taken until cancelled, side by side.

        Raises TokenRefusedError, UnreachableError, SlowDownError.
        """
        async with Api(self._token, self._api_url, self._rate_limiter) as api:
            me = await self._introduced(api)
            await greet(api, me)
            self._line = api, me
            log.info("telegram.connected", bot=me.id)
            try:
                await self._updates.run(api, lambda update: self._begin(update, take))
            finally:
                await self._hang_up(api)

    def _connected(self) -> tuple[Api, Me]:
        if self._line is None:
            raise UnreachableError("Telegram is not connected")
        return self._line

    async def _introduced(self, api: Api) -> Me:
        outage = Outage()
        while True:
            try:
                return await api.me()
            except UnauthorizedError as error:
                await self._clock.sleep(outage.pause(error))

    async def _begin(self, update: Update, take: Take) -> None:
        """Begin to answer an update, once there is room for one more."""
        await self._room.acquire()
        task = asyncio.create_task(self._answer(update, take))
        self._in_hand.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._room.release()

    async def _hang_up(self, api: Api) -> None:
        """Let answers in flight end, and confirm what was taken, so that no restart takes it twice."""
        if self._in_hand:
            _ended, late = await asyncio.wait(self._in_hand, timeout=GRACE)
            if late:
                log.warning("telegram.answers_abandoned", answers=len(late), after=GRACE)
                for task in late:
                    task.cancel()
                await asyncio.wait(late)
        self._line = None
        with suppress(UnreachableError, SlowDownError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._updates.confirm(api)

    async def _answer(self, update: Update, take: Take) -> None:
        try:
            await take(update)
        except UNDELIVERED as error:
            self.lost.message(update, error)
        except Exception as error:
            # Already as text: a renderer that shows what frames hold would show the token and people's words.
            trace = "".join(traceback.format_exception(error))
            log.error("telegram.update_failed", update=update.id, exception=trace)  # noqa: TRY400
        else:
            self.lost.look()
