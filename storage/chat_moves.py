"""Groups that become supergroups: under their new id they are the same chat, with all that is kept of it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, delete, func, insert, literal, null, or_, select
from sqlalchemy import update as change_rows
from sqlalchemy.exc import IntegrityError

from bot.domain.chat_settings import Spoilers
from bot.domain.deliveries import State
from bot.domain.places import Chat
from storage import tables
from storage.ballot_box import BallotBox
from storage.chat_rows import is_chat
from storage.chats import Chats
from storage.database.base import Database
from storage.outbox import PENDING
from storage.poll_clocks import Columns, closed_in_either
from storage.poll_locks import lock_polls
from storage.taken_deliveries import LEASE

CHAT, VOTE, POST, DELIVERY = tables.chat, tables.vote, tables.post, tables.delivery
TALLY, CHAT_POLL, SETTINGS = tables.chat_tally, tables.chat_poll, tables.chat_settings
SUBSCRIPTION, SUBSCRIBER, UNSEEN = tables.subscription, tables.subscriber, tables.unseen_chat
SERVED = tables.served_quotation


class Groups:
    """The groups that become supergroups while people vote: what is cast is counted before that or after it."""

    def __init__(self, chats: Chats, moves: "ChatMoves", ballot_box: BallotBox) -> None:
        self._chats = chats
        self._moves = moves
        self._ballot_box = ballot_box

    def goes_on_as(self, chat: Chat) -> Chat:
        """What a chat is by now; from memory."""
        return self._chats.goes_on_as(chat)

    async def move(self, old: Chat, new: Chat) -> None:
        """Let a chat go on under another id, in turn with the ballots. Raises ClosedError."""
        await self._ballot_box.in_turn(lambda: self._moves.move(old, new))


class ChatMoves:
    """Takes along what is kept of a chat that goes on under another id.

    Both groups say so, in any order and perhaps twice, and so does a message that is refused: each time whatever is
    still under the old id goes along. What arrives there later, such as a press below an old message, is the new one's.
    """

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats

    async def move(self, old: Chat, new: Chat) -> None:
        """Let a chat go on under another id; where that is a chat of its own by now, it gets what it lacks."""
        if old != new:
            await self._chats.write(lambda connection: self._move(connection, old, new), old, new)

    def _move(self, connection: Connection, old: Chat, new: Chat) -> None:
        old_id = _hold(connection, old)
        if old_id is None or _rename(connection, old, new):
            return
        new_id = _hold(connection, new)
        if new_id is not None and new_id != old_id:
            self._merge(connection, old_id, new_id)

    def _merge(self, connection: Connection, old: int, new: int) -> None:
        """Give a chat all that another one has and it lacks; that one has nothing any more, and says where it went."""
        _move_votes(connection, old, new)
        self._fill_in(connection, SETTINGS, old, new, _lacking_settings)
        self._fill_in(connection, CHAT_POLL, old, new, closed_in_either)
        # What a process had in hand for the old chat it has not for this one, which need not wait for it.
        connection.execute(
            change_rows(DELIVERY).where(_in_hand(old)).values(due_at=DELIVERY.c.due_at - LEASE, taken_by=null())
        )
        for table in (SUBSCRIPTION, SUBSCRIBER, SERVED, DELIVERY):
            self._fill_in(connection, table, old, new)
        elsewhere = POST.alias()
        is_there = select(elsewhere.c.id).where(elsewhere.c.chat_id == new, elsewhere.c.message == POST.c.message)
        connection.execute(change_rows(POST).where(POST.c.chat_id == old, ~is_there.exists()).values(chat_id=new))
        for table in (SUBSCRIPTION, SUBSCRIBER, UNSEEN, SERVED, SETTINGS, CHAT_POLL, POST):
            connection.execute(delete(table).where(table.c.chat_id == old))
        connection.execute(change_rows(DELIVERY).where(DELIVERY.c.chat_id == old, PENDING).values(state=State.DROPPED))
        if not connection.scalar(select(CHAT.c.polls).where(CHAT.c.id == old)):
            # The old chat's polls are on then: moved again, it must not turn off what was turned on since.
            connection.execute(change_rows(CHAT).where(CHAT.c.id.in_((old, new))).values(polls=CHAT.c.id == old))
        went = or_(CHAT.c.id == old, CHAT.c.moved_to == old)
        connection.execute(change_rows(CHAT).where(went).values(moved_to=new))

    def _fill_in(
        self,
        connection: Connection,
        table: Table,
        old: int,
        new: int,
        lacking: Callable[[Columns], Mapping[str, ColumnElement[Any]]] | None = None,
    ) -> None:
        """Copy a chat's rows to another; where that has such a row, it gets what is `lacking` there."""
        columns = [literal(new) if column.name == "chat_id" else column for column in table.c]
        theirs = select(*columns).where(table.c.chat_id == old)
        row = self._database.insert(table).from_select([column.name for column in table.c], theirs)
        if lacking is None:
            connection.execute(row.on_conflict_do_nothing())
        else:
            index = [column.name for column in table.primary_key]
            connection.execute(row.on_conflict_do_update(index_elements=index, set_=lacking(row.excluded)))


