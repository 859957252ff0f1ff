"""Starts that an operator sets, by the words of the command line."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from bot.app.starts import SAY_WHEN, STANDS, StartsByHand
from bot.domain.sessions import SessionKind
from bot.events import CalendarChanged, Events
from storage.database.open import open_database
from storage.incidents.reading import read_circuits
from storage.seasons import Seasons
from tests.support.clock import FakeClock
from tests.support.season import CALENDAR, FETCHED, IMOLA, MONZA

NOW = dt.datetime(2021, 9, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
async def seasons(sqlite_url: str) -> AsyncIterator[Seasons]:
    """The calendar of 2021 is known."""
    database = open_database(sqlite_url)
    await database.upgrade()
    seasons = Seasons(database)
    await seasons.store_schedule(2021, CALENDAR, FETCHED)
    yield seasons
    await database.close()


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def starts(seasons: Seasons, events: Events) -> StartsByHand:
    return StartsByHand(seasons, read_circuits(), events, FakeClock(NOW))


@pytest.mark.parametrize("said", ["2021-09-12T14:30Z", "2021-09-12T16:30", "2021-09-12T10:30-04:00"])
async def test_a_start_is_set_and_whoever_looks_for_news_hears_of_it(
    starts: StartsByHand, seasons: Seasons, events: Events, said: str
) -> None:
    heard = events.subscribe(CalendarChanged)
    report = await starts.set_start("monza", "race", said)
    assert report.ok
    assert report.lines == (
        "Italian Grand Prix 2021, Race: Sunday 12 September, 14:30 UTC (16:30 at the track).",
        STANDS,
    )
    race = await seasons.race(MONZA.key)
    assert race
    assert race.race.starts_at == dt.datetime(2021, 9, 12, 14, 30, tzinfo=dt.UTC)
    assert race.session(SessionKind.QUALIFYING) == MONZA.session(SessionKind.QUALIFYING)
    async for event in heard:
        assert event == CalendarChanged(2021)
        break


@pytest.mark.parametrize(
    ("race", "session", "start", "line"),
    [
        ("monza", "race", "tomorrow", SAY_WHEN),
        ("monza", "race", "2021-08-12T14:30Z", "That is past."),
        ("monza", "sprint", "2021-09-12T14:30Z", "Italian Grand Prix 2021 has no sprint."),
        ("monza", "warm-up", "2021-09-12T14:30Z", "No session is called warm-up. There are practice-1, "),
        ("spa", "race", "2021-09-12T14:30Z", "No race by that name in 2021."),
        ("2021", "race", "2021-09-12T14:30Z", "Which race? Say it like this: miami 2026"),
        ("italy", "race", "2021-09-12T14:30Z", "Which one? Say more:"),
    ],
)
async def test_what_cannot_be_set_is_said_and_changes_nothing(
    starts: StartsByHand, seasons: Seasons, race: str, session: str, start: str, line: str
) -> None:
    report = await starts.set_start(race, session, start)
    assert not report.ok
    assert report.lines[0].startswith(line)
    assert await seasons.schedule(2021) == CALENDAR


async def test_a_race_that_was_called_off_has_no_start(starts: StartsByHand, seasons: Seasons) -> None:
    await seasons.store_schedule(2021, [race for race in CALENDAR if race is not MONZA], FETCHED)
    report = await starts.set_start("monza", "race", "2021-09-12T14:30Z")
    assert report.lines[0].startswith("The Italian Grand Prix 2021 was called off.")
    assert await seasons.race(IMOLA.key) == IMOLA
