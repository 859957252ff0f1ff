"""What there is to be told, each thing once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of thing is told."""

    RECAP = "recap"
    CORRECTION = "correction"
    REMINDER = "reminder"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to be told; `key` is its own, so that it is never told twice.

    `subject` says what it is about, in JSON's terms. One that `follows` another goes to whoever was told that and still
    wants to be.
    """

    key: str
    topic: str
    kind: Kind
    subject: Mapping[str, Any]
    made_at: dt.datetime
    expires_at: dt.datetime | None = None
    follows: int | None = None
    id: int = 0
