"""The next race, session by session, and a season's races in pages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.cards.clock_text import city
from bot.cards.incident_text import listed, page_of
from bot.cards.season_text import SESSIONS, countdown, fitting, phrase
from bot.cards.time_text import local_day, when
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.instants import Instant, Shown, Text, filled, joined, text_of
from bot.chat.paging import at_page
from bot.chat.replies import Reply
from bot.domain.classifications import names, placed
from bot.domain.season import Classification, Race
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted
from bot.i18n.formats import day, day_of_season
from bot.i18n.races import race_name

PAGE = 12
"""Races on a page."""

ROOM = 2600
"""Weight of a page's lines."""

WEEKEND = dt.timedelta(days=1)
"""How long before its first session the next race's weekend begins to matter more than the race."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """By which clocks times are told: what time it is, and the chat's zone, None where it has none."""

    now: dt.datetime
    here: str | None


def next_race_reply(
    race: Race,
    rounds: int,
    track: ZoneInfo | None,
    clocks: Clocks,
    source: Text,
    *,
    remind: str = "",
    running: Race | None = None,
) -> Reply:
    """The next race of a season of `rounds`, with a button that turns reminders on where `remind` labels one.

    Before it comes the race that is `running`, or the session of its own weekend that is.
    Times are written by the chat's clock, or in UTC where it has none, and at the track.
    """
    lines = [text_of(f"{_(SESSIONS[each.kind])}: ", when(each, clocks.here, track)) for each in race.sessions]
    told = (_running(race, running, clocks.now), _until(race, clocks.now, apart=running is not None))
    card = Card(
        race_name(race.name) if race.season == clocks.now.year else f"{race_name(race.name)} {race.season}",
        subtitle=phrase(
            (_("Round {round} of {rounds}").format(round=race.round, rounds=rounds), race.circuit, race.locality)
        ),
        paragraphs=(joined(" ", filter(None, told)), joined("\n", lines)),
        footer=source,
    )
    doors = (
        Button(_("Calendar"), "calendar"),
        Button(_("Standings"), "standings"),
        Button(_("Last result"), "results"),
    )
    return Reply(card, (doors, (Button(remind, "subscribe", "reminders"),)) if remind else (doors,))


def page_to_show(races: Sequence[Race], asked: int | None, now: dt.datetime) -> int:
    """The page that is asked for, or the nearest there is; by itself that with the next race, or the first."""
    begun = sum(race.race.begun(now) for race in races)
    by_itself = 1 if begun == len(races) else begun // PAGE + 1
    return min(max(by_itself if asked is None else asked, 1), _pages(races))


def on_page(races: Sequence[Race], page: int) -> Sequence[Race]:
    """The races of a page."""
    return races[(page - 1) * PAGE : page * PAGE]


def calendar_reply(
    races: Sequence[Race], page: int, lines: Sequence[Text], here: str | None, source: Text, *, veiled: bool = False
) -> Reply:
    """A page of a season's races, each in a line, with buttons to turn it; `veiled` where it names winners."""
    season, pages = races[0].season, _pages(races)
    card = Card(
        counted(
            "The {season} season: {number} race",
            "The {season} season: {number} races",
            len(races),
            season=f"{season}",
        ),
        paragraphs=(fitting(lines, ROOM),),
        footer=phrase((page_of(page, pages), source)),
        clock=_("Days and times by the clock of {city}").format(city=city(here)) if here else "",
    )
    turn = []
    if page > 1:
        turn.append(Button(_("Earlier"), "calendar", at_page(f"{season}", page - 1), turns=True))
    if page < pages:
        turn.append(Button(_("Later"), "calendar", at_page(f"{season}", page + 1), turns=True))
    return Reply(card, ((*turn, Button(_("Standings"), "standings", f"drivers {season}")),), veiled=veiled)


def race_line(race: Race, result: Classification | None, track: ZoneInfo | None, clocks: Clocks) -> Text:
    """A race in a line: `2. 18 April – Emilia Romagna Grand Prix · Verstappen`.

    By the chat's clock, where it has one, it says when a race to come starts: `3. 18 July, 15:00 – British …`.
    """
    called = names(result) if result else {}
    winners = [called[finish.entrant.driver_id] for finish in placed(result, 1)] if result else []
    line = text_of(f"{race.round}. ", _date(race, track, clocks), f" – {race_name(race.name)}")
    return phrase((line, listed(winners) if winners else ""))


def _date(race: Race, track: ZoneInfo | None, clocks: Clocks) -> Text | Instant:
    """A race's day, and when it starts where that is to come; written without the time where the chat has no clock."""
    here, start = clocks.here, race.race.starts_at
    date = day_of_season(local_day(race.race, ZoneInfo(here) if here else track))
    if start is None:
        return date
    if start <= clocks.now:
        return Instant(start, date, Shown.DATE)
    said = f"{date}, {start.astimezone(ZoneInfo(here)):%H:%M}" if here else date
    return Instant(start, said, Shown.DATE_AND_TIME)


def _pages(races: Sequence[Race]) -> int:
    return -(-len(races) // PAGE)


def _running(race: Race, other: Race | None, now: dt.datetime) -> Text:
    """What is under way: another race, or a session of this weekend; by the calendar, as nobody says that it began."""
    session = next((each for each in race.sessions if each.under_way(now)), None)
    name = _(SESSIONS[session.kind]) if session else ""
    if other is not None:
        session, name = other.race, race_name(other.name)
    if session is None or session.starts_at is None:
        return ""
    said = _("{session} is under way: it was to start {ago}.")
    ago = _("{time} ago").format(time=countdown(now - session.starts_at))
    return filled(said, session=name, ago=Instant(session.starts_at, ago, Shown.FROM_NOW))


def _until(race: Race, now: dt.datetime, *, apart: bool) -> Text:
    """How long it is to the race, by its name where it is told apart; on its weekend first to the next session."""
    if race.race.under_way(now):
        return ""
    coming = next((session for session in race.sessions if session.starts_at and session.starts_at > now), None)
    if coming is None or coming.starts_at is None or race.race.starts_at is None:
        return _("The race is on {day}.").format(day=day(race.race.day))
    said, from_now = _("{session} starts {from_now}."), _from_now(race.race.starts_at, now)
    if apart:  # from the one that is under way
        return filled(said, session=race_name(race.name), from_now=from_now)
    race_in = filled(_("The race starts {from_now}."), from_now=from_now)
    if coming.kind is SessionKind.RACE or coming.starts_at - now > WEEKEND:
        return race_in
    name = _(SESSIONS[coming.kind])
    return joined(" ", (filled(said, session=name, from_now=_from_now(coming.starts_at, now)), race_in))


def _from_now(start: dt.datetime, now: dt.datetime) -> Instant:
    return Instant(start, _("in {time}").format(time=countdown(start - now)), Shown.FROM_NOW)
