"""What is said of seasons, races and results that there are not, or not yet."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.cards.race_buttons import data_of
from bot.chat.buttons import Button
from bot.chat.commands import UserError
from bot.domain.season import QUALIFYING_SINCE, Race, Witness
from bot.domain.sessions import SessionKind
from bot.i18n import _, marked
from bot.i18n.formats import day, day_of_season, either
from bot.i18n.races import race_name
from bot.search.race_finder import FIRST_SEASON
from bot.search.words import as_data

NOT_NOW: Mapping[Witness, str] = {
    Witness.ARCHIVE: marked("The results archive has no answer to that just now. Please try again later."),
    Witness.F1DB: marked(
        "f1db alone tells of seasons here, and has nothing of that so far. What its next release has comes by itself."
    ),
}
"""What is said of what is not stored, by whose seasons are followed; nobody can be asked for what f1db has not told."""

NOT_IN_YET: Mapping[Witness, str] = {
    Witness.ARCHIVE: marked("The result is not in yet; it comes some hours after the chequered flag."),
    Witness.F1DB: marked("The result is not in yet; it comes with f1db's next release, mostly on the race's evening."),
}
DATA = 40
"""Bytes of what was asked for, in the data of a button."""

EXPECTED = dt.timedelta(days=2)
"""After which a result that is not in has to be asked for."""


def no_such_season(season: int, now: dt.datetime) -> UserError | None:
    """Why nobody can know anything of a season; None where somebody may."""
    last = now.year + 1
    if FIRST_SEASON <= season <= last:
        return None
    said = _("The championship's seasons are {first} to {last}.").format(first=FIRST_SEASON, last=last)
    return UserError(said, Button(_("Calendar"), "calendar"))


def no_day(typed: str) -> str:
    """That there is no such day: `31.2.2021`."""
    return _("“{day}” is in no calendar.").format(day=typed)


def no_day_of(season: int, typed: str, command: str, asked: str) -> UserError:
    """That there is no such day, with the way to what a command knows of the whole season."""
    return UserError(no_day(typed), Button(f"{season}", command, as_data(f"{asked} {season}", DATA).strip()))


def on_days(days: Sequence[dt.date]) -> str:
    """When, where it is one of a few days: `on 4 May 2021 or on 5 April 2021`."""
    return _on([day(each) for each in days])


def on_dates(days: Sequence[dt.date]) -> str:
    """When, where it is one of a few dates in any year: `on 18 April`."""
    return _on([*dict.fromkeys(day_of_season(each) for each in days)])


def _on(days: Sequence[str]) -> str:
    named = [_("on {day}").format(day=each) for each in days]
    return either(named) if len(named) > 1 else named[0]


def no_race_on(days: Sequence[dt.date], season: int, near: Sequence[Button]) -> UserError:
    """That there was no race on a day, with the way to what is `near`, or else to the season's calendar."""
    said = _("No race {when}.").format(when=on_days(days))
    return UserError(said, *(near or [Button(_("The calendar"), "calendar", str(season))]))


def not_begun(season: int) -> UserError:
    """That a season has no race so far."""
    said = _("The season of {year} has not begun.").format(year=season)
    return UserError(said, Button(_("Its calendar"), "calendar", str(season)))


def no_such_race(season: int | None, words: Sequence[str], now: dt.datetime) -> UserError:
    """That no race of that name is known, in a season or of late; or, without a name, that none was held so far."""
    year = season or now.year
    said = _("The season of {year} has not begun.").format(year=year)
    if words:
        seasons = f"{season}" if season else either((f"{year - 1}", f"{year}"))
        said = _("No race by that name in {seasons}.").format(seasons=seasons)
    return UserError(said, Button(_("The calendar"), "calendar", str(year)))


def over(race: Race) -> UserError:
    """That a race is not to come any more."""
    said = _("The {race} {season} was on {day}.")
    said = said.format(race=race_name(race.name), season=race.season, day=day(race.race.day))
    calendar = Button(_("The calendar"), "calendar", str(race.season))
    return UserError(said, Button(_("Result"), "results", data_of(race)), calendar)


def called_off(race: Race) -> UserError:
    """That a race was to be, and is not held."""
    said = _("The {race} {season} was called off. It was to be on {day}.")
    said = said.format(race=race_name(race.name), season=race.season, day=day(race.race.day))
    return UserError(said, Button(_("The calendar"), "calendar", str(race.season)))


def no_result(race: Race, kind: SessionKind, now: dt.datetime, followed: Witness) -> UserError | None:
    """Why a session has no result; None where who is `followed` should have one."""
    back, session = Button(_("The race"), "results", data_of(race)), race.session(kind)
    if session is None and kind is SessionKind.SPRINT:
        return UserError(_("There was no sprint at that race."), back)
    if kind is SessionKind.QUALIFYING and race.season < QUALIFYING_SINCE:
        return UserError(_("No qualifying before {year} is known here.").format(year=QUALIFYING_SINCE), back)
    session = session or race.race
    if not session.begun(now):
        said = _("That is still to come, on {day}.").format(day=day(session.day))
        return UserError(said, Button(_("The calendar"), "calendar"))
    if now.date() - session.day > EXPECTED:
        return None
    return UserError(_(NOT_IN_YET[followed]), Button(_("The calendar"), "calendar", str(race.season)))
