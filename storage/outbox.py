"""The outbox: what is on its way to chats, and what became of it.

On SQLite a delivery that has been taken is known to the one process that has it; on PostgreSQL, where several may
deliver, `storage.taken_deliveries` keeps it from the others. Each outcome is acknowledged by itself; those
of one moment share a commit.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal_column, null, or_, select, update
from sqlalchemy.types import TypeEngine

from bot.domain.announcements import FOR_ONE_CHAT
from bot.domain.deliveries import Counted, Delivery, Key, Outcome, State, Undelivered
from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.chat_settings import COLUMNS, read_settings
from storage.clock_set_back import ClockSetBack
from storage.database.base import Database
from storage.database.group_commit import GroupCommit
from storage.database.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows
from storage.shown_polls import ShownPoll, ShownPolls
from storage.taken_deliveries import TakenDeliveries
from storage.unseen_chats import seen

if TYPE_CHECKING:
    import asyncio

GATHERED = 0.01
"""Seconds for which outcomes are gathered for a commit, a large part of a message's price; nobody waits for them."""

CHAT, SETTINGS, SUBSCRIPTION = tables.chat, tables.chat_settings, tables.subscription
ANNOUNCEMENT, DELIVERY = tables.announcement, tables.delivery
KINDS = {kind.value: kind for kind in ChatKind}
_OUTCOME: dict[str, TypeEngine[Any]] = {
    "announcement_id": INTEGER,
    "chat_id": BIGINT,
    "state": INTEGER,
    "due_at": BIGINT,
    "attempts": INTEGER,
    "settled_at": BIGINT,
    "message": TEXT,
    "problem": TEXT,
}


# Written out in the statements, as an index of some rows is used only where they are seen to be the ones.
PENDING = DELIVERY.c.state == literal_column("0")
SENT = DELIVERY.c.state == literal_column("1")
DEAD = DELIVERY.c.state == literal_column("2")


class Outbox:
    """Hands out deliveries that are due and takes their outcomes; `run` is the one writer that stores the outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = GroupCommit("deliveries", self._put_down, GATHERED)
        given = json_rows(database.dialect, _OUTCOME)
        same = (DELIVERY.c.announcement_id == given.c.announcement_id) & (DELIVERY.c.chat_id == given.c.chat_id)
        changed = ("state", "due_at", "attempts", "settled_at", "message", "problem")
        # What was dropped meanwhile, or sent by whoever took it over, stays so. Not said by `PENDING`: PostgreSQL would
        # read all of its index where it has no statistics yet.
        unsettled = DELIVERY.c.state < State.SENT
        self._in_hand = TakenDeliveries(database) if database.dialect == "postgresql" else None
        if self._in_hand is not None:  # whoever took it over is not put off by who lost it
            unsettled &= (given.c.state >= State.SENT) | (DELIVERY.c.taken_by == self._in_hand.holder)
        settled = {**{name: given.c[name] for name in changed}, "taken_by": null()}
        self._settle = update(DELIVERY).where(same, unsettled).values(settled)
        self._set_back = ClockSetBack(database)
        self._pending = _pending()
        self._shown = ShownPolls(database)

    async def run(self) -> None:
        """Put outcomes down until closed."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all outcomes are on disk."""
        await self._writer.close()

    async def due(self, platform: Platform, now: dt.datetime, most: int, taken: Collection[Key] = ()) -> list[Delivery]:
        """The next deliveries to a platform that are due, but those that were taken already."""
        taken = frozenset(taken)  # as of now: what is settled while we read may be read as it was before
        asked = {"platform": platform.value, "now": _seconds(now), "most": most}
        rows: Sequence[Sequence[Any]]
        if (hand := self._in_hand) is not None:
            rows = await self._database.write(lambda connection: hand.take(connection, self._pending, asked))
        else:
            await self._set_back.look(platform, now)
            asked["most"] = most + len(taken)
            rows = await self._database.read(lambda connection: connection.execute(self._pending, asked).all())
        return [_read(platform, row) for row in rows if (row[0], row[1]) not in taken][:most]

    async def hold(self, keys: Collection[Key], now: dt.datetime) -> frozenset[Key]:
        """Say that deliveries are in hand still; those that are, and are not settled. Raises ClosedError."""
        hand = self._in_hand
        if hand is None:
            return frozenset(keys)
        return await self._writer.in_turn(lambda: hand.hold(keys, now))

    async def let_go(self, keys: Collection[Key], now: dt.datetime) -> None:
        """Leave deliveries to whoever takes them first, as they are not begun. Raises ClosedError."""
        hand = self._in_hand
        if hand is not None:
            await self._writer.in_turn(lambda: hand.let_go(keys, now))

    @property
    def is_shared(self) -> bool:
        """Whether other processes may deliver from the same outbox."""
        return self._in_hand is not None

    def settle(self, outcome: Outcome) -> "asyncio.Future[None]":
        """Put an outcome down, unless the delivery is settled already; done once it is on disk. Raises ClosedError."""
        return self._writer.put(outcome)

    async def undelivered(self, most: int = 100) -> list[Undelivered]:
        """What was given up, the latest first."""
        columns = (ANNOUNCEMENT.c.key, CHAT.c.platform, CHAT.c.external, CHAT.c.kind)
        settled = (DELIVERY.c.attempts, DELIVERY.c.problem, DELIVERY.c.settled_at)
        dead = select(*columns, *settled).select_from(DELIVERY).join(ANNOUNCEMENT).join(CHAT).where(DEAD)
        latest = dead.order_by(DELIVERY.c.settled_at.desc()).limit(most)
        rows = await self._database.read(lambda connection: connection.execute(latest).all())
        return [
            Undelivered(
                key, Chat(Platform(platform), external, KINDS[kind]), attempts, problem or "", _moment(settled_at)
            )
            for key, platform, external, kind, attempts, problem, settled_at in rows
        ]

    async def counted(self) -> Counted:
        """How much is on its way, and how much was given up."""

        def count(connection: Connection) -> Counted:
            numbers = (select(func.count()).select_from(DELIVERY).where(state) for state in (PENDING, DEAD))
            return Counted(*(connection.scalar(number) or 0 for number in numbers))

        return await self._database.read(count)

    async def retry(self, now: dt.datetime) -> int:
        """Try again what was given up, is still worth telling and still wanted; how many deliveries that are."""
        lasting = ANNOUNCEMENT.c.expires_at.is_(None) | (ANNOUNCEMENT.c.expires_at >= _seconds(now))
        worth = select(ANNOUNCEMENT.c.id).where(ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id, lasting).exists()
        again = update(DELIVERY).where(DEAD, _still_wanted(), worth)
        again = again.values(state=State.PENDING, attempts=0, due_at=_seconds(now), settled_at=None, problem=None)
        return await self._database.write(lambda connection: connection.execute(again).rowcount)

    async def _put_down(self, outcomes: Sequence[Outcome]) -> Sequence[None]:
        rows = as_json(map(_row, outcomes))
        now = max(_seconds(outcome.at) for outcome in outcomes)
        arrived = {outcome.delivery.chat_id for outcome in outcomes if outcome.state is State.SENT}
        shown = [
            ShownPoll(poll.incident, poll.question, outcome.delivery.chat_id, outcome.message, poll.shown)
            for outcome in outcomes
            if (poll := outcome.shows) is not None and outcome.message is not None
        ]

        def put_down(connection: Connection) -> None:
            connection.execute(self._settle, {"rows": rows})
            if arrived:
                seen(connection, arrived)
            if shown:
                self._shown.note(connection, shown, now)

        await self._database.write(put_down)
        return [None] * len(outcomes)


