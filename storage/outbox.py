"""The outbox: what is on its way to chats, and what became of it.

On SQLite a delivery that has been taken is known to the one process that has it; on PostgreSQL, where several may
deliver, it is put off for as long as a lease, so that no other takes it. Each outcome is acknowledged by itself; those
of one moment share a commit.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, select, update
from sqlalchemy.types import TypeEngine

from bot.messages import Chat, ChatKind, Platform
from storage import models
from storage.chat_settings import COLUMNS, ChatSettings, read_settings
from storage.database import Database
from storage.group_commit import GroupCommit
from storage.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows

if TYPE_CHECKING:
    import asyncio

LEASE = 120
"""Seconds for which a delivery that has been taken is left to whoever took it, where several deliver."""

CHAT, DELIVERY, ANNOUNCEMENT, SUBSCRIPTION = models.chat, models.delivery, models.announcement, models.subscription
_OUTCOME: dict[str, TypeEngine[Any]] = {
    "announcement_id": INTEGER,
    "chat_id": INTEGER,
    "state": INTEGER,
    "due_at": BIGINT,
    "attempts": INTEGER,
    "settled_at": BIGINT,
    "message": TEXT,
    "problem": TEXT,
}


class State(IntEnum):
    """Where a delivery is: on its way, there, given up, or no longer wanted."""

    PENDING = 0
    SENT = 1
    DEAD = 2
    DROPPED = 3


Key = tuple[int, int]
"""A delivery's own: the ids of its announcement and its chat."""


class Delivery(NamedTuple):
    """An announcement on its way to a chat; `role` is the one to be pinged, `attempts` how often it failed."""

    announcement_id: int
    chat_id: int
    chat: Chat
    settings: ChatSettings
    role: str | None = None
    attempts: int = 0

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.announcement_id, self.chat_id


class Outcome(NamedTuple):
    """What became of a delivery: `message` is its id where it was sent, `due_at` the next attempt where it was not."""

    delivery: Delivery
    state: State
    at: dt.datetime
    message: str | None = None
    problem: str | None = None
    due_at: dt.datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery that was given up, for operators."""

    announcement: str
    chat: Chat
    attempts: int
    problem: str
    at: dt.datetime


class Outbox:
    """Hands out what is due and takes what became of it; `run` is the one writer that puts it down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = GroupCommit("deliveries", self._put_down)
        given = json_rows(database.dialect, _OUTCOME)
        same = (DELIVERY.c.announcement_id == given.c.announcement_id) & (DELIVERY.c.chat_id == given.c.chat_id)
        changed = ("state", "due_at", "attempts", "settled_at", "message", "problem")
        self._settle = update(DELIVERY).where(same).values({name: given.c[name] for name in changed})

    async def run(self) -> None:
        """Put outcomes down until closed."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all outcomes are on disk."""
        await self._writer.close()

    async def due(self, platform: Platform, now: dt.datetime, most: int, taken: Collection[Key] = ()) -> list[Delivery]:
        """The next deliveries to a platform that are due, but those that were taken already."""
        pending = _pending(platform, now)
        if self._database.dialect == "postgresql":
            rows = await self._database.write(lambda connection: _lease(connection, pending.limit(most), now))
        else:
            more = pending.limit(most + len(taken))
            rows = await self._database.read(lambda connection: connection.execute(more).all())
        return [_read(row) for row in rows if (row.announcement_id, row.chat_id) not in taken][:most]

    async def next_due(self, platform: Platform) -> dt.datetime | None:
        """When the next delivery to a platform is due; None where there is none."""
        first = select(DELIVERY.c.due_at).where(DELIVERY.c.platform == platform, DELIVERY.c.state == State.PENDING)
        due_at = await self._database.read(
            lambda connection: connection.scalar(first.order_by(DELIVERY.c.due_at).limit(1))
        )
        return None if due_at is None else _moment(due_at)

    def settle(self, outcome: Outcome) -> "asyncio.Future[None]":
        """Put an outcome down; done once it is on disk."""
        return self._writer.put(outcome)

    async def message_of(self, announcement_id: int, chat_id: int) -> str | None:
        """The message by which a chat was told something."""
        told = select(DELIVERY.c.message).where(
            DELIVERY.c.announcement_id == announcement_id, DELIVERY.c.chat_id == chat_id
        )
        return await self._database.read(lambda connection: connection.scalar(told))

    async def undelivered(self, most: int = 100) -> list[Undelivered]:
        """What was given up, the latest first."""
        columns = (ANNOUNCEMENT.c.key, CHAT.c.platform, CHAT.c.external, CHAT.c.kind)
        settled = (DELIVERY.c.attempts, DELIVERY.c.problem, DELIVERY.c.settled_at)
        dead = (
            select(*columns, *settled)
            .select_from(DELIVERY)
            .join(ANNOUNCEMENT)
            .join(CHAT)
            .where(DELIVERY.c.state == State.DEAD)
        )
        latest = dead.order_by(DELIVERY.c.settled_at.desc()).limit(most)
        rows = await self._database.read(lambda connection: connection.execute(latest).all())
        return [
            Undelivered(row.key, _chat(row), row.attempts, row.problem or "", _moment(row.settled_at or 0))
            for row in rows
        ]

    async def retry(self, now: dt.datetime) -> int:
        """Try again all that was given up; how many deliveries that are."""
        again = update(DELIVERY).where(DELIVERY.c.state == State.DEAD)
        again = again.values(state=State.PENDING, attempts=0, due_at=_seconds(now), settled_at=None, problem=None)
        return await self._database.write(lambda connection: connection.execute(again).rowcount)

    async def _put_down(self, outcomes: Sequence[Outcome]) -> Sequence[None]:
        rows = as_json(
            (
                *outcome.delivery.key,
                outcome.state,
                _seconds(outcome.due_at or outcome.at),
                outcome.attempts,
                _seconds(outcome.at),
                outcome.message,
                outcome.problem,
            )
            for outcome in outcomes
        )
        await self._database.write(lambda connection: connection.execute(self._settle, {"rows": rows}))
        return [None] * len(outcomes)


