"""Recorded sessions from files and folders: what is known of the session, in whatever shape it was kept."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.race_control import Car
from bot.feeds.race_control.parser import read_docket
from bot.feeds.race_control.session_files import DEMO, NoRecordingError, read_session_files
from tests.support.live_timing_server import driver

Json = dict[str, Any]

INFO: Json = {
    "Key": 9001,
    "Name": "Sprint",
    "StartDate": "2031-06-08T13:00:00",
    "GmtOffset": "02:00:00",
    "Meeting": {"Name": "Dutch Grand Prix", "Location": "Zandvoort", "Country": {"Name": "Netherlands"}},
}
DRIVERS: Json = {"7": driver("ABE", 7)}
MESSAGES: Json = {"Messages": [{"Utc": "2031-06-08T11:04:10", "Lap": 8, "Message": "CHEQUERED FLAG"}]}
EVERYTHING = {"SessionInfo": INFO, "DriverList": DRIVERS, "RaceControlMessages": MESSAGES}
LINES = [[topic, payload, "2031-06-08T11:04:11Z"] for topic, payload in EVERYTHING.items()]


SHAPES = {
    "one document": json.dumps(EVERYTHING),
    "saved lines": "\n".join(repr(line) for line in reversed(LINES)),
    "a list of updates": json.dumps(LINES),
    "lines of type and json": "\n".join(
        json.dumps({"type": topic, "json": payload, "dateTime": at}) for topic, payload, at in LINES
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_recording_may_hold_all_of_it(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "saved.txt"
    file.write_text(shape, encoding="utf-8")
    record = read_session_files(file)
    session = record.session
    assert (session.key, session.event, session.name, session.place) == (
        "9001",
        "Dutch Grand Prix",
        "Sprint",
        "Zandvoort",
    )
    assert record.cars == {7: Car(7, "ABE", "Ann Abe", "A Team")}
    assert [message.text for message in record.messages] == ["CHEQUERED FLAG"]


def test_the_archives_files_may_lie_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "RaceControlMessages.jsonStream").write_text(f"\ufeff00:04:10.000{json.dumps(MESSAGES)}\r\n")
    (tmp_path / "SessionInfo.json").write_text("\ufeff" + json.dumps(INFO, indent=2))
    (tmp_path / "DriverList.jsonStream").write_text(f"\ufeff00:00:00.000{json.dumps(DRIVERS)}\r\n")
    for path in (tmp_path, tmp_path / "RaceControlMessages.jsonStream"):
        record = read_session_files(path)
        assert (record.session.key, record.cars[7].driver, len(record.messages)) == ("9001", "Ann Abe", 1)


@pytest.mark.parametrize(
    ("name", "fields", "event", "session", "date"),
    [
        ("2031-06-08_dutch_grand_prix_race.json", {}, "Dutch Grand Prix", "Race", "2031-06-08"),
        ("zandvoort-sprint.json", {}, "Zandvoort", "Sprint", "2031-06-08"),
        ("São Paulo.json", {}, "São Paulo", "Race", "2031-06-08"),
        ("race.json", {}, "Grand Prix", "Race", "2031-06-08"),
        (
            "a.json",
            {"event": "Dutch Grand Prix", "session": "sprint", "session_date": "2031-06-07"},
            "Dutch Grand Prix",
            "Sprint",
            "2031-06-07",
        ),
        ("monza.json", {"event": 7, "session_date": "soon", "session": ["race"]}, "Monza", "Race", "2031-06-08"),
        ("2031-13-45_monza_race.json", {}, "Monza", "Race", "2031-06-08"),
    ],
)
def test_otherwise_names_and_fields_tell(
    tmp_path: Path, name: str, fields: Json, event: str, session: str, date: str
) -> None:
    file = tmp_path / name
    file.write_text(json.dumps({**fields, **MESSAGES}), encoding="utf-8")
    record = read_session_files(file)
    assert (record.session.event, record.session.name) == (event, session)
    assert (record.session.date, record.cars) == (dt.date.fromisoformat(date), {})


def test_folders_of_an_archive_tell_by_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "2031-06-08_Dutch_Grand_Prix" / "2031-06-07_Sprint"
    folder.mkdir(parents=True)
    (folder / "RaceControlMessages.json").write_text(json.dumps(MESSAGES), encoding="utf-8")
    session = read_session_files(folder).session
    assert (session.event, session.name, session.date) == ("Dutch Grand Prix", "Sprint", dt.date(2031, 6, 7))


@pytest.mark.parametrize("content", ["", "{}", '{"Messages": []}', "noise\n" * 1000, "[" * 100_000])
def test_what_holds_no_messages_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "empty.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(NoRecordingError, match=r"empty\.json holds no messages of race control\."):
        read_session_files(file)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoRecordingError, match=r"nowhere\.json cannot be read: No such file or directory\."):
        read_session_files(tmp_path / "nowhere.json")
    with pytest.raises(
        NoRecordingError, match=r"has no RaceControlMessages\.jsonStream or RaceControlMessages\.json\."
    ):
        read_session_files(tmp_path)


def test_the_session_that_ships_has_something_of_everything() -> None:
    record = read_session_files(DEMO)
    docket = read_docket(record.messages)
    assert docket.unknown == 0
    assert [(case.outcome, [record.cars[car.number].code for car in case.cars]) for case in docket.cases] == [
        ("penalty", ["APX", "CHI"]),
        ("no_further_action", ["KER", "PTL"]),
        ("penalty", ["SLK", "GRV"]),
        ("no_further_action", ["CHI", "PTL"]),
    ]
    corrected = docket.cases[1]
    assert [car.code for car in corrected.earlier[0].cars] == ["KER", "SLK"]
    flag = next(message for message in record.messages if message.flag == "CHEQUERED")
    assert docket.cases[2].penalties[0].at > flag.at
