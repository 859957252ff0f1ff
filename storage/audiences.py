"""Who is to be told of an announcement: the chats that subscribed, or those that were told what it follows."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from bot.domain.announcements import Announcement, Kind
from storage import tables
from storage.chat_settings import COLUMNS
from storage.outbox import SENT

ON_ITS_WAY = 30
"""Seconds for which words from before something was announced may still be sent; what was sent later knows it."""

CHAT, SETTINGS, SUBSCRIPTION = tables.chat, tables.chat_settings, tables.subscription
ANNOUNCEMENT, DELIVERY = tables.announcement, tables.delivery


def audience_of(announcement: Announcement) -> tuple[Select[Any], ColumnElement[int]]:
    """The chats to be told, with their settings, and the column of their ids, along which an index leads.

    What follows another announcement is for those who were told that in words from before this one.
    """
    chats = select(CHAT.c.id, CHAT.c.platform, *COLUMNS)
    if announcement.follows is None:
        subscribers = chats.select_from(SUBSCRIPTION).where(SUBSCRIPTION.c.topic == announcement.topic)
        if announcement.kind is Kind.INCIDENT:  # its message is a ballot paper, which nobody gets where polls are off
            subscribers = subscribers.where(CHAT.c.polls)
        return _with_settings(subscribers, SUBSCRIPTION), SUBSCRIPTION.c.chat_id
    topic = select(ANNOUNCEMENT.c.topic).where(ANNOUNCEMENT.c.id == announcement.follows).scalar_subquery()
    wanted = (SUBSCRIPTION.c.chat_id == DELIVERY.c.chat_id) & (SUBSCRIPTION.c.topic == topic)
    unaware = DELIVERY.c.settled_at < int(announcement.made_at.timestamp()) + ON_ITS_WAY
    told = chats.select_from(DELIVERY).where(DELIVERY.c.announcement_id == announcement.follows, SENT, unaware)
    return _with_settings(told, DELIVERY).join(SUBSCRIPTION, wanted), DELIVERY.c.chat_id


def _with_settings(chats: Select[Any], told: Table) -> Select[Any]:
    return chats.join_from(told, CHAT, CHAT.c.id == told.c.chat_id).outerjoin(
        SETTINGS, SETTINGS.c.chat_id == told.c.chat_id
    )
