"""What became of a race: moved, new on the calendar, off it, or back."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.cards.season_text import SESSIONS, updated
from bot.cards.time_text import local_day, moved_from, start_before, when
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.instants import Text, filled, joined
from bot.chat.replies import Reply
from bot.domain.calendar_changes import CalendarChange
from bot.domain.chat_settings import ChatSettings
from bot.domain.season import NO_SOURCE, Race, Source
from bot.domain.sessions import SessionKind
from bot.i18n import _, marked
from bot.i18n.formats import weekday
from bot.i18n.races import race_name

TITLES = {
    CalendarChange.ADDED: marked("{race} {season}: new on the calendar"),
    CalendarChange.BACK: marked("{race} {season}: back on the calendar"),
    CalendarChange.CANCELLED: marked("{race} {season}: off the calendar"),
    CalendarChange.MOVED: marked("{race} {season}: moved"),
}

NOTHING: Mapping[SessionKind, dt.date] = MappingProxyType({})


def calendar_change_reply(
    race: Race,
    change: CalendarChange,
    now: dt.datetime,
    settings: ChatSettings,
    track: ZoneInfo | None,
    *,
    moved: Mapping[SessionKind, dt.date] = NOTHING,
    source: Source = NO_SOURCE,
) -> Reply:
    """What became of a race, and when it starts; `moved` are the starts that sessions had before."""
    is_race = change is not CalendarChange.MOVED or SessionKind.RACE in moved
    title = _(TITLES[change]) if is_race else _("{race} {season}: new times")
    card = Card(
        title.format(race=race_name(race.name), season=race.season),
        paragraphs=(_said(race, change, now, settings, track, moved),),
        footer=updated(*source),
    )
    return Reply(card, ((Button(_("Calendar"), "calendar", str(race.season)),),))


def _said(
    race: Race,
    change: CalendarChange,
    now: dt.datetime,
    settings: ChatSettings,
    track: ZoneInfo | None,
    moved: Mapping[SessionKind, dt.date],
) -> Text:
    if change is CalendarChange.CANCELLED:
        day = weekday(local_day(race.race, settings.clock if settings.zone else track))
        return _("It was to be on {day}, in {place}.").format(day=day, place=race.locality)
    if change is not CalendarChange.MOVED:
        return filled(_("It starts on {time}."), time=when(race.race, settings.zone, track))
    if {*moved} == {SessionKind.RACE}:
        return moved_from(moved[SessionKind.RACE], race.race, now, settings.zone, track)
    said = _("{session}: {time}; it was to be {before}.")
    lines = [
        filled(
            said,
            session=_(SESSIONS[session.kind]),
            time=when(session, settings.zone, track),
            before=start_before(moved[session.kind], session, settings.zone),
        )
        for session in race.sessions
        if session.kind in moved
    ]
    return joined("\n", lines)
