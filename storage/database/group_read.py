"""One reader for many: what is asked for in the same turn of the event loop is read together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupRead(Generic[Item, Result]):
    """Reads what many ask for at once by one read, which begins after all of them have asked.

    `read` is given what they asked for and returns a result for each, in the same order. Where it fails, it fails for
    all of them, and whoever asks later has a read of their own.
    """

    def __init__(self, read: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._read = read
        self._asked: list[Item] = []
        self._results: asyncio.Task[Sequence[Result]]

    async def get(self, item: Item) -> Result:
        """What is read of an item. Raises what `read` raises."""
        if not self._asked or self._results.done():  # the first of this turn, or of those whose read was cancelled
            self._asked = []
            # It begins with the next turn, and in nobody's name: what it logs is not about whoever asked first.
            self._results = asyncio.create_task(self._read_asked(), context=Context())
        place = len(self._asked)
        self._asked.append(item)
        # Whoever gives up leaves the others their read.
        return (await asyncio.shield(self._results))[place]

    async def _read_asked(self) -> Sequence[Result]:
        asked, self._asked = self._asked, []
        return await self._read(asked)
