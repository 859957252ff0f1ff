import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.season import Classification, Race
from bot.domain.sessions import SessionKind
from storage.database.base import Database
from storage.documents import CLASSIFICATION
from storage.seasons import Seasons
from tests.storage.invented_2021 import (
    BAHRAIN,
    CALENDAR,
    IMOLA,
    MONDAY,
    PORTUGAL,
    RESULT,
    STANDINGS,
    SUNDAY,
    finish,
)
from tests.support.overheard import overheard


@pytest.fixture
def seasons(database: Database) -> Seasons:
    return Seasons(database)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECTs that are sent to any database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    with overheard("before_cursor_execute", note):
        yield sent


async def test_a_race_is_known_whether_it_is_on_the_calendar_or_not(seasons: Seasons) -> None:
    assert await seasons.race(PORTUGAL.key) is None
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert await seasons.race("2021-portuguese-grand-prix") == PORTUGAL
    await seasons.store_schedule(2021, (BAHRAIN, IMOLA), MONDAY)
    assert await seasons.race(PORTUGAL.key) == PORTUGAL


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (dt.datetime(2021, 1, 1, tzinfo=dt.UTC), BAHRAIN),
        (dt.datetime(2021, 4, 18, 13, 0, tzinfo=dt.UTC), IMOLA),
        (dt.datetime(2021, 4, 18, 15, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))), PORTUGAL),
        (dt.datetime(2021, 5, 2, 23, 59, tzinfo=dt.UTC), PORTUGAL),
        (dt.datetime(2021, 5, 3, 0, 1, tzinfo=dt.UTC), None),
    ],
)
async def test_the_next_race_is_the_first_to_start(seasons: Seasons, now: dt.datetime, following: Race | None) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    assert await seasons.next_race(now) == following


def test_a_result_that_was_stored_before_there_was_qualifying_is_still_read() -> None:
    document = json.loads(CLASSIFICATION.write(RESULT))
    for each in document["finishes"]:
        del each["segments"]
    assert CLASSIFICATION.read(json.dumps(document)) == RESULT


async def test_the_last_result_is_the_latest_races_whatever_was_fetched_last(seasons: Seasons) -> None:
    assert await seasons.last_classification() is None
    sprint = Classification(PORTUGAL, SessionKind.SPRINT, (finish(1, "Norris", 8),))
    for classification in (RESULT, sprint, Classification(BAHRAIN, SessionKind.RACE, (finish(1, "Hamilton", 25),))):
        await seasons.store_classification(classification, MONDAY)
    assert await seasons.last_classification() == RESULT
    assert await seasons.last_classification(SessionKind.SPRINT) == sprint


async def test_what_was_never_stored_was_never_fetched(seasons: Seasons) -> None:
    for value in (IMOLA, RESULT, STANDINGS):
        assert await seasons.updated(value) is None


async def test_reading_a_whole_season_is_one_query(seasons: Seasons) -> None:
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    with statements() as sent:
        await seasons.schedule(2021)
    assert len(sent) == 1


async def test_a_seasons_results_come_in_the_order_of_the_calendar(seasons: Seasons) -> None:
    sprint, qualifying = replace(RESULT, kind=SessionKind.SPRINT), replace(RESULT, kind=SessionKind.QUALIFYING)
    opening = replace(RESULT, race=BAHRAIN)
    await seasons.store_schedule(2021, CALENDAR, SUNDAY)
    for each in (RESULT, qualifying, sprint, opening):
        await seasons.store_classification(each, SUNDAY)
    assert await seasons.results(2021) == (opening, sprint, RESULT)
    assert await seasons.results(2020) == ()


def test_a_document_is_read_once_while_it_is_at_hand() -> None:
    document = CLASSIFICATION.write(RESULT)
    assert CLASSIFICATION.read(document) is CLASSIFICATION.read(str(document))
