"""Announcements: news and reminders, each of which is told once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FOR_ONE_CHAT = ""
"""The topic of what one chat is told because of what was done there, whatever it subscribes to."""


class Kind(StrEnum):
    """What sort of announcement it is."""

    RECAP = "recap"
    CORRECTION = "correction"
    AMENDMENT = "amendment"
    REMINDER = "reminder"
    NEW_START = "new-start"
    CALENDAR = "calendar"
    POLL_RESULT = "poll-result"
    INCIDENT = "incident"
    RULING = "ruling"
    DIGEST = "digest"
    ANNIVERSARY = "anniversary"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A piece of news or a reminder; no two have one `key`, so that none is told twice.

    `subject` says what it is about, in JSON's terms. One that `follows` an earlier one goes to the chats that were told
    the earlier one and still want that one's topic.
    """

    key: str
    topic: str
    kind: Kind
    subject: Mapping[str, Any]
    made_at: dt.datetime
    expires_at: dt.datetime | None = None
    follows: int | None = None
    id: int = 0
