"""Several writers of the same items, side by side: while one waits for the database, what another wrote is told."""

from asyncio import Barrier, Event, Future, gather
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.measures import UNMEASURED, Measures
from storage.database.group_commit import GroupCommit
from storage.database.losses import Losses

Item = TypeVar("Item")
Result = TypeVar("Result")
Outcome = TypeVar("Outcome")


class Writers(Generic[Item, Result]):
    """Shares items out over writers by a number that they have; those with the same number keep their order."""

    def __init__(
        self,
        what: str,
        commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        number: int,
        measures: Measures = UNMEASURED,
    ) -> None:
        """`commit` is what each of the `number` writers does with a batch, see `GroupCommit`; several do at once."""
        losses = Losses(what)
        self._writers = [GroupCommit(what, commit, measures=measures, losses=losses) for _ in range(number)]

    def put(self, item: Item, number: int) -> "Future[Result]":
        """Queue an item, at once; the future has its result once it is committed, or the error. Raises ClosedError."""
        return self._writers[number % len(self._writers)].put(item)

    async def in_turn(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do something by itself, after all that is queued so far and before what comes later. Raises ClosedError.

        The first writer does it once it is everybody's turn, for which the others wait, and then for it to be done.
        """
        everybody, ended = Barrier(len(self._writers)), Event()

        async def do() -> Outcome:
            await everybody.wait()
            try:
                return await work()
            finally:
                ended.set()

        async def wait() -> None:
            await everybody.wait()
            await ended.wait()

        first, *others = self._writers
        outcome, _waited = await gather(first.in_turn(do), gather(*(writer.in_turn(wait) for writer in others)))
        return outcome

    async def run(self) -> None:
        """Commit what arrives until closed; if cancelled, what is still queued fails."""
        try:
            await gather(*(writer.run() for writer in self._writers))
        finally:
            for writer in self._writers:  # one that was cancelled before it began has told nobody
                writer.stop()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is committed."""
        await gather(*(writer.close() for writer in self._writers))