def _in_hand(chat_id: int) -> ColumnElement[bool]:
    """The condition that a delivery is on its way to a chat, and some process has taken it."""
    return (DELIVERY.c.chat_id == chat_id) & PENDING & DELIVERY.c.taken_by.is_not(None)


def _hold(connection: Connection, chat: Chat) -> int | None:
    """The id of a chat's own row, whatever it goes on as, locked until the transaction ends."""
    return connection.scalar(select(CHAT.c.id).where(is_chat(chat)).with_for_update(key_share=True))


def _rename(connection: Connection, old: Chat, new: Chat) -> bool:
    """Know a chat by another id from now on; False, and nothing is done, where that is a chat of its own.

    The old id stays as one that leads there.
    """
    change = change_rows(CHAT).where(is_chat(old), CHAT.c.moved_to.is_(None)).values(external=new.id, kind=new.kind)
    try:
        with connection.begin_nested():
            renamed = connection.execute(change.returning(CHAT.c.id)).scalar()
    except IntegrityError:
        return False
    if renamed is None:
        return False
    left = {"platform": old.platform, "external": old.id, "kind": old.kind, "moved_to": renamed}
    connection.execute(insert(CHAT).values(left))
    return True


def _move_votes(connection: Connection, old: int, new: int) -> None:
    """Let a chat's votes be another's; triggers move its tallies. They are found by these: votes have no such index."""
    voted_on = select(TALLY.c.poll_id).where(TALLY.c.chat_id == old, TALLY.c.votes != 0).distinct()
    polls = connection.scalars(voted_on).all()
    lock_polls(connection, polls)
    mine = VOTE.c.poll_id.in_(polls) & (VOTE.c.chat_id == old)
    connection.execute(change_rows(VOTE).where(mine).values(chat_id=new))


def _lacking_settings(excluded: Columns) -> dict[str, ColumnElement[Any]]:
    """Every setting that was not chosen in the new chat as it was in the old one; those that go together stay so."""
    theirs = SETTINGS.c
    alone = {name: func.coalesce(theirs[name], excluded[name]) for name in ("zone", "language", "closing_hours")}
    held = theirs.spoilers == Spoilers.SHOWN.value
    noisy = theirs.quiet_from.is_(None)
    together = dict.fromkeys(("spoilers", "hold_minutes", "hold_until"), held)
    together |= dict.fromkeys(("quiet_from", "quiet_until"), noisy)
    together |= {"delay_seconds": theirs.delay_seconds == 0, "blind": ~theirs.blind}
    return alone | {name: case((lacks, excluded[name]), else_=theirs[name]) for name, lacks in together.items()}
