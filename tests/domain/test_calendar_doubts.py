"""Starts that a feed gives, believed or not, as a calendar is read again and again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.calendar_doubts import BACK_WITHIN, CONFIRMED_AFTER, NONE, Doubts, believed, fits, set_right
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from tests.support.season import IMOLA, SILVERSTONE

NOW = dt.datetime(2021, 4, 10, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
QUALIFYING, RACE = SessionKind.QUALIFYING, SessionKind.RACE


def shifted(by: Mapping[SessionKind, dt.timedelta], race: Race = IMOLA) -> Race:
    """A race some of whose sessions start at another time."""
    starts = {each.kind: each.starts_at + by.get(each.kind, dt.timedelta()) for each in race.sessions if each.starts_at}
    return replace(race, sessions=tuple(Session(kind, start.date(), start) for kind, start in starts.items()))


BEFORE_QUALIFYING, SAME_INSTANT, NEXT_WEEK_ALONE = (
    shifted({RACE: -2 * DAY}),
    shifted({QUALIFYING: DAY}),
    shifted({RACE: 7 * DAY}),
)
LATER = shifted({RACE: HOUR})


class Reading:
    """A calendar that is read again and again."""

    def __init__(self) -> None:
        self.race, self.doubts, self.now = IMOLA, NONE, NOW

    def read(self, given: Race, after: dt.timedelta = dt.timedelta()) -> Race:
        """The race as it counts once the feed has given it, so long after it did last."""
        self.now += after
        self.race, self.doubts = believed(self.race, self.doubts, given, self.now)
        return self.race


@pytest.fixture
def reading() -> Reading:
    return Reading()


@pytest.mark.parametrize("slip", [BEFORE_QUALIFYING, SAME_INSTANT, NEXT_WEEK_ALONE])
def test_a_slip_is_believed_once_it_was_seen_again_some_minutes_later(reading: Reading, slip: Race) -> None:
    assert reading.read(slip) == IMOLA
    assert reading.read(slip, CONFIRMED_AFTER - dt.timedelta(seconds=1)) == IMOLA
    assert reading.read(slip, dt.timedelta(seconds=1)) == slip
    assert reading.doubts.since is None


@pytest.mark.parametrize("slip", [BEFORE_QUALIFYING, SAME_INSTANT, NEXT_WEEK_ALONE])
def test_a_slip_that_is_mended_was_never_there(reading: Reading, slip: Race) -> None:
    for _again in range(3):
        assert reading.read(slip) == IMOLA
        assert reading.read(IMOLA, HOUR) == IMOLA
    assert reading.doubts == NONE


def test_one_slip_after_another_confirms_neither(reading: Reading) -> None:
    for _again in range(3):
        assert reading.read(BEFORE_QUALIFYING, HOUR) == IMOLA
        assert reading.read(SAME_INSTANT, HOUR) == IMOLA


@pytest.mark.parametrize("race", [LATER, shifted({QUALIFYING: 7 * DAY, RACE: 7 * DAY}), shifted({QUALIFYING: HOUR})])
def test_a_start_that_fits_its_weekend_is_believed_at_once(reading: Reading, race: Race) -> None:
    assert reading.read(race) == race


def test_a_start_that_goes_back_and_forth_within_hours_moves_once(reading: Reading) -> None:
    assert reading.read(LATER) == LATER
    for _again in range(4):
        assert reading.read(IMOLA, HOUR / 2) == LATER
        assert reading.read(LATER, HOUR / 2) == LATER


def test_a_start_that_goes_back_and_stays_there_is_believed(reading: Reading) -> None:
    reading.read(LATER)
    assert reading.read(IMOLA, HOUR) == LATER
    assert reading.read(IMOLA, CONFIRMED_AFTER) == IMOLA


def test_a_start_that_goes_back_much_later_is_believed_at_once(reading: Reading) -> None:
    reading.read(LATER)
    assert reading.read(LATER, HOUR) == LATER
    assert reading.read(IMOLA, BACK_WITHIN) == IMOLA


def test_all_but_the_starts_is_taken_as_it_is_given(reading: Reading) -> None:
    assert reading.read(replace(BEFORE_QUALIFYING, round=3)) == replace(IMOLA, round=3)


def days_of(race: Race) -> Race:
    """A race as a feed gives it that has lost its times; the days are those in UTC, as a feed's are."""
    days = tuple(Session(each.kind, each.starts_at.date() if each.starts_at else each.day) for each in race.sessions)
    return replace(race, sessions=days)


def test_a_start_that_becomes_known_is_no_doubt(reading: Reading) -> None:
    reading.race = days_of(IMOLA)
    assert reading.read(days_of(IMOLA)) == days_of(IMOLA)
    assert reading.read(IMOLA) == IMOLA
    assert reading.doubts == Doubts()


def test_a_start_that_is_not_given_any_more_stands(reading: Reading) -> None:
    for _again in range(3):
        assert reading.read(days_of(IMOLA), DAY) == IMOLA
        assert reading.doubts == Doubts()
    week_later = days_of(shifted({QUALIFYING: 7 * DAY, RACE: 7 * DAY}))
    assert reading.read(week_later) == week_later


def test_a_slip_is_not_confirmed_by_a_feed_that_gives_no_start(reading: Reading) -> None:
    for given in (SAME_INSTANT, days_of(SAME_INSTANT), days_of(IMOLA)):
        assert reading.read(given, HOUR).race.starts_at == IMOLA.race.starts_at


def test_a_day_in_utc_is_no_other_day_than_the_tracks(reading: Reading) -> None:
    start = dt.datetime(2021, 4, 18, 4, tzinfo=dt.UTC)
    reading.race = replace(IMOLA, sessions=(Session(RACE, dt.date(2021, 4, 17), start),))
    assert reading.read(days_of(reading.race)).race.starts_at == start


def test_what_an_operator_says_counts_though_the_feed_gives_no_start_meanwhile(reading: Reading) -> None:
    start = NOW + 3 * DAY
    reading.race, reading.doubts = set_right(IMOLA, NONE, RACE, start, start.date())
    right = reading.race
    for given in (IMOLA, days_of(IMOLA), IMOLA):
        assert reading.read(given, DAY) == right


def test_what_an_operator_says_counts_until_the_feed_says_something_new(reading: Reading) -> None:
    start = NOW + 3 * DAY
    for _twice in range(2):
        reading.race, reading.doubts = set_right(reading.race, reading.doubts, RACE, start, start.date())
    right = reading.race
    assert right.race.starts_at == start
    for _again in range(3):
        assert reading.read(IMOLA, DAY) == right
    assert reading.read(LATER) == LATER


def test_what_an_operator_says_is_the_feeds_again_once_it_says_so_too(reading: Reading) -> None:
    assert LATER.race.starts_at
    reading.race, reading.doubts = set_right(IMOLA, NONE, RACE, LATER.race.starts_at, LATER.race.day)
    assert reading.read(LATER) == LATER
    assert reading.doubts == NONE


def test_what_may_be_a_weekend_is_one() -> None:
    assert fits(IMOLA.sessions)
    assert fits(SILVERSTONE.sessions)
    assert fits((Session(RACE, NOW.date()),))
    assert not fits(())
    assert not fits(IMOLA.sessions[:1])