def _pending() -> Select[Any]:
    """What is due on a platform in its order, with all that it takes to send it."""
    told = DELIVERY.alias("told")
    # Looked up one by one: where PostgreSQL has no statistics yet, it would join them by half of their keys.
    role = select(SUBSCRIPTION.c.role).where(
        SUBSCRIPTION.c.topic == ANNOUNCEMENT.c.topic, SUBSCRIPTION.c.chat_id == DELIVERY.c.chat_id
    )
    follows = select(told.c.message).where(
        told.c.announcement_id == ANNOUNCEMENT.c.follows, told.c.chat_id == DELIVERY.c.chat_id
    )
    looked_up = (role.scalar_subquery(), follows.scalar_subquery(), CHAT.c.external, CHAT.c.kind, *COLUMNS)
    return (
        select(DELIVERY.c.announcement_id, DELIVERY.c.chat_id, DELIVERY.c.attempts, *looked_up)
        .select_from(DELIVERY)
        .join(CHAT, CHAT.c.id == DELIVERY.c.chat_id)
        .join(ANNOUNCEMENT, ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id)
        .outerjoin(SETTINGS, SETTINGS.c.chat_id == DELIVERY.c.chat_id)
        .where(DELIVERY.c.platform == bindparam("platform"), PENDING, DELIVERY.c.due_at <= bindparam("now"))
        .order_by(DELIVERY.c.due_at, DELIVERY.c.announcement_id, DELIVERY.c.chat_id)
        .limit(bindparam("most", type_=INTEGER))
        .with_for_update(of=DELIVERY, skip_locked=True)
    )


def _still_wanted() -> ColumnElement[bool]:
    """The condition that a delivery's chat wants the topic of its announcement, or of what that follows.

    What is for one chat alone is wanted as long as it is worth telling.
    """
    its = ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id
    alone = select(ANNOUNCEMENT.c.id).where(its, ANNOUNCEMENT.c.topic == FOR_ONE_CHAT).exists()
    follows = select(ANNOUNCEMENT.c.follows).where(ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id)
    told = ANNOUNCEMENT.alias("told")
    subscribed = (
        select(SUBSCRIPTION.c.topic)
        .join_from(SUBSCRIPTION, told, told.c.topic == SUBSCRIPTION.c.topic)
        .where(SUBSCRIPTION.c.chat_id == DELIVERY.c.chat_id)
        .where(or_(told.c.id == DELIVERY.c.announcement_id, told.c.id == follows.correlate(DELIVERY).scalar_subquery()))
        .exists()
    )
    return or_(alone, subscribed)


def _read(platform: Platform, row: Sequence[Any]) -> Delivery:
    announcement_id, chat_id, attempts, role, follows, external, kind, *settings = row
    chat = Chat(platform, external, KINDS[kind])
    return Delivery(announcement_id, chat_id, chat, read_settings(*settings), role, attempts, follows)


def _row(outcome: Outcome) -> tuple[object, ...]:
    """An outcome in the order of `_OUTCOME`."""
    delivery, state, at, message, problem, due_at, attempts, _shows = outcome
    settled_at = _seconds(at)
    return (
        delivery.announcement_id,
        delivery.chat_id,
        state,
        settled_at if due_at is None else _seconds(due_at),
        delivery.attempts if attempts is None else attempts,
        settled_at,
        message,
        problem and _storable(problem),
    )


def _storable(text: str) -> str:
    """What somebody else said, without what PostgreSQL does not store."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
