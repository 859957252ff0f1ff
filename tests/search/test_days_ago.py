"""Days that are named by the present one."""

import datetime as dt

import pytest

from bot.search.catalogue import Incidents
from bot.search.days_ago import with_days
from bot.search.found import Found, Nothing
from tests.support.clock import FakeClock

TODAY = dt.date(2021, 4, 19)


@pytest.mark.parametrize(
    "said", ["crash yesterday", "yesterday's crash", "Was ist gestern passiert?", "¿Qué pasó ayer?"]
)
def test_what_happened_yesterday_is_what_happened_on_that_day(said: str) -> None:
    found = Incidents.load(FakeClock(dt.datetime(2021, 4, 19, 9, tzinfo=dt.UTC))).look_up(said)
    assert isinstance(found, Found)
    assert found.value.id == "imola-2021"


@pytest.mark.parametrize("said", ["today", "heute", "hoy", "hamilton today"])
def test_a_day_without_any_is_said_to_have_none(said: str) -> None:
    found = Incidents.load(FakeClock(dt.datetime(2021, 4, 19, 9, tzinfo=dt.UTC))).look_up(said)
    assert isinstance(found, Nothing)
    assert found.days == (TODAY,)


@pytest.mark.parametrize("said", ["imola", "hoyos", "gesternabend", "", "todayish " * 1_000])
def test_what_names_no_such_day_is_as_it_was_typed(said: str) -> None:
    assert with_days(said, lambda: TODAY) == said
