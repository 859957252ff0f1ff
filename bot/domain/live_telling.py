"""When a chat is told of a running session: which incidents by themselves, which in the digest, and what is held back.

A live poll is worth telling in its hour: while people watch. So one that a chat cannot be told within half an hour,
for its quiet hours or as it holds results back, is not told late and by itself: it is in the digest, one message with
all that was not told by itself, which comes at the flag, when the result may be told, or after the quiet hours.

What names drivers while a race runs gives away that they are in it, and in trouble: where results are veiled, live
polls, rulings and the digest are veiled too; where results are held, they wait for the moment from which the result
may be told. A delay is added to everything, as a chat must never know before its pictures do.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.chat_settings import ChatSettings, Spoilers

MOST_BY_THEMSELVES = 5
"""Live polls of one session that a chat is pushed; what comes after them is in the digest."""

IN_ITS_HOUR = dt.timedelta(minutes=30)
"""How long after race control noted an incident its poll is still told by itself."""


class Stage(StrEnum):
    """How far an incident has come, as race control and the stewards say; nobody is to blame before a penalty."""

    NOTED_ONLY = "noted_only"
    INVESTIGATION_OPEN = "investigation_open"
    AFTER_RACE = "after_race"
    NO_FURTHER_ACTION = "no_further_action"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class LiveIncident:
    """An incident of a running session, as far as telling it takes.

    `names` are the drivers' in race control's order, `place` is empty where none was said, `penalties` are in the
    stewards' words where the stage is a penalty, or where a document says what race control's messages do not.
    """

    id: str
    names: tuple[str, ...]
    place: str
    stage: Stage
    noted_at: dt.datetime
    penalties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedOut:
    """How a chat is told a session's incidents: each of them is in one of the two."""

    by_themselves: tuple[LiveIncident, ...]
    in_digest: tuple[LiveIncident, ...]


def shared_out(incidents: Iterable[LiveIncident], settings: ChatSettings) -> SharedOut:
    """Share a session's incidents out, given in the order in which they were noted.

    More of them, noted later, take none out of those that are told by themselves.
    """
    by_themselves: list[LiveIncident] = []
    in_digest = []
    for incident in incidents:
        if len(by_themselves) < MOST_BY_THEMSELVES and poll_due(settings, incident.noted_at) is not None:
            by_themselves.append(incident)
        else:
            in_digest.append(incident)
    return SharedOut(tuple(by_themselves), tuple(in_digest))


def poll_due(settings: ChatSettings, noted_at: dt.datetime) -> dt.datetime | None:
    """When a chat may be told a live poll by itself; None where it cannot be in its hour, and is in the digest."""
    if settings.spoilers is Spoilers.HELD:
        return None
    seen = noted_at + _delay(settings)
    due = settings.may_be_told_at(seen)
    return due if due - seen <= IN_ITS_HOUR else None


def ruling_due(settings: ChatSettings, ruled_at: dt.datetime, flag: dt.datetime) -> dt.datetime:
    """When a chat may be told a ruling; it stays news, so quiet hours put it off and drop nothing.

    `flag` is when the session ends, or is expected to.
    """
    return settings.may_be_told_at(ruled_at + _delay(settings), flag)


def digest_due(settings: ChatSettings, flag: dt.datetime) -> dt.datetime:
    """When a chat may be told the digest of a session that ended at the flag."""
    return settings.may_be_told_at(flag + _delay(settings), flag)


def is_veiled(settings: ChatSettings) -> bool:
    """Whether what names drivers of a running session is hidden until somebody taps it."""
    return settings.spoilers is Spoilers.VEILED


def _delay(settings: ChatSettings) -> dt.timedelta:
    return dt.timedelta(seconds=settings.delay_seconds)
