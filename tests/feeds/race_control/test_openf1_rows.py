"""Rows of OpenF1's, whatever they hold."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.race_control.openf1_rows import read_car, read_event, read_message, read_session, read_status
from bot.feeds.race_control.source import SessionStatus

Json = dict[str, Any]

SESSION: Json = {
    "session_key": 9001,
    "meeting_key": 900,
    "session_name": "Race",
    "date_start": "2025-11-23T04:00:00+00:00",
    "date_end": "2025-11-23T06:00:00+00:00",
    "gmt_offset": "-08:00:00",
}


def test_a_session_is_held_on_the_tracks_own_day() -> None:
    session = read_session(SESSION)
    assert session
    assert (session.date.isoformat(), session.starts_at.isoformat()) == ("2025-11-22", "2025-11-23T04:00:00+00:00")


@pytest.mark.parametrize("missing", list(SESSION))
def test_a_session_of_which_too_little_is_known_is_none(missing: str) -> None:
    assert read_session({name: value for name, value in SESSION.items() if name != missing}) is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SESSION STARTED", SessionStatus.STARTED),
        ("Session Finished", SessionStatus.FINISHED),
        ("SESSION FINALISED", SessionStatus.FINALISED),
        ("SESSION WILL BE RESUMED AT 15:10", None),
    ],
)
def test_a_status_is_a_row_of_its_own(text: str, status: SessionStatus | None) -> None:
    said = read_message({"date": "2025-11-23T04:00:00", "message": text, "category": "SessionStatus"})
    assert said
    assert read_status(said) is status


NAMES = (*SESSION, "driver_number", "name_acronym", "first_name", "full_name", "date", "message", "lap_number", "flag")
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers(), max_size=2)
    | st.sampled_from(["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00", "14:00:00", "-14:00:00", "RUS"])
)


@pytest.mark.parametrize("read", [read_session, read_event, read_car, read_message])
@given(st.dictionaries(st.sampled_from(NAMES), values))
def test_whatever_a_row_holds_nothing_is_raised(read: Callable[[Json], object], row: Json) -> None:
    read(row)
    read(SESSION | row)
