"""What tells a chat the same as an announcement, so that it is told once: another topic, or another announcement."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from storage import tables
from storage.chat_settings import read_settings
from storage.outbox import PENDING

SUBSCRIPTION, ANNOUNCEMENT, DELIVERY = tables.subscription, tables.announcement, tables.delivery


@dataclass(frozen=True, slots=True)
class Instead:
    """What else tells a chat the same as an announcement, so that it is told once."""

    topics: Collection[str] = ()
    """Topics that a chat may want as well, of which `gives_way` makes up its mind."""

    gives_way: Callable[[Collection[str], ChatSettings], bool] = lambda _wanted, _settings: False
    """Whether a chat that wants these of the topics is told by their announcements, and not by this one."""

    told_by: Collection[str] = ()
    """Announcements, by their keys: who was told one of them, or is to be, and wants its topic is not told this one."""

    overtakes: Collection[str] = ()
    """Announcements, by their keys, that are not told any more to whoever is told this one `by` a moment."""

    by: dt.datetime | None = None


def told_otherwise(connection: Connection, chats: Sequence[Row[Any]], instead: Instead) -> set[int]:
    """The chats, of those that an announcement is for, which something else tells the same."""
    numbers = [row[0] for row in chats]
    if not (instead.topics or instead.told_by):
        return set()
    on_its_way = DELIVERY.c.state.in_((State.PENDING, State.SENT)) & DELIVERY.c.chat_id.in_(numbers)
    wants = (SUBSCRIPTION.c.chat_id == DELIVERY.c.chat_id) & (SUBSCRIPTION.c.topic == ANNOUNCEMENT.c.topic)
    has = select(DELIVERY.c.chat_id).join_from(DELIVERY, ANNOUNCEMENT).join(SUBSCRIPTION, wants)
    has = has.where(on_its_way, ANNOUNCEMENT.c.key.in_(instead.told_by))
    mine = SUBSCRIPTION.c.chat_id.in_(numbers) & SUBSCRIPTION.c.topic.in_(instead.topics)
    wanted: dict[int, set[str]] = {}
    for row in connection.execute(select(SUBSCRIPTION.c.chat_id, SUBSCRIPTION.c.topic).where(mine)):
        wanted.setdefault(row.chat_id, set()).add(row.topic)
    return {*connection.scalars(has)} | {
        number
        for number, _platform, *settings in map(tuple, chats)
        if number in wanted and instead.gives_way(wanted[number], read_settings(*settings))
    }


def overtake(connection: Connection, told: Iterable[tuple[int, int]], instead: Instead) -> None:
    """Drop what is still on its way to chats that are told the same, and more, by now."""
    numbers = [number for number, at in told if instead.by is not None and at <= int(instead.by.timestamp())]
    if numbers and instead.overtakes:
        called = select(ANNOUNCEMENT.c.id).where(ANNOUNCEMENT.c.key.in_(instead.overtakes))
        late = DELIVERY.c.announcement_id.in_(called) & DELIVERY.c.chat_id.in_(numbers)
        connection.execute(update(DELIVERY).where(late, PENDING).values(state=State.DROPPED))
