"""Somebody who listens to a source of race control, and notes what it tells."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from bot.domain.race_control import Message
from bot.feeds.race_control.source import Line, LineState, MessagesSeen, Source, Update

Kind = TypeVar("Kind")


class Listener:
    """Whoever is told; `updates` is all so far, in order."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self._news = asyncio.Event()

    async def tell(self, update: Update) -> None:
        """Take an update."""
        self.updates.append(update)
        self._news.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so, which is looked at whenever there is an update."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The updates of one kind."""
        return [update for update in self.updates if isinstance(update, kind)]

    @property
    def messages(self) -> list[Message]:
        """Every message, of whichever session, in the order in which they were told."""
        return [message for seen in self.all(MessagesSeen) for message in seen.messages]

    @property
    def texts(self) -> list[str]:
        """What they say."""
        return [message.text for message in self.messages]

    @property
    def lines(self) -> list[tuple[str, Line]]:
        """What lines have been, each with its source."""
        return [(state.source, state.line) for state in self.all(LineState)]

    async def hears(self, *texts: str) -> None:
        """Wait until these have all been told."""
        await self.until(lambda: set(texts) <= set(self.texts))


@asynccontextmanager
async def listening(source: Source) -> AsyncIterator[Listener]:
    """Somebody listens to a source until the end of the block."""
    listener = Listener()
    run = asyncio.create_task(source.run(listener.tell))
    try:
        yield listener
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
