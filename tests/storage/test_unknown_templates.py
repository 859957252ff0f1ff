"""What the stewards said in words that nobody knows, counted: twice, together, and with the power cut."""

import asyncio

import pytest

from bot.domain.race_control import Message, Noticed
from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.noticed_messages import HeardOtherwiseError
from storage.unknown_templates import Unknown, all_unknown
from tests.support.cases import at
from tests.support.power_cut import PowerCut, PowerCutError


async def counted(database: Database) -> Unknown:
    return await database.read(all_unknown)


def said(*numbers: int, session: str = "9999") -> Noticed:
    """That many templates that nobody knows, each said once."""
    return Noticed(session, tuple(Message(n, at(n), f"FIA STEWARDS: {'HM' * n}") for n in numbers), len(numbers))


async def test_they_are_counted_session_by_session(database: Database) -> None:
    noted = NotedIncidents(database)
    assert await counted(database) == Unknown(templates=0, sessions=0)
    await noted.record([], 1, said(1))
    await noted.record([], 2, said(1, 2, session="9998"))
    assert await counted(database) == Unknown(templates=3, sessions=2)


async def test_the_same_twice_and_an_older_view_change_nothing(database: Database) -> None:
    noted = NotedIncidents(database)
    for numbers in ((1,), (1, 2, 3), (1, 2, 3)):
        await noted.record([], len(numbers), said(*numbers))
    with pytest.raises(HeardOtherwiseError):
        await noted.record([], 2, said(1, 2))
    assert await counted(database) == Unknown(templates=3, sessions=1)


async def test_what_is_understood_by_now_is_counted_no_more(database: Database) -> None:
    noted = NotedIncidents(database)
    await noted.record([], 2, said(1, 2))
    for unknown, sessions in ((1, 1), (0, 0)):
        await noted.record([], 2, said(1, 2)._replace(unknown=unknown))
        assert await counted(database) == Unknown(templates=unknown, sessions=sessions)


async def test_of_two_who_count_at_once_who_heard_more_is_right(database: Database) -> None:
    views = [said(*range(1, heard + 1)) for heard in (2, 5, 1, 4, 3)]
    writing = (NotedIncidents(database).record([], len(view.messages), view) for view in views)
    await asyncio.gather(*writing, return_exceptions=True)
    await NotedIncidents(database).record([], 5, views[1])
    assert await counted(database) == Unknown(templates=5, sessions=1)


async def test_what_a_power_cut_kept_from_being_counted_is_counted_the_next_time(database: Database) -> None:
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).record([], 1, said(1))
    assert await counted(database) == Unknown(templates=0, sessions=0)
    await NotedIncidents(database).record([], 1, said(1))
    assert await counted(database) == Unknown(templates=1, sessions=1)
