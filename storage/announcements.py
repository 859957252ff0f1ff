"""Announcements, each made once, and their deliveries: one for each chat that subscribed."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.audiences import audience_of
from storage.chat_settings import read_settings
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows
from storage.told_instead import Instead, overtake, told_otherwise

CHUNK = 500
"""Deliveries made in one transaction: votes wait no longer than that takes."""

Due: TypeAlias = Callable[[ChatSettings], dt.datetime | None]
"""When a chat of these settings may be told something; None where it is not to be told by itself."""


CHAT, SUBSCRIPTION = tables.chat, tables.subscription
ANNOUNCEMENT, DELIVERY = tables.announcement, tables.delivery
FOLLOWING = ANNOUNCEMENT.alias()

# What the newsroom asks for at every look: putting a statement together takes longer than running it.
_MINE = ANNOUNCEMENT.c.id == bindparam("its_id")
_UNFINISHED = select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.told_to.is_not(None)).order_by(ANNOUNCEMENT.c.id)
_AGAIN = (
    update(ANNOUNCEMENT)
    .where(ANNOUNCEMENT.c.key == bindparam("its_key"), ANNOUNCEMENT.c.told_to.is_(None))
    .values(told_to=0)
)
_TOLD_TO = select(ANNOUNCEMENT.c.told_to).where(_MINE).with_for_update()
_TELL = update(ANNOUNCEMENT).where(_MINE).values(told_to=bindparam("last"))
_OLDEST = (
    select(ANNOUNCEMENT.c.id)
    .where(
        ANNOUNCEMENT.c.made_at < bindparam("before", type_=BIGINT),
        ~exists().where(FOLLOWING.c.follows == ANNOUNCEMENT.c.id),
    )
    .order_by(ANNOUNCEMENT.c.id)
    .limit(1)
)
_NEW: dict[str, TypeEngine[Any]] = {"announcement_id": INTEGER, "chat_id": BIGINT, "platform": TEXT, "due_at": BIGINT}


class Announcements:
    """All announcements. Moments are aware datetimes, to the second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = json_rows(database.dialect, _NEW)
        deliveries = database.insert(DELIVERY).from_select([*_NEW], select(rows).where(rows.c.chat_id.is_not(None)))
        self._deliver = deliveries.on_conflict_do_nothing()
        asked = json_rows(database.dialect, {"topic": TEXT})
        self._wanted = select(asked.c.topic).where(exists().where(SUBSCRIPTION.c.topic == asked.c.topic))

    async def announce(
        self, announcement: Announcement, then: Callable[[Connection], object] | None = None
    ) -> Announcement | None:
        """Store an announcement; the stored one, with its id, or None where its key was stored before.

        Where it was not, `then` is run in the same transaction: for what must be true from that moment on.
        """

        def put_down(connection: Connection) -> Row[Any] | None:
            made = self._insert(connection, announcement, told_to=0)
            if made is not None and then is not None:
                then(connection)
            return made

        made = await self._database.write(put_down)
        return None if made is None else read_announcement(made)

    def announce_to(
        self, connection: Connection, announcement: Announcement, chat_id: int, platform: str, due_at: dt.datetime
    ) -> None:
        """Put something down to be told to one chat, with its delivery; part of a transaction.

        Nothing is done where it was put down before.
        """
        made = self._insert(connection, announcement, told_to=None)
        if made is not None:
            connection.execute(self._deliver, {"rows": as_json([(made.id, chat_id, platform, _seconds(due_at))])})

    def _insert(self, connection: Connection, announcement: Announcement, told_to: int | None) -> Row[Any] | None:
        """The new row of an announcement; None where it has one."""
        row = self._database.insert(ANNOUNCEMENT).values(
            key=announcement.key,
            topic=announcement.topic,
            kind=announcement.kind.value,
            subject=json.dumps(announcement.subject),
            made_at=_seconds(announcement.made_at),
            expires_at=None if announcement.expires_at is None else _seconds(announcement.expires_at),
            follows=announcement.follows,
            told_to=told_to,
        )
        return connection.execute(row.on_conflict_do_nothing().returning(ANNOUNCEMENT)).first()

    async def get(self, announcement_id: int) -> Announcement | None:
        """The announcement of that id."""
        return await self._first(select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == announcement_id))

    async def called(self, key: str) -> Announcement | None:
        """The announcement of that key."""
        return await self._first(select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.key == key))

    async def among(self, keys: Iterable[str]) -> set[str]:
        """Those of these keys that announcements have."""
        made = select(ANNOUNCEMENT.c.key).where(ANNOUNCEMENT.c.key.in_([*keys]))
        return {*await self._database.read(lambda connection: connection.scalars(made).all())}

    async def wanted(self, topics: Iterable[str]) -> set[str]:
        """Those of these topics that any chat wants."""
        rows = as_json(topics)
        return {*await self._database.read(lambda connection: connection.scalars(self._wanted, {"rows": rows}).all())}

    async def latest_after(self, announcement_id: int) -> Announcement | None:
        """The latest announcement that follows another."""
        following = select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.follows == announcement_id)
        return await self._first(following.order_by(ANNOUNCEMENT.c.id.desc()))

    async def unfinished(self) -> list[Announcement]:
        """Those whose audience does not have all its deliveries yet, the oldest first."""
        rows = await self._database.read(lambda connection: connection.execute(_UNFINISHED).all())
        return [read_announcement(row) for row in rows]

    async def go_through_again(self, key: str) -> None:
        """Have all chats that want an announcement's topic gone through once more; deliveries made stay as they are.

        That is for what some chats are told earlier than others, as long as it is not settled when each is.
        """
        await self._database.write(lambda connection: connection.execute(_AGAIN, {"its_key": key}))

    async def audience(self, announcement: Announcement) -> dict[str, int]:
        """How many chats there are to be told, by platform."""
        chats, _ = audience_of(announcement)
        counted = chats.with_only_columns(CHAT.c.platform, func.count()).group_by(CHAT.c.platform)
        return dict(await self._database.read(lambda connection: connection.execute(counted).all()))

    async def groups(self, announcement: Announcement, most: int) -> list[Chat]:
        """Some of the chats there are to be told, but private ones: their numbers are people's own."""
        chats, chat_id = audience_of(announcement)
        groups = chats.with_only_columns(CHAT.c.platform, CHAT.c.external).where(CHAT.c.kind == ChatKind.GROUP)
        some = groups.order_by(chat_id).limit(most)
        rows = await self._database.read(lambda connection: connection.execute(some).all())
        return [Chat(Platform(row.platform), row.external) for row in rows]

    async def spread(self, announcement: Announcement, due: Due, instead: Instead | None = None) -> int:
        """Make the next chunk of deliveries, each due when its chat may be told; how many were asked, none at the end.

        `due` is asked in the transaction: on SQLite, in the writer's thread. So is what is told `instead`.
        """
        instead = instead or Instead()
        return await self._database.write(lambda connection: self._spread(connection, announcement, due, instead))

    def _spread(self, connection: Connection, announcement: Announcement, due: Due, instead: Instead) -> int:
        told_to = connection.scalar(_TOLD_TO, {"its_id": announcement.id})
        if told_to is None:
            return 0
        chats, chat_id = audience_of(announcement)
        chunk = chats.where(chat_id > told_to).order_by(chat_id).limit(CHUNK)
        # Who ends a subscription that was seen here waits, and then finds its delivery, to drop it.
        told = connection.execute(chunk.with_for_update(read=True, key_share=True, of=SUBSCRIPTION)).all()
        if told:
            moments: dict[ChatSettings, int | None] = {}
            needless = told_otherwise(connection, told, instead)
            asked = (
                (number, platform, _due(read_settings(*settings), due, moments))
                for number, platform, *settings in told
                if number not in needless
            )
            rows = [(announcement.id, number, platform, at) for number, platform, at in asked if at is not None]
            connection.execute(self._deliver, {"rows": as_json(rows)})
            overtake(connection, [(number, at) for _id, number, _platform, at in rows], instead)
        last = told[-1][0] if len(told) == CHUNK else None
        connection.execute(_TELL, {"its_id": announcement.id, "last": last})
        return len(told)

    async def forget_some(self, before: dt.datetime) -> bool:
        """Forget the next chunk of what was announced before a moment, and to whom; False where there is none left."""
        return await self._database.write(lambda connection: _forget(connection, before))

    async def _first(self, query: Select[Any]) -> Announcement | None:
        row = await self._database.read(lambda connection: connection.execute(query.limit(1)).first())
        return None if row is None else read_announcement(row)


def _forget(connection: Connection, before: dt.datetime) -> bool:
    """Forget deliveries of the oldest announcement that nothing kept follows, or it where it has none any more."""
    announcement_id = connection.scalar(_OLDEST, {"before": _seconds(before)})
    if announcement_id is None:
        return False
    its = DELIVERY.c.announcement_id == announcement_id
    chunk = select(DELIVERY.c.chat_id).where(its).limit(CHUNK)
    if not connection.execute(delete(DELIVERY).where(its, DELIVERY.c.chat_id.in_(chunk))).rowcount:
        connection.execute(delete(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == announcement_id))
    return True


def _due(settings: ChatSettings, due: Due, moments: dict[ChatSettings, int | None]) -> int | None:
    """When a chat of these settings may be told, if at all; worked out once for all that have the same."""
    if settings not in moments:
        moment = due(settings)
        moments[settings] = None if moment is None else _seconds(moment)
    return moments[settings]


def read_announcement(row: Row[Any]) -> Announcement:
    """The announcement of a row of its table."""
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
