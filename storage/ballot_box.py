"""Votes are dropped in without waiting, committed together by one writer, and acknowledged only then."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.chats import Chats, polling_place
from storage.database import Database
from storage.votes import Ballot, Cast, Receipt, Votes

__all__ = ["Ballot", "BallotBox", "BallotBoxClosedError", "Receipt"]

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 2_000
"""Ballots in one transaction."""


class BallotBoxClosedError(Exception):
    """The ballot box takes nothing any more: the bot is shutting down."""


class _Casting(NamedTuple):
    cast: Cast
    done: "asyncio.Future[Receipt]"


class _Forgetting(NamedTuple):
    voter: int
    done: "asyncio.Future[int]"


class BallotBox:
    """Takes ballots at any time; `run` is the one writer that counts them."""

    def __init__(self, database: Database, chats: Chats, now: Callable[[], int] = lambda: int(time.time())) -> None:
        self._database = database
        self._chats = chats
        self._votes = Votes(database)
        self._now = now
        self._queue: deque[_Casting | _Forgetting] = deque()
        self._arrived = asyncio.Event()
        self._closed = False
        self._finished = asyncio.Event()

    def cast(self, ballot: Ballot) -> "asyncio.Future[Receipt]":
        """Queue a ballot, at once; the receipt comes when the vote is on disk, or whatever kept it from there.

        Raises ValueError for a choice that the poll does not offer, and BallotBoxClosedError.
        """
        if ballot.poll.offered(ballot.choice.id) is not ballot.choice:
            raise ValueError(f"{ballot.poll.incident_id} does not offer {ballot.choice.key}")
        done: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._put(_Casting(Cast(ballot, self._now()), done))
        return done

    async def forget(self, voter: int) -> int:
        """Delete a voter's votes, those still queued included; how many there were."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._put(_Forgetting(voter, done))
        return await done

    def _put(self, item: _Casting | _Forgetting) -> None:
        if self._closed:
            raise BallotBoxClosedError
        self._queue.append(item)
        self._arrived.set()

    async def run(self) -> None:
        """Count what arrives until the box is closed; if cancelled, what is still queued fails."""
        try:
            while self._queue or not self._closed:
                await self._arrived.wait()
                self._arrived.clear()
                while self._queue:
                    await self._take()
        finally:
            self._closed = True
            for item in self._queue:
                _fail(item.done, BallotBoxClosedError())
            self._finished.set()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is committed."""
        self._closed = True
        self._arrived.set()
        await self._finished.wait()

    async def _take(self) -> None:
        """Serve the ballots at the head of the queue together, or the one wish to be forgotten there."""
        first = self._queue[0]
        if isinstance(first, _Forgetting):
            await self._forget(first)
            self._queue.popleft()
            return
        batch: list[_Casting] = []
        for item in self._queue:
            if not isinstance(item, _Casting) or len(batch) == MOST_AT_ONCE:
                break
            batch.append(item)
        await self._count(batch)
        for _ in batch:
            self._queue.popleft()

    async def _count(self, batch: Sequence[_Casting]) -> None:
        """Commit a batch and hand out its receipts; halve one that fails until the bad ballot is alone."""
        casts = [casting.cast for casting in batch]
        try:
            ids = await self._chats.ids(polling_place(ballot.chat) for ballot, _ in casts)
            receipts = await self._database.write(lambda connection: self._votes.count(connection, casts, ids))
        except Exception as error:
            if len(batch) > 1 and not _is_the_databases(error):
                await self._count(batch[: len(batch) // 2])
                await self._count(batch[len(batch) // 2 :])
                return
            log.exception("votes not counted", ballots=len(batch))
            for casting in batch:
                _fail(casting.done, error)
            return
        for casting, receipt in zip(batch, receipts, strict=True):
            if not casting.done.done():
                casting.done.set_result(receipt)

    async def _forget(self, forgetting: _Forgetting) -> None:
        try:
            gone = await self._database.write(lambda connection: self._votes.forget(connection, forgetting.voter))
        except Exception as error:
            log.exception("voter not forgotten")
            _fail(forgetting.done, error)
            return
        if not forgetting.done.done():
            forgetting.done.set_result(gone)


def _fail(done: "asyncio.Future[Receipt] | asyncio.Future[int]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)


def _is_the_databases(error: Exception) -> bool:
    """Whether the database is at fault (full, locked, gone), so that no ballot would fare better by itself."""
    return isinstance(error, OperationalError | InterfaceError | NoConnectionError | OSError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
