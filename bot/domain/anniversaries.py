"""On this day: which incident of an earlier year is told on a date, and when a chat is told it."""

import datetime as dt
from collections.abc import Iterable

from bot.domain.chat_settings import ChatSettings
from bot.domain.incidents import Incident

TOLD_AT, AT_NOON = dt.time(18), dt.time(12)
"""When a chat is told by its own clock; at noon where it is quiet in the evening."""

LOOK_AHEAD = dt.timedelta(hours=2)
"""For how long ahead it is settled which chats are told; what they wish may change until then."""


def of_this_day(incidents: Iterable[Incident], day: dt.date) -> Incident | None:
    """The most widely known incident of a date in an earlier year, the latest of several; None where there is none.

    Where asking who was to blame would be out of place, as somebody was badly hurt, it is no anniversary to be told.
    """
    fitting = [
        each
        for each in incidents
        if each.poll and (each.date.month, each.date.day) == (day.month, day.day) and each.date.year < day.year
    ]
    return max(fitting, key=lambda each: (each.fame, each.date, each.id), default=None)


def told_at(day: dt.date, now: dt.datetime, settings: ChatSettings) -> dt.datetime | None:
    """When a chat is told of a day, late rather than never while it is that day there; None where that is not now."""
    for time in (TOLD_AT, AT_NOON):
        moment = settings.may_be_told_at(max(dt.datetime.combine(day, time, settings.clock).astimezone(dt.UTC), now))
        if moment.astimezone(settings.clock).date() == day:
            return moment if moment - now <= LOOK_AHEAD else None
    return None
