"""What became of a race: moved, new on the calendar, off it, or back."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.cards.season_text import phrase, updated
from bot.cards.time_text import local_day, start_before, when, whose_clock
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.domain.calendar_changes import CalendarChange
from bot.domain.chat_settings import ChatSettings
from bot.domain.season import Race
from bot.i18n import _, marked
from bot.i18n.formats import weekday

TITLES = {
    CalendarChange.ADDED: marked("{race} {season}: new on the calendar"),
    CalendarChange.BACK: marked("{race} {season}: back on the calendar"),
    CalendarChange.CANCELLED: marked("{race} {season}: off the calendar"),
    CalendarChange.MOVED: marked("{race} {season}: moved"),
}


def calendar_change_reply(
    race: Race,
    change: CalendarChange,
    settings: ChatSettings,
    track: ZoneInfo | None,
    *,
    was: str = "",
    updated_at: dt.datetime | None = None,
) -> Reply:
    """What became of a race, and when it starts; `was` is the start that it had before it moved, in ISO's terms."""
    clock = "" if change is CalendarChange.CANCELLED else whose_clock(race.race, settings.zone, track)
    card = Card(
        _(TITLES[change]).format(race=race.name, season=race.season),
        paragraphs=(_said(race, change, settings, track, was),),
        footer=phrase((clock, updated(updated_at))),
    )
    return Reply(card, ((Button(_("Calendar"), "calendar", str(race.season)),),))


def _said(race: Race, change: CalendarChange, settings: ChatSettings, track: ZoneInfo | None, was: str) -> str:
    clock = settings.clock if settings.zone else track or dt.UTC
    if change is CalendarChange.CANCELLED:
        day = weekday(local_day(race.race, clock))
        return _("It was to be on {day}, in {place}.").format(day=day, place=race.locality)
    start = when(race.race, settings.zone, track)
    if change is CalendarChange.MOVED:
        said = _("It starts on {time}; it was to be {before}.")
        return said.format(time=start, before=start_before(_moment(was), race.race, clock))
    return _("It starts on {time}.").format(time=start)


def _moment(start: str) -> dt.date:
    """A start in ISO's terms: a moment, or a day while only that was known."""
    return dt.datetime.fromisoformat(start) if "T" in start else dt.date.fromisoformat(start)
