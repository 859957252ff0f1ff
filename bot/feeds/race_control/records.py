"""One record of a message, as Formula 1's live timing or OpenF1 writes it → a message."""

import datetime as dt
from typing import Any, Final

from bot.domain.race_control import Message
from bot.feeds.race_control.wording import LONGEST

SKIPPED: Final = object()
"""What stands for a document that could not be read, as None is one that can be."""

MOST_LAPS = 1_000
"""Upper bound of a lap's number that is believed."""


def as_message(index: int, record: dict[str, Any]) -> Message | None:
    """The message that a record is; None where it has no time or no words, or more than a message can have."""
    at = _time(record.get("Utc", record.get("date")))
    text = record.get("Message", record.get("message"))
    if at is None or not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        return None
    category, flag = (record.get(name, record.get(name.lower())) for name in ("Category", "Flag"))
    return Message(
        index, at, _storable(text), _lap(record.get("Lap", record.get("lap_number"))), _word(category) or "",
        _word(flag),
    )  # fmt: skip


def _time(value: object) -> dt.datetime | None:
    """A time in UTC: live timing leaves the zone out, OpenF1 writes it."""
    if not isinstance(value, str):
        return None
    try:
        at = dt.datetime.fromisoformat(value.strip())
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _lap(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(MOST_LAPS)):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_LAPS else None


def _word(value: object) -> str | None:
    return _storable(value) if isinstance(value, str) and len(value) <= LONGEST else None


def _storable(text: str) -> str:
    """A text without what no database takes: zeros, and halves of characters."""
    return text.encode(errors="replace").decode().replace("\x00", " ")
