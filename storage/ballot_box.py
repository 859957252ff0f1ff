"""Votes are dropped in without waiting, committed together by one writer, and acknowledged only then."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.domain.ballots import Ballot, Cast, Receipt
from bot.domain.places import polling_place
from storage.chats import Chats
from storage.database.base import Database
from storage.database.group_commit import ClosedError, GroupCommit
from storage.votes import Votes

if TYPE_CHECKING:
    import asyncio

__all__ = ["Ballot", "BallotBox", "ClosedError", "Receipt"]


class BallotBox:
    """Takes ballots at any time; `run` is the one writer that counts them."""

    def __init__(self, database: Database, chats: Chats, now: Callable[[], int] = lambda: int(time.time())) -> None:
        self._database = database
        self._chats = chats
        self._votes = Votes(database)
        self._now = now
        self._writer = GroupCommit("votes", self._count)

    async def run(self) -> None:
        """Count what arrives until the box is closed; if cancelled, what is still queued fails."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is committed."""
        await self._writer.close()

    def cast(self, ballot: Ballot) -> "asyncio.Future[Receipt]":
        """Queue a ballot, at once; the receipt comes when the vote is on disk, or whatever kept it from there.

        Raises ValueError for a choice that the poll does not offer, and ClosedError.
        """
        if ballot.poll.offered(ballot.choice.id) is not ballot.choice:
            raise ValueError(f"{ballot.poll.incident_id} does not offer {ballot.choice.key}")
        return self._writer.put(Cast(ballot, self._now()))

    async def forget(self, voter: int) -> int:
        """Delete a voter's votes, those still queued included; how many there were. Raises ClosedError."""
        return await self._writer.in_turn(
            lambda: self._database.write(lambda connection: self._votes.forget(connection, voter))
        )

    async def _count(self, casts: Sequence[Cast]) -> Sequence[Receipt]:
        ids = await self._chats.ids(polling_place(ballot.chat) for ballot, _ in casts)
        return await self._database.write(lambda connection: self._votes.count(connection, casts, ids))
