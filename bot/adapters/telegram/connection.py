"""The line to Telegram: connect, poll, hang up, and what its errors mean to the rest of the bot."""

import asyncio
import datetime as dt
import logging
import os
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from telegram import Bot, LinkPreviewOptions, Update
from telegram.constants import ParseMode, UpdateType
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, Defaults, ExtBot, TypeHandler

from bot.adapters.telegram.errors import meaning
from bot.adapters.telegram.http import AiohttpRequest
from bot.adapters.telegram.rate_limit import Pace, Sleep, seconds
from bot.chat.platform import (
    ChatGoneError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    TokenRefusedError,
    UnreachableError,
)

log = structlog.get_logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

AT_ONCE = 1024
"""Updates answered side by side; those that a busy group holds back must not hold up the others."""

CONNECTIONS = 256
"""Requests on their way at once."""

LONG_POLL = dt.timedelta(seconds=30)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries to reach Telegram, doubled from one to the other."""

GRACE = 4.0
"""Seconds that answers in flight have when the line is hung up."""

FAREWELL = 2.0
"""Seconds to tell Telegram then which updates have been taken."""

_UPDATES = (UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.INLINE_QUERY, UpdateType.CHOSEN_INLINE_RESULT)
_UNDELIVERED = (ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError, TimeoutError)


class Connection:
    """One bot's line to Telegram, by long polling; `run` opens it anew each time."""

    def __init__(
        self,
        token: str,
        api_url: str,
        greet: Callable[[Bot], Awaitable[None]],
        take: Callable[[Update], Coroutine[Any, Any, None]],
        sleep: Sleep,
        pace: Pace,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self._greet = greet
        self._take = take
        self._sleep = sleep
        self._pace = pace
        self._bot: ExtBot[float] | None = None
        self._offset = 0
        # The libraries' logs show the token in addresses, and people's words in what they could not parse.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
        # Unless told that durations are understood, the library warns each time that Telegram asks to wait.
        os.environ["PTB_TIMEDELTA"] = "true"

    @property
    def bot(self) -> ExtBot[float]:
        """The library's bot. Raises UnreachableError while there is no connection."""
        if self._bot is None:
            raise UnreachableError("Telegram is not connected")
        return self._bot

    async def run(self) -> None:
        """Greet, then take updates until cancelled. Raises TokenRefusedError, UnreachableError."""
        try:
            application = self._application()
            try:
                async with application:
                    await self._serve(application)
            finally:
                # What the library leaves open where its own start is cancelled.
                await application.bot.shutdown()
        except InvalidToken:
            raise TokenRefusedError("Telegram does not know this token: check TELEGRAM_BOT_TOKEN.") from None
        except TelegramError as error:
            raise UnreachableError(self.plainly(error)) from None

    @contextmanager
    def errors_translated(self) -> Iterator[None]:
        """Raise what the library's errors mean: the errors of `bot.chat.platform`."""
        try:
            yield
        except TelegramError as error:
            raise meaning(error, self.plainly(error)) from None

    def plainly(self, error: TelegramError) -> str:
        """What an error says, without the token, which the library's network errors may quote."""
        return error.message.replace(self._token, "…")

    def _application(self) -> App:
        application = (
            ApplicationBuilder()
            .token(self._token)
            .base_url(f"{self._api_url}/bot")
            .request(AiohttpRequest(CONNECTIONS))
            .get_updates_request(AiohttpRequest(1))
            .rate_limiter(self._pace)
            .defaults(Defaults(ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
            .concurrent_updates(AT_ONCE)
            .updater(None)
            .job_queue(None)
            .build()
        )
        application.add_handler(TypeHandler(Update, lambda update, _context: self._take(update)))
        application.add_error_handler(_log_failure)
        return application

    async def _serve(self, application: App) -> None:
        await self._greet(application.bot)
        await application.start()
        self._bot = application.bot
        log.info("telegram connected", bot=application.bot.id)
        try:
            await self._poll(application)
        finally:
            await self._hang_up(application)

    async def _poll(self, application: App) -> None:
        """Hand updates to the application, whatever happens to the connection. Raises InvalidToken."""
        pause = FIRST_PAUSE
        while True:
            try:
                updates = await application.bot.get_updates(self._offset, timeout=LONG_POLL, allowed_updates=_UPDATES)
            except InvalidToken:
                raise
            except RetryAfter as error:
                await self._sleep(seconds(error))
            except Conflict:
                log.warning("telegram is polled by another process with this token", retry_in=LONGEST_PAUSE)
                await self._sleep(LONGEST_PAUSE)
            except TelegramError as error:
                log.warning("telegram not reached", reason=self.plainly(error), retry_in=pause)
                await self._sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                for update in updates:
                    application.update_queue.put_nowait(update)
                    self._offset = update.update_id + 1

    async def _hang_up(self, application: App) -> None:
        """Let answers in flight end, and confirm what was taken, so that no restart takes it twice."""
        try:
            async with asyncio.timeout(GRACE):
                await application.stop()
        except TimeoutError:
            log.warning("telegram answers abandoned", after=GRACE)
        self._bot = None
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await application.bot.get_updates(self._offset, limit=1, timeout=0, allowed_updates=_UPDATES)


async def _log_failure(update: object, context: Any) -> None:
    update_id = update.update_id if isinstance(update, Update) else None
    if isinstance(context.error, _UNDELIVERED):
        log.warning("telegram answer not delivered", update=update_id, reason=repr(context.error))
    else:
        # Already as text: a renderer that shows what frames hold would show the token and people's words.
        trace = "".join(traceback.format_exception(context.error))
        log.error("telegram update failed", update=update_id, exception=trace)
