"""What there is to be told, each thing once, and to whom: whoever subscribed gets a delivery of their own."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update
from sqlalchemy.types import TypeEngine

from storage import models
from storage.chat_settings import COLUMNS, ChatSettings, read_settings
from storage.database import Database
from storage.json_rows import INTEGER, TEXT, as_json, json_rows
from storage.outbox import State

CHUNK = 500
"""Deliveries made in one transaction: votes wait no longer than that takes."""

ANNOUNCEMENT, DELIVERY, SUBSCRIPTION = models.announcement, models.delivery, models.subscription
_NEW: dict[str, TypeEngine[Any]] = {"announcement_id": INTEGER, "chat_id": INTEGER, "platform": TEXT, "due_at": INTEGER}


class Kind(StrEnum):
    """What sort of thing is told."""

    RECAP = "recap"
    CORRECTION = "correction"
    REMINDER = "reminder"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to be told; `key` is its own, so that it is never told twice.

    `subject` says what it is about, in JSON's terms. One that `follows` another goes to whoever was told that.
    """

    key: str
    topic: str
    kind: Kind
    subject: Mapping[str, Any]
    made_at: dt.datetime
    expires_at: dt.datetime | None = None
    follows: int | None = None
    id: int = 0


class Announcements:
    """All announcements. Moments are aware datetimes, to the second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = json_rows(database.dialect, _NEW)
        deliveries = database.insert(DELIVERY).from_select([*_NEW], select(rows).where(rows.c.chat_id.is_not(None)))
        self._deliver = deliveries.on_conflict_do_nothing()

    async def announce(self, announcement: Announcement) -> Announcement | None:
        """Put something down to be told; with its id, or None where it was before."""
        row = self._database.insert(ANNOUNCEMENT).values(
            key=announcement.key,
            topic=announcement.topic,
            kind=announcement.kind.value,
            subject=json.dumps(announcement.subject),
            made_at=_seconds(announcement.made_at),
            expires_at=None if announcement.expires_at is None else _seconds(announcement.expires_at),
            follows=announcement.follows,
            told_to=0,
        )
        new = row.on_conflict_do_nothing().returning(ANNOUNCEMENT)
        made = await self._database.write(lambda connection: connection.execute(new).first())
        return None if made is None else _read(made)

    async def get(self, announcement_id: int) -> Announcement | None:
        """The announcement of that id."""
        return await self._first(select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == announcement_id))

    async def called(self, key: str) -> Announcement | None:
        """The announcement of that key."""
        return await self._first(select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.key == key))

    async def latest_after(self, announcement_id: int) -> Announcement | None:
        """The latest announcement that follows another."""
        following = select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.follows == announcement_id)
        return await self._first(following.order_by(ANNOUNCEMENT.c.id.desc()))

    async def unfinished(self) -> list[Announcement]:
        """Those whose audience does not have all its deliveries yet, the oldest first."""
        open_ones = select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.told_to.is_not(None)).order_by(ANNOUNCEMENT.c.id)
        rows = await self._database.read(lambda connection: connection.execute(open_ones).all())
        return [_read(row) for row in rows]

    async def audience(self, announcement: Announcement) -> dict[str, int]:
        """How many chats there are to be told, by platform."""
        chats = _audience(announcement).with_only_columns(models.chat.c.platform, func.count())
        counted = chats.group_by(models.chat.c.platform)
        return dict(await self._database.read(lambda connection: connection.execute(counted).all()))

    async def spread(self, announcement: Announcement, due: Callable[[ChatSettings], dt.datetime]) -> int:
        """Make the next chunk of deliveries, each due when its chat may be told; how many, none at the end."""
        return await self._database.write(lambda connection: self._spread(connection, announcement, due))

    def _spread(
        self, connection: Connection, announcement: Announcement, due: Callable[[ChatSettings], dt.datetime]
    ) -> int:
        mine = ANNOUNCEMENT.c.id == announcement.id
        told_to = connection.scalar(select(ANNOUNCEMENT.c.told_to).where(mine).with_for_update())
        if told_to is None:
            return 0
        rest = _audience(announcement).where(models.chat.c.id > told_to).order_by(models.chat.c.id).limit(CHUNK)
        chats = connection.execute(rest).all()
        if chats:
            moments: dict[ChatSettings, int] = {}
            rows = [(announcement.id, row.id, row.platform, _due(read_settings(row), due, moments)) for row in chats]
            connection.execute(self._deliver, {"rows": as_json(rows)})
        last = chats[-1].id if len(chats) == CHUNK else None
        connection.execute(update(ANNOUNCEMENT).where(mine).values(told_to=last))
        return len(chats)

    async def _first(self, query: Select[Any]) -> Announcement | None:
        row = await self._database.read(lambda connection: connection.execute(query.limit(1)).first())
        return None if row is None else _read(row)


def _audience(announcement: Announcement) -> Select[Any]:
    """The chats to be told, with their settings: subscribers, or whoever was told what this follows."""
    chats = select(models.chat.c.id, models.chat.c.platform, *COLUMNS).outerjoin_from(models.chat, models.chat_settings)
    subscribed = (SUBSCRIPTION.c.chat_id == models.chat.c.id) & (SUBSCRIPTION.c.topic == announcement.topic)
    if announcement.follows is None:
        return chats.join(SUBSCRIPTION, subscribed)
    told = (DELIVERY.c.chat_id == models.chat.c.id) & (DELIVERY.c.announcement_id == announcement.follows)
    return chats.join(DELIVERY, told & (DELIVERY.c.state == State.SENT))


def _due(settings: ChatSettings, due: Callable[[ChatSettings], dt.datetime], moments: dict[ChatSettings, int]) -> int:
    """When a chat of these settings may be told; worked out once for all that have the same."""
    if settings not in moments:
        moments[settings] = _seconds(due(settings))
    return moments[settings]


def _read(row: Row[Any]) -> Announcement:
    return Announcement(
        row.key,
        row.topic,
        Kind(row.kind),
        json.loads(row.subject),
        _moment(row.made_at),
        None if row.expires_at is None else _moment(row.expires_at),
        row.follows,
        row.id,
    )


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
