"""What counts as told is written together with its announcement."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import CalendarEntry
from bot.domain.season import Race
from storage.announcements import Announcements
from storage.database.base import Database
from storage.seasons import Seasons
from storage.told_seasons import ToldSeasons
from tests.support.season import CALENDAR, FETCHED, IMOLA, RESULT

MOVED = replace(IMOLA, sessions=(IMOLA.sessions[0], replace(IMOLA.race, starts_at=FETCHED, day=FETCHED.date())))
AGAIN = replace(MOVED, sessions=(IMOLA.sessions[0], replace(MOVED.race, starts_at=FETCHED + dt.timedelta(hours=1))))
NEWS = Announcement("calendar imola 1", "calendar", Kind.CALENDAR, {}, FETCHED)
RECAP = Announcement("recap imola race", "recaps", Kind.RECAP, {}, FETCHED)


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@pytest.fixture
async def told(database: Database, seasons: Seasons) -> ToldSeasons:
    """The calendar was read, and counts as told."""
    await seasons.store_schedule(2021, CALENDAR, FETCHED)
    return ToldSeasons(database, Announcements(database))


async def imola(told: ToldSeasons) -> CalendarEntry:
    """What is known of Imola's race, and what was told."""
    (entry,) = (entry for entry in await told.calendar(2021) if entry.race.key == IMOLA.key)
    return entry


async def move(seasons: Seasons, race: Race) -> None:
    """Read a calendar on which Imola's race starts at another time."""
    await seasons.store_schedule(2021, [race if race.key == each.key else each for each in CALENDAR], FETCHED)


async def test_what_is_announced_counts_as_told(told: ToldSeasons, seasons: Seasons) -> None:
    await move(seasons, MOVED)
    assert await told.announce_change(NEWS, await imola(told))
    assert await imola(told) == CalendarEntry(MOVED, told=MOVED, changes_told=1)


async def test_what_was_announced_already_changes_nothing(told: ToldSeasons, seasons: Seasons) -> None:
    await move(seasons, MOVED)
    seen = await imola(told)
    await move(seasons, AGAIN)
    await told.announce_change(NEWS, await imola(told))
    assert await told.announce_change(NEWS, seen) is None
    assert await imola(told) == CalendarEntry(AGAIN, told=AGAIN, changes_told=1)


async def test_what_was_told_since_is_not_undone_without_a_word(told: ToldSeasons, seasons: Seasons) -> None:
    seen = await imola(told)
    await move(seasons, MOVED)
    await told.announce_change(NEWS, await imola(told))
    await told.take_as_told([(seen, IMOLA)])
    assert (await imola(told)).told == MOVED
    await told.take_as_told([(await imola(told), None)])
    assert (await imola(told)).told is None


async def test_a_result_has_changed_where_it_was_told_and_is_stored_as_another(
    told: ToldSeasons, seasons: Seasons
) -> None:
    corrected = replace(RESULT, finishes=RESULT.finishes[:-1])
    await seasons.store_classification(corrected, FETCHED)
    await seasons.store_classification(RESULT, FETCHED)
    assert await told.changed_results() == [], "nothing was told"
    assert await told.announce_result(RECAP, RESULT)
    await seasons.store_classification(corrected, FETCHED)
    (changed,) = await told.changed_results()
    assert changed.classification == corrected
    assert await told.announce_result(RECAP, corrected, changed.document) is None
    assert await told.changed_results() == [changed]
    await told.result_compared(changed, was_told=True)
    assert await told.changed_results() == []


async def test_a_result_that_nobody_remembers_being_told_is_left_alone(told: ToldSeasons, seasons: Seasons) -> None:
    await seasons.store_classification(RESULT, FETCHED)
    await told.announce_result(RECAP, RESULT)
    await seasons.store_classification(replace(RESULT, finishes=RESULT.finishes[:-1]), FETCHED)
    (changed,) = await told.changed_results()
    await told.result_compared(changed, was_told=False)
    await seasons.store_classification(RESULT, FETCHED)
    assert await told.changed_results() == []
