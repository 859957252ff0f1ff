"""`racing-incident cases`: a recorded session's cases as lines of JSON."""

import json
from pathlib import Path

import pytest

from bot.cli.main import main

SAID = (
    ("13:00:01", 1, "FIA STEWARDS: INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NOTED - MAXIMUM DELTA TIME"),
    ("13:04:10", 8, "TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION"),
    ("13:05:00", 9, "INCIDENT INVOLVING CAR 34 (ELM) NOTED - TRACK LIMITS"),
    ("13:06:40", 10, "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 12 (COR) - CAUSING A COLLISION"),
)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    messages = [{"Utc": f"2031-06-08T{at}", "Lap": lap, "Message": text} for at, lap, text in SAID]
    path = tmp_path / "race.json"
    path.write_text(json.dumps({"Messages": messages}), encoding="utf-8")
    return path


def test_each_case_between_two_drivers_is_a_line(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", str(recording)]) == 0
    group, collision = map(json.loads, capsys.readouterr().out.splitlines())
    assert (group["cars"], group["outcome"], group["poll"]) == ([7, 21], "noted_only", False)
    assert collision == {
        "cars": [7, 12],
        "codes": ["ABE", "COR"],
        "place": "TURN 4",
        "reason": "CAUSING A COLLISION",
        "lap": 8,
        "opened": 1,
        "stages": [
            {"index": 1, "kind": "noted", "utc": "2031-06-08T13:04:10+00:00"},
            {"index": 3, "kind": "penalty", "utc": "2031-06-08T13:06:40+00:00"},
        ],
        "outcome": "penalty",
        "penalties": [[12, "10s time penalty", "CAUSING A COLLISION"]],
        "poll": True,
    }


def test_with_several_files_each_line_says_from_which_it_is(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(recording.read_bytes())
    assert main(["cases", str(recording), str(other)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["race.json", "race.json", "other.json", "other.json"]


def test_what_is_skipped_or_unknown_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.json"
    odd = {"Utc": "2031-06-08T13:00:00", "Message": "FIA STEWARDS: A MATTER OF TASTE"}
    path.write_text(json.dumps([odd, {"Utc": "soon", "Message": "X"}]), encoding="utf-8")
    assert main(["cases", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "records that are no messages, and were skipped: 1." in err
    assert "templates of messages about incidents that are not known: 1." in err


def test_a_file_that_is_none_costs_only_itself(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = recording.with_name("empty.json")
    empty.write_text("{}", encoding="utf-8")
    assert main(["cases", str(recording.with_name("none.json")), str(empty), str(recording)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "none.json: cannot be read: No such file or directory." in err
    assert "empty.json: holds no messages of race control." in err
