"""One writer for many: what is put in without waiting is committed together, and acknowledged only then."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import structlog

from bot.measures import UNMEASURED, Measures
from storage.database.base import in_words
from storage.database.faults import ClosedError, is_the_databases

log = structlog.get_logger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")
Outcome = TypeVar("Outcome")

MOST_AT_ONCE = 2_000
"""Items in one transaction."""


# A plain tuple, as there is one for every vote: an item, and who waits for its result.
_Waiting: TypeAlias = tuple[Any, "asyncio.Future[Any]"]


class _Turn(NamedTuple):
    work: Callable[[], Awaitable[Any]]
    done: "asyncio.Future[Any]"


class GroupCommit(Generic[Item, Result]):
    """Takes items at any time; `run` is the one writer that commits them, a batch at a time, in their order.

    `commit` is given a batch and returns a result for each of its items, all or nothing. A batch that fails is halved
    until the bad item is alone, so none fails for its neighbours. Where the database is at fault, all of it fails; such
    an outage is two lines of the log, that it began, and that it ended and how many items it cost. Where nobody waits
    for results, what arrives within `gather` seconds of the first item shares its batch.
    """

    def __init__(
        self,
        what: str,
        commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        gather: float = 0.0,
        measures: Measures = UNMEASURED,
    ) -> None:
        self._measures = measures
        self._what = what
        self._commit = commit
        self._gather = gather
        self._queue: deque[_Waiting | _Turn] = deque()
        self._arrived = asyncio.Event()
        self._closed = False
        self._lost = 0
        self._finished = asyncio.Event()

    def put(self, item: Item) -> "asyncio.Future[Result]":
        """Queue an item, at once; the future has its result once it is committed, or the error instead.

        Raises ClosedError.
        """
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._put((item, done))
        return done

    async def in_turn(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do something by itself, after all that is queued so far and before what comes later. Raises ClosedError."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._put(_Turn(work, done))
        return await done

    def _put(self, waiting: _Waiting | _Turn) -> None:
        if self._closed:
            raise ClosedError
        self._queue.append(waiting)
        self._arrived.set()

    async def run(self) -> None:
        """Commit what arrives until closed; if cancelled, what is still queued fails."""
        try:
            while self._queue or not self._closed:
                await self._arrived.wait()
                self._arrived.clear()
                if self._gather and not self._closed:
                    await asyncio.sleep(self._gather)
                while self._queue:
                    await self._take()
        finally:
            self._closed = True
            for waiting in self._queue:
                _fail(waiting[1], ClosedError())
            self._finished.set()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is committed."""
        self._closed = True
        self._arrived.set()
        await self._finished.wait()

    async def _take(self) -> None:
        """Serve the items at the head of the queue together, or whose turn it is there."""
        first = self._queue[0]
        if isinstance(first, _Turn):
            await self._do(first)
            self._queue.popleft()
            return
        batch: list[_Waiting] = []
        for waiting in self._queue:
            if isinstance(waiting, _Turn) or len(batch) == MOST_AT_ONCE:
                break
            batch.append(waiting)
        await self._write(batch)
        for _ in batch:
            self._queue.popleft()

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        """Commit a batch and hand out its results; halve one that fails until the bad item is alone."""
        began = perf_counter()
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not is_the_databases(error):
                await self._write(batch[: len(batch) // 2])
                await self._write(batch[len(batch) // 2 :])
                return
            self._tell(error, len(batch))
            for _, done in batch:
                _fail(done, error)
            return
        self._measures.committed(self._what, len(batch), perf_counter() - began)
        self._written()
        for (_, done), result in zip(batch, results, strict=True):
            if not done.done():
                done.set_result(result)

    async def _do(self, turn: _Turn) -> None:
        try:
            outcome = await turn.work()
        except Exception as error:
            self._tell(error, 1)
            _fail(turn.done, error)
            return
        self._written()
        if not turn.done.done():
            turn.done.set_result(outcome)

    def _tell(self, error: Exception, items: int) -> None:
        """Log that items were not written; where the database is at fault, once until something is written again."""
        if not is_the_databases(error):
            log.error("write.failed", what=self._what, items=items, exc_info=error)
            return
        if not self._lost:
            log.error("write.failed", what=self._what, items=items, error=in_words(error))
        self._lost += items

    def _written(self) -> None:
        if self._lost:
            log.warning("write.recovered", what=self._what, failed=self._lost)
            self._lost = 0


def _fail(done: "asyncio.Future[Any]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
