"""Topics as they are sent: keyframes, deltas, and whatever else may come."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen, SessionStatus, Update
from bot.feeds.race_control.topics import Topics
from tests.support.live_timing_server import driver

Json = dict[str, Any]

STARTS_AT = dt.datetime(2025, 8, 31, 13, tzinfo=dt.UTC)


def info(key: object = 9001, name: str = "Race", start: str = "2025-08-31T15:00:00", **fields: object) -> Json:
    meeting = {"Name": "Dutch Grand Prix", "Location": "Zandvoort", "Country": {"Name": "Netherlands"}}
    path = f"2025/2025-08-31_Dutch_Grand_Prix/{start[:10]}_{name}/"
    said = {"Meeting": meeting, "Key": key, "Name": name, "StartDate": start, "GmtOffset": "02:00:00", "Path": path}
    return said | fields


def message(text: str, at: str = "2025-08-31T13:05:00", **fields: object) -> Json:
    return {"Utc": at, "Category": "Other", "Message": text, **fields}


def frames(*messages: Json, **topics: Any) -> Json:
    return {"SessionInfo": info(), "RaceControlMessages": {"Messages": [*messages], "_kf": True}} | topics


def texts(updates: list[Update]) -> list[str]:
    return [each.text for update in updates if isinstance(update, MessagesSeen) for each in update.messages]


def test_the_same_keyframes_again_tell_nothing_new() -> None:
    topics = Topics()
    known = frames(message("A"), DriverList={"63": driver("RUS", 63)}, SessionStatus={"Status": "Started"})
    assert [type(update) for update in topics.keyframes(known)] == [SessionSeen, CarsSeen, MessagesSeen]
    assert topics.keyframes(known) == []


def test_deltas_are_dicts_by_index_where_keyframes_are_lists() -> None:
    topics = Topics()
    topics.keyframes(frames(message("A")))
    (seen,) = topics.delta("RaceControlMessages", {"Messages": {"2": message("C"), "1": message("B")}})
    assert isinstance(seen, MessagesSeen)
    assert [(each.index, each.text) for each in seen.messages] == [(1, "B"), (2, "C")]
    assert topics.delta("RaceControlMessages", {"Messages": {"2": message("C")}}) == []


def test_a_drivers_places_change_all_the_time_which_is_no_news() -> None:
    topics = Topics()
    topics.keyframes(frames(DriverList={"_kf": True, "63": driver("RUS", 63), "77": driver("BOT", 77)}))
    assert topics.delta("DriverList", {"63": {"Line": 4}, "77": {"Line": 3}}) == []
    (cars,) = topics.delta("DriverList", {"77": {"Tla": "ZHO", "FirstName": "Bo", "LastName": "Zho"}})
    assert isinstance(cars, CarsSeen)
    assert {number: (car.code, car.driver) for number, car in cars.cars.items()} == {
        63: ("RUS", "Ann Rus"),
        77: ("ZHO", "Bo Zho"),
    }


def test_numbers_belong_to_one_session() -> None:
    topics = Topics()
    topics.keyframes(frames(DriverList={"4": driver("NOR", 4), "1": driver("VER", 1)}))
    updates = topics.keyframes(frames(SessionInfo=info(9002), DriverList={"1": driver("NOR", 1)}))
    (cars,) = [update for update in updates if isinstance(update, CarsSeen)]
    assert (cars.session_key, [(car.number, car.code) for car in cars.cars.values()]) == ("9002", [(1, "NOR")])


def test_a_session_is_told_when_it_begins_and_when_its_status_changes() -> None:
    topics = Topics()
    (seen,) = topics.keyframes({"SessionInfo": info(), "SessionStatus": {"Status": "Inactive"}})
    assert isinstance(seen, SessionSeen)
    assert (seen.session.key, seen.session.name, seen.starts_at) == ("9001", "Race", STARTS_AT)
    assert (seen.status, seen.session.date) == (SessionStatus.INACTIVE, dt.date(2025, 8, 31))
    assert [type(update) for update in topics.delta("SessionStatus", {"Status": "Started"})] == [SessionSeen]
    assert topics.delta("SessionInfo", {"ArchiveStatus": {"Status": "Generating"}}) == []
    assert not topics.wants_keyframes


def test_a_start_that_moves_is_no_other_session() -> None:
    topics = Topics()
    topics.keyframes(frames(message("A"), SessionStatus={"Status": "Inactive"}))
    (seen,) = topics.delta("SessionInfo", {"StartDate": "2025-08-31T16:30:00"})
    assert isinstance(seen, SessionSeen)
    assert (seen.session.key, seen.starts_at) == ("9001", STARTS_AT + dt.timedelta(minutes=90))
    assert seen.status is SessionStatus.INACTIVE
    assert texts(topics.delta("RaceControlMessages", {"Messages": {"1": message("B")}})) == ["B"]


@pytest.mark.parametrize(
    ("key", "known_as"), [(9001, "9001"), ("9001", "9001"), (None, "2025/x/y/"), (-1, "2025/x/y/")]
)
def test_a_session_without_a_number_is_known_by_its_path(key: object, known_as: str) -> None:
    (seen,) = Topics().keyframes({"SessionInfo": info(key, Path="2025/x/y/")})
    assert isinstance(seen, SessionSeen)
    assert seen.session.key == known_as


@pytest.mark.parametrize("missing", ["Meeting", "Name", "StartDate"])
def test_a_session_of_which_too_little_is_known_is_none(missing: str) -> None:
    topics = Topics()
    known = frames(message("A"))
    del known["SessionInfo"][missing]
    assert (topics.keyframes(known), topics.skipped) == ([], 1)


def test_messages_before_any_session_is_known_wait_for_the_keyframe_that_names_it() -> None:
    topics = Topics()
    assert topics.delta("RaceControlMessages", {"Messages": [message("A")]}) == []
    topics.delta("SessionInfo", info())
    assert topics.wants_keyframes
    assert texts(topics.keyframes(frames(message("A")))) == ["A"]
    assert not topics.wants_keyframes


def test_a_keyframe_that_goes_backwards_takes_nothing_back() -> None:
    topics = Topics()
    topics.keyframes(frames(message("A"), message("B"), message("C")))
    assert topics.keyframes(frames(message("A"))) == []
    (seen,) = topics.delta("RaceControlMessages", {"Messages": {"1": message("D", at="2025-08-31T13:20:00")}})
    assert isinstance(seen, MessagesSeen)
    assert [(each.index, each.text) for each in seen.messages] == [(3, "D")]


def test_the_next_sessions_messages_are_not_the_last_ones_even_before_it_is_named() -> None:
    topics = Topics()
    topics.keyframes(frames(message("A"), SessionStatus={"Status": "Finalised"}))
    later = message("NEXT", at="2025-08-31T16:30:00")
    assert topics.delta("RaceControlMessages", {"Messages": [later]}) == []
    topics.delta("SessionStatus", {"Status": "Inactive"})
    updates = topics.delta("SessionInfo", info(9002, start="2025-08-31T19:00:00"))
    assert topics.wants_keyframes
    updates += topics.keyframes({"SessionInfo": info(9002), "RaceControlMessages": {"Messages": [later]}})
    assert texts(updates) == ["NEXT"]
    (seen,) = [update for update in updates if isinstance(update, MessagesSeen)]
    assert (seen.session_key, seen.messages[0].index) == ("9002", 0)


def test_messages_of_another_day_belong_to_another_session() -> None:
    topics = Topics()
    updates = topics.keyframes(frames(message("YESTERDAY", at="2025-08-30T14:00:00"), message("TODAY")))
    assert (texts(updates), topics.strays) == (["TODAY"], 1)


@pytest.mark.parametrize("offset", ["soon", None, "99:00:00"])
def test_without_an_offset_the_day_decides(offset: object) -> None:
    topics = Topics()
    said = [message("OLD", at="2025-08-29T14:00:00"), message("TODAY")]
    updates = topics.keyframes(frames(*said, SessionInfo=info(GmtOffset=offset)))
    assert texts(updates) == ["TODAY"]


def test_a_feed_that_goes_back_to_a_session_repeats_nothing() -> None:
    topics = Topics()
    topics.keyframes(frames(message("A")))
    topics.keyframes({"SessionInfo": info(9002)})
    assert texts(topics.keyframes(frames(message("A"), message("B")))) == ["B"]


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "TURN 4",
        {},
        message(""),
        message("  "),
        message("\ud800"),
        message("NUL\0"),
        message("X" * 501),
        message("A", at="yesterday"),
        message("A", at="2025-13-31T13:00:00"),
        message("A", at="0001-01-01T00:00:00+14:00"),
        {"Utc": 7, "Message": "A"},
        {"Utc": "2025-08-31T13:05:00", "Message": ["A"]},
    ],
)
def test_a_message_that_cannot_be_read_costs_itself(record: object) -> None:
    topics = Topics()
    topics.keyframes(frames())
    updates = topics.delta("RaceControlMessages", {"Messages": {"0": record, "1": message("AFTER IT")}})
    assert (texts(updates), topics.skipped) == (["AFTER IT"], 1)


@pytest.mark.parametrize("lap", [None, -1, 1.5, True, "x", 10**30, [3]])
def test_a_lap_that_makes_no_sense_is_none(lap: object) -> None:
    (_, seen) = Topics().keyframes(frames(message("A", Lap=lap)))
    assert isinstance(seen, MessagesSeen)
    assert seen.messages[0].lap is None


def test_blanks_are_folded_and_fractions_of_a_second_are_read() -> None:
    (_, seen) = Topics().keyframes(frames(message(" CAR  63\u00a0(RUS) \t", at="2025-08-31T13:05:00.25")))
    assert isinstance(seen, MessagesSeen)
    assert (seen.messages[0].text, seen.messages[0].at.microsecond) == ("CAR 63 (RUS)", 250_000)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["2025-08-31T13:05:00", "0001-01-01T00:00:00", "-14:00:00", "Race", "RUS", "Finalised", "0", "1"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Messages", "Utc", "Message", "Status", "Meeting", "Name", "Key", "Path", "StartDate"])
            | st.sampled_from(["GmtOffset", "Country", "Circuit", "Tla", "RacingNumber", "_kf", "0", "1", "63"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
TOPIC_NAMES = st.sampled_from(["SessionInfo", "SessionStatus", "DriverList", "RaceControlMessages"])


@given(st.lists(st.tuples(TOPIC_NAMES | values, values), max_size=8), values | st.dictionaries(TOPIC_NAMES, values))
def test_whatever_comes_nothing_is_raised_and_good_records_still_count(
    deltas: list[tuple[object, object]], keyframes: object
) -> None:
    topics = Topics()
    topics.keyframes(frames(message("A")))
    topics.keyframes(keyframes)
    for topic, data in deltas:
        topics.delta(topic, data)
    updates = topics.keyframes(frames(message("A"), message("AFTER ALL THAT"), SessionInfo=info(77)))
    assert "AFTER ALL THAT" in texts(updates)


@given(st.permutations([message(text, at=f"2025-08-31T13:0{n}:00") for n, text in enumerate("ABCDE")]), st.data())
def test_however_messages_arrive_each_is_told_once(said: list[Json], data: st.DataObject) -> None:
    topics = Topics()
    topics.keyframes(frames())
    numbered = [(str("ABCDE".index(each["Message"])), each) for each in said]
    arrivals = data.draw(st.lists(st.sampled_from(numbered), max_size=10)) + numbered
    told = [text for index, each in arrivals for text in texts(_one(topics, index, each))]
    assert sorted(told) == list("ABCDE")


def _one(topics: Topics, index: str, said: Json) -> list[Update]:
    return topics.delta("RaceControlMessages", json.loads(json.dumps({"Messages": {index: said}})))
