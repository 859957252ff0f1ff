"""What the stewards said in words that nobody knows, counted: twice, together, and with the power cut."""

import asyncio

import pytest

from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.unknown_templates import Unknown, all_unknown
from tests.support.power_cut import PowerCut, PowerCutError


async def counted(database: Database) -> Unknown:
    return await database.read(all_unknown)


async def test_they_are_counted_session_by_session(database: Database) -> None:
    noted = NotedIncidents(database)
    assert await counted(database) == Unknown(messages=0, sessions=0)
    await noted.count_unknown("9999", 1)
    await noted.count_unknown("9998", 2)
    assert await counted(database) == Unknown(messages=3, sessions=2)


async def test_the_same_twice_and_an_older_view_change_nothing(database: Database) -> None:
    noted = NotedIncidents(database)
    for messages in (1, 3, 3, 2):
        await noted.count_unknown("9999", messages)
    assert await counted(database) == Unknown(messages=3, sessions=1)


async def test_of_two_who_count_at_once_who_heard_more_is_right(database: Database) -> None:
    await asyncio.gather(*(NotedIncidents(database).count_unknown("9999", messages) for messages in (2, 5, 1, 4, 3)))
    assert await counted(database) == Unknown(messages=5, sessions=1)


async def test_what_a_power_cut_kept_from_being_counted_is_counted_the_next_time(database: Database) -> None:
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).count_unknown("9999", 1)
    assert await counted(database) == Unknown(messages=0, sessions=0)
    await NotedIncidents(database).count_unknown("9999", 1)
    assert await counted(database) == Unknown(messages=1, sessions=1)