def _pending(platform: Platform, now: dt.datetime) -> Select[Any]:
    """What is due on a platform in its order, with all that it takes to send it."""
    wanted = (SUBSCRIPTION.c.chat_id == DELIVERY.c.chat_id) & (SUBSCRIPTION.c.topic == ANNOUNCEMENT.c.topic)
    columns = (DELIVERY.c.announcement_id, DELIVERY.c.chat_id, DELIVERY.c.attempts, SUBSCRIPTION.c.role)
    return (
        select(*columns, CHAT.c.platform, CHAT.c.external, CHAT.c.kind, *COLUMNS)
        .select_from(DELIVERY)
        .join(CHAT, CHAT.c.id == DELIVERY.c.chat_id)
        .join(ANNOUNCEMENT, ANNOUNCEMENT.c.id == DELIVERY.c.announcement_id)
        .outerjoin(models.chat_settings, models.chat_settings.c.chat_id == DELIVERY.c.chat_id)
        .outerjoin(SUBSCRIPTION, wanted)
        .where(DELIVERY.c.platform == platform, DELIVERY.c.state == State.PENDING, DELIVERY.c.due_at <= _seconds(now))
        .order_by(DELIVERY.c.due_at, DELIVERY.c.announcement_id, DELIVERY.c.chat_id)
    )


def _lease(connection: Connection, pending: Select[Any], now: dt.datetime) -> Sequence[Row[Any]]:
    """Take deliveries that nobody else has in hand, and put them off for whoever else looks."""
    rows = connection.execute(pending.with_for_update(of=DELIVERY, skip_locked=True)).all()
    mine = (DELIVERY.c.announcement_id == bindparam("announcement")) & (DELIVERY.c.chat_id == bindparam("chat"))
    put_off = update(DELIVERY).where(mine).values(due_at=_seconds(now) + LEASE)
    if rows:
        connection.execute(put_off, [{"announcement": row.announcement_id, "chat": row.chat_id} for row in rows])
    return rows


def _read(row: Row[Any]) -> Delivery:
    return Delivery(row.announcement_id, row.chat_id, _chat(row), read_settings(row), row.role, row.attempts)


def _chat(row: Any) -> Chat:
    return Chat(Platform(row.platform), row.external, ChatKind(row.kind))


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
