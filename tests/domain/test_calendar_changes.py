"""What there is to tell of a calendar, held against what was told."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.calendar_changes import CALLED_OFF_AFTER, CalendarChange, CalendarEntry, no_news
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from tests.support.season import IMOLA, MONZA

SECOND = dt.timedelta(seconds=1)
DAY_KNOWN = replace(IMOLA, sessions=(Session(SessionKind.RACE, IMOLA.race.day),))
RENAMED = replace(IMOLA, name="Made in Italy Grand Prix")
QUALIFYING, RACE = IMOLA.sessions
LATER_QUALIFYING = replace(
    IMOLA, sessions=(Session(QUALIFYING.kind, QUALIFYING.day, dt.datetime(2021, 4, 17, 13, 10, tzinfo=dt.UTC)), RACE)
)
MOVED = replace(IMOLA, sessions=(Session(SessionKind.RACE, dt.date(2021, 4, 25)),))

START_IN_THE_EVENING = dt.datetime(2021, 4, 18, 4, tzinfo=dt.UTC)
IN_THE_EVENING = replace(IMOLA, sessions=(Session(SessionKind.RACE, dt.date(2021, 4, 17), START_IN_THE_EVENING),))
DAY_IN_UTC = replace(IMOLA, sessions=(Session(SessionKind.RACE, START_IN_THE_EVENING.date()),))
"""A race on the evening of the 17th at the track, and as it was known while only its day in UTC was."""


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        (CalendarEntry(IMOLA, told=IMOLA), None),
        (CalendarEntry(replace(IMOLA, round=3), told=IMOLA), None),
        (CalendarEntry(MOVED, told=IMOLA), CalendarChange.MOVED),
        (CalendarEntry(LATER_QUALIFYING, told=IMOLA), CalendarChange.MOVED),
        (CalendarEntry(LATER_QUALIFYING, told=DAY_KNOWN), None),
        (CalendarEntry(DAY_KNOWN, told=IMOLA), None),
        (CalendarEntry(IMOLA, told=DAY_KNOWN), None),
        (CalendarEntry(IN_THE_EVENING, told=DAY_IN_UTC), None),
        (CalendarEntry(IN_THE_EVENING, told=replace(DAY_IN_UTC, sessions=MOVED.sessions)), CalendarChange.MOVED),
        (CalendarEntry(IMOLA, told=None), CalendarChange.ADDED),
        (CalendarEntry(IMOLA, told=None, changes_told=1), CalendarChange.BACK),
        (CalendarEntry(IMOLA, told=IMOLA, missing_for=CALLED_OFF_AFTER - SECOND), None),
        (CalendarEntry(IMOLA, told=IMOLA, missing_for=CALLED_OFF_AFTER), CalendarChange.CANCELLED),
        (CalendarEntry(IMOLA, told=None, changes_told=1, missing_for=CALLED_OFF_AFTER), None),
    ],
)
def test_what_became_of_a_race(entry: CalendarEntry, change: CalendarChange | None) -> None:
    assert entry.change is change


def told(*entries: CalendarEntry) -> list[tuple[Race, Race | None]]:
    """What counts as told without a word: of which race, and how."""
    return [(entry.race, race) for entry, race in no_news(entries)]


def test_what_is_as_it_was_told_needs_nothing() -> None:
    assert told(CalendarEntry(IMOLA, told=IMOLA), CalendarEntry(MONZA, told=None)) == []


def test_details_and_a_time_that_becomes_known_count_as_told() -> None:
    later_round = replace(IMOLA, round=3)
    assert told(CalendarEntry(later_round, told=IMOLA)) == [(later_round, later_round)]
    assert told(CalendarEntry(IMOLA, told=DAY_KNOWN)) == [(IMOLA, IMOLA)]


def test_a_time_that_is_not_known_any_more_is_remembered_as_it_was_told() -> None:
    assert told(CalendarEntry(DAY_KNOWN, told=IMOLA)) == []


def test_what_was_told_of_a_session_stays_while_it_is_missing_or_another_moved() -> None:
    without_times = replace(MOVED, sessions=(Session(QUALIFYING.kind, QUALIFYING.day), *MOVED.sessions))
    for race in (MOVED, without_times):
        assert CalendarEntry(race, told=IMOLA).now_told.sessions == (QUALIFYING, *MOVED.sessions)


def test_the_sessions_that_moved_are_named_with_what_they_were() -> None:
    assert CalendarEntry(LATER_QUALIFYING, told=IMOLA).moved == {
        SessionKind.QUALIFYING: (QUALIFYING, LATER_QUALIFYING.sessions[0])
    }


def test_a_race_by_a_new_name_takes_over_what_was_told_of_the_old_one() -> None:
    gone = CalendarEntry(IMOLA, told=MOVED, missing_for=dt.timedelta())
    assert told(CalendarEntry(RENAMED, told=None), gone) == [(IMOLA, None), (RENAMED, MOVED)]
    assert told(CalendarEntry(replace(RENAMED, circuit_id="mugello"), told=None), gone) == []
    twice = (CalendarEntry(RENAMED, told=None), CalendarEntry(replace(RENAMED, name="Other"), told=None), gone)
    assert told(*twice) == [(IMOLA, None), (RENAMED, MOVED)]
