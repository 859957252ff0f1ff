"""The cases of recorded sessions, as lines of JSON for whoever holds them against something."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.domain.cases import DRIVERS, Case
from bot.feeds.race_control.parser import read_docket
from bot.feeds.race_control.recordings import read_recording


def print_cases(files: Sequence[Path]) -> int:
    """Print each file's cases between two cars or more; the exit code is 1 where a file cannot be read or has none."""
    failed = False
    for file in files:
        try:
            recording = read_recording(file.read_bytes())
        except OSError as error:
            _say(file, f"cannot be read: {error.strerror}.")
            failed = True
            continue
        if not recording.messages:
            _say(file, "holds no messages of race control.")
            failed = True
        if recording.skipped:
            _say(file, f"records that are no messages, and were skipped: {recording.skipped}.")
        docket = read_docket(recording.messages)
        if docket.unknown:
            _say(file, f"templates of messages about incidents that are not known: {docket.unknown}.")
        which = {"file": str(file)} if len(files) > 1 else {}
        for case in docket.cases:
            if len(case.cars) >= DRIVERS:
                print(json.dumps(which | _as_row(case), ensure_ascii=False))
    return 1 if failed else 0


def _as_row(case: Case) -> dict[str, Any]:
    return {
        "cars": [car.number for car in case.cars],
        "codes": [car.code or None for car in case.cars],
        "place": case.place,
        "reason": case.reason,
        "lap": case.lap,
        "opened": case.opened,
        "stages": [{"index": stage.index, "kind": stage.kind, "utc": stage.at.isoformat()} for stage in case.stages],
        "outcome": case.outcome,
        "penalties": [[penalty.car.number, penalty.kind, penalty.reason] for penalty in case.penalties],
        "poll": case.about_blame,
    }


def _say(file: Path, what: str) -> None:
    print(f"{file}: {what}", file=sys.stderr)
