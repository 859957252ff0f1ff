"""Votes are dropped in without waiting, committed together by one writer, and acknowledged only then."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.domain.ballots import Ballot, Cast, Receipt
from bot.domain.places import Chat, User, polling_place
from bot.domain.voters import Forgotten
from bot.measures import UNMEASURED, Measures
from bot.pacing.clock import Clock, SystemClock
from storage.chat_rows import key, lock_chat
from storage.chats import Chats
from storage.database.base import Database
from storage.database.faults import ClosedError, is_anothers_turn
from storage.database.group_commit import GroupCommit
from storage.floods import Floods
from storage.handled_updates import HandledUpdates
from storage.private_chats import forget_chat, stand_in
from storage.subscriptions import end_all_topics, forget_subscriber
from storage.votes import Votes
from storage.votes_at_once import VotesAtOnce

if TYPE_CHECKING:
    import asyncio

__all__ = ["Ballot", "BallotBox", "ClosedError", "Receipt"]

Outcome = TypeVar("Outcome")


class BallotBox:
    """Takes ballots at any time; `run` is the one writer that counts them."""

    def __init__(
        self,
        database: Database,
        chats: Chats,
        handled: HandledUpdates,
        clock: Clock | None = None,
        measures: Measures = UNMEASURED,
    ) -> None:
        self._database = database
        self._chats = chats
        self._clock = clock or SystemClock()
        self._votes = Votes(database, handled)
        self._at_once = VotesAtOnce(self._clock)
        self._handled = handled
        self._floods = Floods()
        self._writer = GroupCommit("votes", self._count, measures=measures)

    async def run(self) -> None:
        """Count what arrives until the box is closed; if cancelled, what is still queued fails."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all that was queued is committed."""
        await self._writer.close()

    def cast(self, ballot: Ballot) -> "asyncio.Future[Receipt]":
        """Queue a ballot, at once; the future has the receipt once the vote is committed, or the error instead.

        Raises ValueError for a choice that the poll does not offer, and ClosedError.
        """
        choice = ballot.choice
        if choice is not None and ballot.poll.offered(choice.id) is not choice:
            raise ValueError(f"{ballot.poll.incident_id} does not offer {choice.key}")
        return self._writer.put(Cast(ballot, int(self._clock.now().timestamp())))

    async def refuse(self, chat: Chat, update: str) -> None:
        """Note that a vote was not taken: delivered again it is not taken either, whatever its chat wants by then."""
        if update:
            await self._database.write(lambda connection: self._handled.first_time(connection, chat.platform, update))

    async def in_turn(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do something once all that is queued so far is counted, before what comes later is. Raises ClosedError."""
        return await self._writer.in_turn(work)

    async def forget(
        self, voter: int, chat: Chat, update: str = "", *, told: bool = False, person: User | None = None
    ) -> Forgotten | None:
        """Delete a voter's votes, those still queued included; where `told`, also all that their chat is told.

        It is no longer known either what they were dealt in private, nor in which groups the `person` turned topics on.
        Of what is deleted nothing stays behind in the database's files.

        None, and nothing is deleted, where the update that asks for it has been handled before. Raises ClosedError.
        """
        dealt_to = stand_in(chat.platform, voter)

        def forget(connection: Connection) -> Forgotten | None:
            if not self._handled.first_time(connection, chat.platform, update):
                return None
            if person is not None:
                forget_subscriber(connection, person)
            if (alone := lock_chat(connection, dealt_to)) is not None:
                forget_chat(connection, alone)
            return Forgotten(self._votes.forget(connection, voter), told and end_all_topics(connection, chat))

        forgotten = await self.in_turn(lambda: self._chats.write(forget, chat, dealt_to))
        await self._database.scrub()
        return forgotten

    async def _count(self, casts: Sequence[Cast]) -> Sequence[Receipt]:
        """Count ballots, but those on polls that were closed in their chats while they were queued."""
        if not self._chats.some_closed:
            return await self._counted(casts)
        preferences = self._chats.preferences
        late = [ballot.poll.id in preferences(ballot.chat).closed for ballot, _at in casts]
        if not any(late):
            return await self._counted(casts)
        counted = iter(await self._counted([cast for cast, too_late in zip(casts, late, strict=True) if not too_late]))
        return [
            Receipt(None, changed=False, tally=ballot.poll.tally({}), closed=True) if too_late else next(counted)
            for (ballot, _at), too_late in zip(casts, late, strict=True)
        ]

    async def _counted(self, casts: Sequence[Cast]) -> Sequence[Receipt]:
        if not casts:
            return ()
        places = [polling_place(ballot.chat) for ballot, _at in casts]
        ids = await self._chats.ids(places)
        chat_ids = [ids[key(place)] for place in places]
        receipts = await self._turned_into_votes(casts, chat_ids)
        self._floods.watch(casts, chat_ids, receipts)
        return receipts

    async def _turned_into_votes(self, casts: Sequence[Cast], chat_ids: Sequence[int]) -> Sequence[Receipt]:
        """Count ballots at once, where the database can, and where something else was counted beside in turn."""
        if self._database.dialect == "postgresql":
            try:
                return await self._database.write_each(
                    lambda connection: self._at_once.count(connection, casts, chat_ids)
                )
            except DBAPIError as error:
                if not is_anothers_turn(error):
                    raise
        return await self._database.write(lambda connection: self._votes.count(connection, casts, chat_ids))
