"""When a session is: by each reader's clock, in words by the chat's or in UTC, and at the track."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.cards.clock_text import UTC, local_time
from bot.chat.instants import Instant, Text, filled, text_of
from bot.domain.sessions import Session
from bot.i18n import _
from bot.i18n.formats import weekday, weekday_alone


def when(session: Session, here: str | None, track: ZoneInfo | None) -> Text:
    """`Sunday 18 April, 14:00 in London (15:00 at the track)`; in UTC without a zone. A day where no time is known."""
    if session.starts_at is None:
        return weekday(session.day)
    return text_of(_start(session.starts_at, here), _at_the_track(session.starts_at, ZoneInfo(here or UTC), track))


def local_day(session: Session, zone: dt.tzinfo | None) -> dt.date:
    """The day of a session by a zone's clocks."""
    return session.starts_at.astimezone(zone).date() if session.starts_at and zone else session.day


def start_before(was: dt.date, session: Session, here: str | None) -> Text:
    """The start that a session had before: `at 15:00` on the same day, `on Sunday 11 April, 15:00`, or on a day alone.

    It is written by the chat's clock, or in UTC.
    """
    if not isinstance(was, dt.datetime):
        return _("on {day}").format(day=weekday(was))
    clock = ZoneInfo(here or UTC)
    before = was.astimezone(clock)
    time = f"{before:%H:%M}" if here else local_time(was, UTC)
    if before.date() == local_day(session, clock):
        return text_of(Instant(was, _("at {time}").format(time=time)))
    return text_of(Instant(was, _("on {day}").format(day=f"{weekday(before)}, {time}")))


def moved_from(was: dt.date, session: Session, now: dt.datetime, here: str | None, track: ZoneInfo | None) -> Text:
    """When a session starts, or by the calendar started while others were waiting for it, and when it was to start."""
    said = (
        _("By the calendar it is under way, since {time}; it was to be {before}.")
        if session.begun(now)
        else _("It starts on {time}; it was to be {before}.")
    )
    return filled(said, time=when(session, here, track), before=start_before(was, session, here))


def _start(at: dt.datetime, here: str | None) -> Instant:
    zone = here or UTC
    return Instant(at, f"{weekday(at.astimezone(ZoneInfo(zone)).date())}, {local_time(at, zone)}")


def _at_the_track(at: dt.datetime, clock: ZoneInfo, track: ZoneInfo | None) -> str:
    """The time at the track, where it is another than the clock's."""
    here, there = at.astimezone(clock), at.astimezone(track or clock)
    if there.replace(tzinfo=None) == here.replace(tzinfo=None):
        return ""
    other_day = f"{weekday_alone(there)} " if there.date() != here.date() else ""
    said = _("{time} at the track").format(time=f"{other_day}{there:%H:%M}")
    return f" ({said})"
