"""What has to be told within seconds: the answers to presses, to inline queries, and to who calls us as a guest."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.adapters.telegram.api.errors import QueryGoneError
from bot.adapters.telegram.api.parameters import Json
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.lost import UNDELIVERED
from bot.adapters.telegram.retry import patiently
from bot.pacing.clock import Clock

QUERY_PATIENCE = 10.0
"""Seconds for which the answer to a press or an inline query is tried: Telegram forgets them soon."""

OFFERS_KEPT = 10
"""Seconds for which Telegram may show the same inline results again; the tallies in them move."""

Outcome = TypeVar("Outcome")


class Queries:
    """Answers queries, or goes on where one cannot be answered: what follows from it matters more."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def answer_press(self, query: str, toast: str) -> None:
        """Let a button rest, with a toast if there is something to say."""
        await self._answered(lambda: self._connection.api.answer_press(query, toast))

    async def answer_inline(self, query: str, results: Sequence[Json]) -> None:
        """Show an inline query's results."""
        await self._answered(lambda: self._connection.api.answer_inline(query, results, OFFERS_KEPT))

    async def answer_guest(self, query: str, result: Json) -> str | None:
        """Answer who called us where we are no member: the id of the inline message, None where it was not posted."""
        return await self._answered(lambda: self._connection.api.answer_guest(query, result))

    async def _answered(self, call: Callable[[], Awaitable[Outcome]]) -> Outcome | None:
        try:
            return await patiently(call, self._clock, QUERY_PATIENCE)
        except QueryGoneError:
            pass  # somebody was too late; there is nothing to be done
        except UNDELIVERED as error:
            self._connection.lost.query(error)
        return None
