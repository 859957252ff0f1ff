"""Recordings in every shape in which people have them, and in none."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.race_control import Message
from bot.feeds.race_control.recordings import read_recording

NOTED = "TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED"
GREEN = {"Utc": "2031-06-08T12:20:00", "Category": "Flag", "Flag": "GREEN", "Message": "GREEN LIGHT - PIT EXIT OPEN"}
INCIDENT = {"Utc": "2031-06-08T13:04:10", "Lap": 8, "Category": "Other", "Message": NOTED}
AT = dt.datetime(2031, 6, 8, 13, 4, 10, tzinfo=dt.UTC)
RECORDED = (
    Message(0, AT.replace(hour=12, minute=20, second=0), "GREEN LIGHT - PIT EXIT OPEN", None, "Flag", "GREEN"),
    Message(1, AT, NOTED, 8, "Other"),
)
FIRST: dict[str, Any] = {"Messages": [GREEN]}
LATER: dict[str, Any] = {"Messages": {"1": INCIDENT}}
TOPIC = "RaceControlMessages"

SHAPES = {
    "a session as a file": json.dumps({"season": 2031, "Messages": [GREEN, INCIDENT]}, indent=1),
    "a list of messages": json.dumps([GREEN, INCIDENT]),
    "the archive's keyframe": "\ufeff" + json.dumps({"Messages": [GREEN, INCIDENT]}),
    "a keyframe by index": json.dumps({"Messages": {"0": GREEN, "1": INCIDENT, "_kf": True}}),
    "the archive's stream": f"\ufeff00:00:25.771{json.dumps(FIRST)}\r\n00:44:35.100{json.dumps(LATER)}\r\n",
    "its updates as a list": json.dumps(
        [{"_StreamTimestamp": "00:00:25.771", **FIRST}, {"_StreamTimestamp": "00:44:35.100", **LATER}]
    ),
    "FastF1's saved lines": f"{['SessionStatus', {'Status': 'Started'}, '2031-06-08T12:00:00Z']}\n"
    f"{[TOPIC, FIRST, '2031-06-08T12:20:00.1Z']}\n{[TOPIC, LATER, '2031-06-08T13:04:10.2Z']}\n",
    "lines of type, json and dateTime": "\n".join(
        json.dumps({"type": topic, "json": payload, "dateTime": "2031-06-08T13:04:10.2Z"})
        for topic, payload in (("TrackStatus", {"Status": "1"}), (TOPIC, FIRST), (TOPIC, json.dumps(LATER)))
    ),
    "a snapshot of all topics": json.dumps({"SessionStatus": {}, TOPIC: {"Messages": [GREEN, INCIDENT]}}),
    "messages line by line": f"{json.dumps(GREEN)}\n\n{json.dumps(INCIDENT)}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_holds_the_same_messages(shape: str) -> None:
    for data in (SHAPES[shape], SHAPES[shape].encode()):
        assert read_recording(data).messages == RECORDED
    assert read_recording(SHAPES[shape]).skipped == 0


def openf1(text: str, at: str, lap: int | None = None) -> dict[str, Any]:
    return {"date": at, "lap_number": lap, "category": "Other", "flag": None, "message": text, "driver_number": None}


def test_openf1_s_list_has_zones_and_repeats_itself() -> None:
    rows = [
        openf1("RISK OF RAIN IS 10%", "2031-06-08T12:45:00+00:00"),
        openf1("RISK OF RAIN IS 10%", "2031-06-08T12:45:00+00:00"),
        openf1(NOTED, "2031-06-08T15:04:10.250000+02:00", lap=8),
    ]
    recording = read_recording(json.dumps(rows))
    assert [(message.index, message.text) for message in recording.messages] == [(0, "RISK OF RAIN IS 10%"), (2, NOTED)]
    assert recording.messages[1] == Message(2, AT.replace(microsecond=250_000), NOTED, 8, "Other")
    assert recording.skipped == 0


def test_a_message_s_index_is_its_place_even_where_others_before_it_are_bad() -> None:
    bad: list[object] = [
        None,
        7,
        {"Utc": "yesterday", "Message": "X"},
        {"Utc": "2031-06-08T13:00:00"},
        {"Message": " "},
    ]
    recording = read_recording(json.dumps({"Messages": [*bad, INCIDENT]}))
    assert [message.index for message in recording.messages] == [5]
    assert recording.skipped == 5


def test_a_later_update_of_a_message_adds_to_it() -> None:
    lines = [{"Messages": {"3": {"Utc": "2031-06-08T13:04:10", "Message": NOTED}}}, {"Messages": {"3": {"Lap": 8}}}]
    (message,) = read_recording("\n".join(map(json.dumps, lines))).messages
    assert (message.index, message.text, message.lap) == (3, NOTED, 8)


def test_half_a_line_costs_one_line() -> None:
    recording = read_recording(SHAPES["the archive's stream"] + '00:50:00.000{"Messages":{"2":{"Utc":"2031-06')
    assert (recording.messages, recording.skipped) == (RECORDED, 1)


@pytest.mark.parametrize("lap", ["x", True, -1, 10**9, "9" * 5000, 1.5, [], "٨"])
def test_a_lap_that_is_none_is_left_out(lap: object) -> None:
    (message,) = read_recording(json.dumps([{**INCIDENT, "Lap": lap}])).messages
    assert message.lap is None


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "null",
        "7",
        "[" * 100_000,
        "{" * 100_000,
        "['RaceControlMessages', " + "(" * 100_000,
        "['RaceControlMessages', {[]: 1}]",
        "['\\d', __import__('os').getcwd()]",
        '{"Messages": {"99999999": {}, "x": {}, "-1": {}}}',
        '{"RaceControlMessages": ' * 40 + "1" + "}" * 40,
        json.dumps([[[[[[[INCIDENT]]]]]]]),
        json.dumps([{"Utc": "2031-06-08T13:04:10", "Message": "NOTED " * 200_000}]),
        json.dumps([{"Utc": "0001-01-01T00:00:00+23:00", "Message": NOTED}]),
        "x" * 1_000_000,
        "\x00\ufeff\n" * 1_000,
    ],
)
def test_noise_holds_no_messages(hostile: str) -> None:
    assert read_recording(hostile).messages == ()


def test_what_no_database_takes_is_no_message() -> None:
    recording = read_recording('[{"Utc": "2031-06-08T13:04:10", "Message": "NO\\u0000TED \\ud800"}]')
    assert (recording.messages, recording.skipped) == ((), 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["2031-06-08T13:04:10", NOTED, TOPIC]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["Messages", "Message", "Utc", "date", "message", "type", "json", TOPIC, "0", "1"]), inner
        )
    ),
)


@given(JSON, st.sampled_from([json.dumps, repr]))
def test_nothing_raises_and_every_message_has_a_time_and_words(value: object, written: Any) -> None:
    for message in read_recording(written(value)).messages:
        assert message.at.tzinfo is dt.UTC
        assert message.text.strip()


@given(st.binary() | st.text())
def test_no_bytes_are_too_odd(data: bytes | str) -> None:
    read_recording(data)
