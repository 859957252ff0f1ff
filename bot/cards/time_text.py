"""When a session is, in words: by a chat's clock and at the track, or at the track and in UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.cards.clock_text import local_time
from bot.domain.season import Session
from bot.i18n import _
from bot.i18n.formats import weekday, weekday_alone


def when(session: Session, here: str | None, track: ZoneInfo | None) -> str:
    """`Sunday 18 April, 14:00 in London (15:00 at the track)`; `Sunday 18 April, 15:00 (13:00 UTC)` without a zone."""
    return _here(session, here, track) if here else _there(session, track)


def whose_clock(session: Session, here: str | None, track: ZoneInfo | None) -> str:
    """Whose times a card says first, for its footer: the track's; nothing where they are the chat's own, or UTC."""
    if track is None or session.starts_at is None or here:
        return ""
    return _("Times at the track ({zone})").format(zone=track.key)


def local_day(session: Session, zone: dt.tzinfo | None) -> dt.date:
    """The day of a session by a zone's clocks."""
    return session.starts_at.astimezone(zone).date() if session.starts_at and zone else session.day


def start_before(was: dt.date, session: Session, clock: dt.tzinfo) -> str:
    """The start that a session had before: `at 15:00` on the same day, `on Sunday 11 April`."""
    if not isinstance(was, dt.datetime):
        return _("on {day}").format(day=weekday(was))
    before = was.astimezone(clock)
    if before.date() == local_day(session, clock):
        return _("at {time}").format(time=f"{before:%H:%M}")
    return _("on {day}").format(day=f"{weekday(before)}, {before:%H:%M}")


def _there(session: Session, track: ZoneInfo | None) -> str:
    date = local_day(session, track)
    if session.starts_at is None:
        return weekday(date)
    utc = f"{session.starts_at:%H:%M} UTC"
    if track is None:
        return f"{weekday(date)}, {utc}"
    other_day = f"{weekday_alone(session.starts_at)} " if session.starts_at.date() != date else ""
    return f"{weekday(date)}, {session.starts_at.astimezone(track):%H:%M} ({other_day}{utc})"


def _here(session: Session, here: str, track: ZoneInfo | None) -> str:
    date = local_day(session, ZoneInfo(here))
    if session.starts_at is None:
        return weekday(date)
    said = f"{weekday(date)}, {local_time(session.starts_at, here)}"
    there = session.starts_at.astimezone(track) if track else None
    if there is None or there.replace(tzinfo=None) == session.starts_at.astimezone(ZoneInfo(here)).replace(tzinfo=None):
        return said
    other_day = f"{weekday_alone(there)} " if there.date() != date else ""
    at_the_track = _("{time} at the track").format(time=f"{other_day}{there:%H:%M}")
    return f"{said} ({at_the_track})"
