"""How fast we write to Telegram: within its limits, and not at all while it asks us to wait."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

from telegram.error import RetryAfter, TimedOut
from telegram.ext import AIORateLimiter, BaseRateLimiter

from bot.pacing.window import Allowance, RateWindow

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Result]]

A_SECOND = 28
"""Messages to all chats together; Telegram allows about 30."""


class Pace(BaseRateLimiter[float]):
    """Lets messages through at once as long as there are turns, the others in order.

    A call's `rate_limit_args` are the seconds that it may wait for its turn.
    After a RetryAfter everything that goes to a chat is refused until its time is over, without a request. What answers
    a query goes to no chat: Telegram does not count it, and people wait for it.
    """

    def __init__(self, clock: Clock, sleep: Sleep, a_second: int = A_SECOND) -> None:
        self._clock = clock
        self._silent_until = clock()
        # Not its limit for all chats too: after a silence that lets twice as many through in a second.
        self._groups = AIORateLimiter(overall_max_rate=0)
        self._window = RateWindow(Allowance(a_second, seconds=1), clock=clock, sleep=sleep)

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: float | None,
    ) -> Result:
        """Make a call when its turn has come. Raises RetryAfter, TimedOut, and whatever the call raises."""
        if "chat_id" not in data and "inline_message_id" not in data:
            return await callback(*args, **kwargs)
        self._refuse_while_silent()
        if endpoint.startswith("get"):  # a question; only messages are counted
            return await self._call(callback, args, kwargs)
        try:
            async with asyncio.timeout(rate_limit_args) as waiting:

                async def in_turn() -> Result:
                    await self._window.enter()
                    waiting.reschedule(None)
                    self._refuse_while_silent()
                    return await self._call(callback, args, kwargs)

                return await self._groups.process_request(in_turn, (), {}, endpoint, data, None)
        except TimeoutError:
            raise TimedOut("the chat has had too many messages to take this one soon") from None

    def _refuse_while_silent(self) -> None:
        remaining = self._silent_until - self._clock()
        if remaining > 0:
            raise RetryAfter(dt.timedelta(seconds=remaining))

    async def _call(self, callback: Call, args: Any, kwargs: dict[str, Any]) -> Result:
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._silent_until = max(self._silent_until, self._clock() + seconds(error))
            raise


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else wait
