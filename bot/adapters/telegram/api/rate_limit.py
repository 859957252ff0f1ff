"""How fast we write to Telegram: within its limits, and not at all while it asks us to wait."""

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeAlias

from telegram.ext import BaseRateLimiter

from bot.adapters.telegram.api.errors import BusyError
from bot.adapters.telegram.api.http import TooManyRequestsError
from bot.chat.platform import SlowDownError
from bot.pacing.clock import Clock
from bot.pacing.pace import Pace
from bot.pacing.remembered import Remembered
from bot.pacing.window import Allowance

Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Result]]

A_SECOND = 28
"""Messages to all chats together; Telegram allows about 30."""

GROUP_BURST = 20
"""Messages that a group may be sent at once."""

GROUP_GAP = 3.0
"""Seconds to each one after these: Telegram allows a group or channel 20 messages a minute."""

A_GROUPS = Allowance(GROUP_BURST, GROUP_BURST * GROUP_GAP)
"""The same limit, as all processes keep it together."""

TOLD_AT = 3
"""Messages to a group that has not caught up with them, at which other processes are told."""

GROUPS = 5_000
"""Upper bound of groups whose pace is known at a time."""


class RateLimiter(BaseRateLimiter[float]):
    """Lets messages through at once as long as there are turns, the others in order.

    A call's `rate_limit_args` are the seconds that it may wait for its turn.
    After a 429 everything that goes to a chat is refused until its time is over, without a request. What answers a
    query goes to no chat: Telegram does not count it, and people wait for it.
    """

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._groups = _GroupPace(clock)

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    def wait(self, chat: int | None, leaving: int = 0) -> float:
        """Seconds that a message sent now would have to wait for its turn; None is a chat whose id we do not know.

        Where it is a group's and should be `leaving` it so many more at once, until that is so.
        """
        return max(self._pace.silence(), self._pace.wait(), self._groups.wait(chat, leaving))

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: float | None,
    ) -> Result:
        """Make a call when its turn has come. Raises SlowDownError, BusyError, and whatever the call raises."""
        if "chat_id" not in data and "inline_message_id" not in data:
            return await callback(*args, **kwargs)
        self._refuse_while_silent()
        if not endpoint.lower().startswith(("get", "delete")):  # a question is not counted, nor what takes away
            await self._turn(data.get("chat_id"), rate_limit_args)
            self._refuse_while_silent()
        try:
            return await callback(*args, **kwargs)
        except TooManyRequestsError as error:
            self._pace.fall_silent(error.seconds)
            raise

    async def _turn(self, chat: int | None, within: float | None) -> None:
        """Wait for a turn in the chat, and then for one among all. Raises BusyError where that takes too long."""
        wait = max(self._pace.wait(), self._groups.wait(chat))
        if within is not None and wait > within:
            raise BusyError(wait)
        if (turn := self._groups.take(chat)) > 0:
            await self._clock.sleep(turn)
        if chat is not None and (untold := self._groups.tell(chat)):
            self._groups.put_off(chat, await self._pace.sent(str(chat), A_GROUPS, untold))
        await self._pace.turn()

    def _refuse_while_silent(self) -> None:
        if (remaining := self._pace.silence()) > 0:
            raise SlowDownError(remaining)


class _Debt(NamedTuple):
    caught_up: float
    """When a group will have caught up with its messages, in seconds of the clock."""

    untold: int
    """Messages that other processes were not told of."""


class _GroupPace:
    """How far each group is behind its messages: a leaky bucket."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._debts: Remembered[int, _Debt] = Remembered(GROUPS)

    def wait(self, chat: int | None, leaving: int = 0) -> float:
        """Seconds until a chat has a turn, and so many more; private chats, whose ids are positive, need not wait."""
        if chat is None or chat > 0:
            return 0.0
        now = self._clock.monotonic()
        return max(0.0, self._debt(chat, now).caught_up - now - (GROUP_BURST - 1 - leaving) * GROUP_GAP)

    def take(self, chat: int | None) -> float:
        """Take a chat's next turn, and return the seconds until then."""
        wait = self.wait(chat)
        if chat is not None and chat < 0:
            debt = self._debt(chat, self._clock.monotonic())
            self._debts[chat] = _Debt(debt.caught_up + GROUP_GAP, debt.untold + 1)
        return wait

    def tell(self, chat: int) -> int:
        """Messages to a group that other processes are to be told of now, and count as told; 0 where they are few."""
        debt = self._debts.get(chat)
        if debt is None or debt.untold < TOLD_AT:
            return 0
        self._debts[chat] = _Debt(debt.caught_up, 0)
        return debt.untold

    def put_off(self, chat: int, seconds: float) -> None:
        """Give a group no turn for so many seconds."""
        if seconds > 0:
            now = self._clock.monotonic()
            debt = self._debt(chat, now)
            behind = now + seconds + (GROUP_BURST - 1) * GROUP_GAP
            self._debts[chat] = _Debt(max(debt.caught_up, behind), debt.untold)

    def _debt(self, chat: int, now: float) -> _Debt:
        debt = self._debts.get(chat)
        return _Debt(now, 0) if debt is None or debt.caught_up <= now else debt
