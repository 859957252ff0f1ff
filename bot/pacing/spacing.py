"""How fast messages go out to a platform."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from bot.domain.places import Chat

REMEMBERED = 5_000
"""Chats whose last message is known at a time."""


class Spacing:
    """Gives out turns, evenly spaced; `a_second` at most, where there is a limit, and one in `chat_gap` for a chat."""

    def __init__(
        self,
        a_second: float | None = None,
        chat_gap: float = 0.0,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._each = 1 / a_second if a_second else 0.0
        self._chat_gap = chat_gap
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._closed_until = 0.0
        self._chats: dict[Chat, float] = {}

    async def wait(self) -> None:
        """Wait until one more message may go out; a pause that comes meanwhile gives everybody who waits a new turn."""
        at = self._take()
        while (wait := at - self._clock()) > 0:
            await self._sleep(wait)
            if at < self._closed_until:
                at = self._take()

    def _take(self) -> float:
        """When the next turn is that nobody has."""
        at = max(self._clock(), self._next, self._closed_until)
        self._next = at + self._each
        return at

    async def wait_for_chat(self, chat: Chat) -> None:
        """Wait until a chat may be sent one more."""
        if not self._chat_gap:
            return
        now = self._clock()
        at = max(now, self._chats.get(chat, now))
        self._chats[chat] = at + self._chat_gap
        if len(self._chats) > REMEMBERED:
            self._chats = {each: moment for each, moment in self._chats.items() if moment > now}
        if at > now:
            await self._sleep(at - now)

    def pause(self, seconds: float) -> None:
        """Give out no turn for a while."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)
