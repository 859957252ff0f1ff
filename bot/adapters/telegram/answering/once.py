"""Which updates may be answered by a message: Telegram delivers one again where it was not told that it was taken.

To change a message, to show a toast and to acknowledge a vote does no harm twice, so all that may come again. A new
message may not. It is outside of the database, so that it is begun is committed first; where the process dies before
Telegram has it, it is lost, and whoever asked for it asks again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bot.domain.places import Platform


class Answered(Protocol):
    """What remembers, over restarts, which updates have been answered by a message."""

    async def begin_answer(self, platform: str, update: str) -> bool:
        """Whether a message may be sent as an update's answer: from now on none may."""


class Once:
    """Lets each update be answered so by whoever answered it first: by another message where Telegram refuses one."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._begun: set[str] = set()

    @contextmanager
    def answering(self, update: str) -> Iterator[None]:
        """While this lasts, an update is being answered; it is not taken a second time meanwhile."""
        try:
            yield
        finally:
            self._begun.discard(update)

    async def may_answer(self, update: str) -> bool:
        """Whether an update may be answered by a message, here and now."""
        if update in self._begun:
            return True
        is_new = await self._answered.begin_answer(Platform.TELEGRAM, update)
        if is_new:
            self._begun.add(update)
        return is_new
