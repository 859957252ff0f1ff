"""A reminder of a session some time before it, and its start where it is another than was said."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.cards.season_text import SESSIONS, countdown, phrase
from bot.cards.time_text import moved_from, when
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.instants import Text, filled
from bot.chat.replies import Reply
from bot.domain.chat_settings import ChatSettings
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.i18n import _
from bot.i18n.races import race_name

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

DAY_TO_GO, HOUR_TO_GO = (23 * HOUR + 45 * MINUTE, 24 * HOUR), (58 * MINUTE, 62 * MINUTE)
"""How long it is to a session's start that is `a day`, or `an hour`; anything else is said in hours and minutes."""


def reminder_reply(
    race: Race, session: Session, now: dt.datetime, settings: ChatSettings, track: ZoneInfo | None
) -> Reply:
    """How long it is to a session, and when it starts.

    One that comes after the start says since when the session is under way, as far as the calendar knows.
    """
    if session.begun(now):
        said = _("This comes late: it was to start on {time}.")
    else:
        said = _("Lights out on {time}.") if session.kind is SessionKind.RACE else _("It starts on {time}.")
    start = filled(said, time=when(session, settings.zone, track))
    return _reply(_title(race, session, now), start, race)


def new_start_reply(
    race: Race, session: Session, was: dt.datetime, now: dt.datetime, settings: ChatSettings, track: ZoneInfo | None
) -> Reply:
    """That a session starts at another time than a reminder said, and at which."""
    start = moved_from(was, session, now, settings.zone, track)
    return _reply(_("{race}: another start than I said").format(race=_called(race, session)), start, race)


def _called(race: Race, session: Session) -> str:
    called = race_name(race.name)
    return called if session.kind is SessionKind.RACE else f"{called}, {_(SESSIONS[session.kind])}"


def _title(race: Race, session: Session, now: dt.datetime) -> str:
    """How long it is to a session, to the minute: `Italian Grand Prix: 40 minutes to go`; or since when it is on."""
    called, left = _called(race, session), (session.starts_at or now) - now
    if session.begun(now):
        return _("{race}: by the calendar under way for {time}").format(race=called, time=countdown(MINUTE / 2 - left))
    if DAY_TO_GO[0] <= left <= DAY_TO_GO[1]:
        return _("{race}: a day to go").format(race=called)
    if HOUR_TO_GO[0] <= left <= HOUR_TO_GO[1]:
        return _("{race}: an hour to go").format(race=called)
    return _("{race}: {time} to go").format(race=called, time=countdown(left + MINUTE / 2))


def _reply(title: str, said: Text, race: Race) -> Reply:
    card = Card(title, paragraphs=(said,), footer=phrase((race.circuit, race.locality)))
    return Reply(card, ((Button(_("The weekend"), "next"), Button(_("Standings"), "standings")),))
