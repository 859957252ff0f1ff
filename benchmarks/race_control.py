"""Race control's messages through parser and cases: how many a second, and how many labelled cases are found.

For the latter `LABELLED_SESSIONS` names a folder with recordings and `labels.json`, which says of each `file` which
`incidents` between two cars or more it has: `cars`, `first_index` (of the message that opens it), `outcome_feed` and
`penalties_feed`. There is none in this repository; without it only the speed is measured.
"""

import datetime as dt
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from benchmarks.figure import Figure
from bot.domain.cases import DRIVERS, Case
from bot.domain.linking.docket import Docket
from bot.domain.race_control import Message
from bot.feeds.race_control.parser import read_docket, read_notice
from bot.feeds.race_control.recordings import read_recording

MESSAGES = 300
"""Messages of the invented session: a long race."""

SESSIONS = 40
REPEATS = 5
START = dt.datetime(2031, 6, 8, 13, tzinfo=dt.UTC)
CARS = tuple(f"{number} ({code})" for number, code in enumerate(("ABE", "COR", "DUN", "ELM", "FAY", "GIL", "HOP"), 3))
REASONS = ("CAUSING A COLLISION", "FORCING ANOTHER DRIVER OFF THE TRACK", "UNSAFE RELEASE")


def figures() -> list[Figure]:
    """The speed on an invented session, and how much of labelled ones is found where there are any."""
    session = list(_session(Random(63)))
    return [
        Figure.at_least(
            "messages through parser and cases, asked after each", _speed(session, asked=True), "/s", 20_000
        ),
        Figure.at_least("the same, asked at the end", _speed(session, asked=False), "/s", 20_000),
        *_found(os.environ.get("LABELLED_SESSIONS")),
    ]


def _session(random: Random) -> Iterator[Message]:
    """A race of flags and deleted laps, in which every eighth message is the stewards'."""
    stewards = _stewards(random)
    for index in range(MESSAGES):
        car, other = random.sample(CARS, 2)
        noise = (
            f"WAVED BLUE FLAG FOR CAR {car} TIMED AT 13:04:{index % 60:02}",
            f"YELLOW IN TRACK SECTOR {index % 20}",
            f"CAR {other} TIME 1:09.{index:03} DELETED - TRACK LIMITS AT TURN 10 LAP {index % 60} 16:02:18",
        )
        text = random.choice(noise) if index % 8 else next(stewards)
        yield Message(index, START + dt.timedelta(seconds=20 * index), text, index // 5 + 1, "Other")


def _stewards(random: Random) -> Iterator[str]:
    """Incidents that are noted, investigated and punished, or let rest."""
    while True:
        car, other = random.sample(CARS, 2)
        incident = f"TURN {random.randint(1, 18)} INCIDENT INVOLVING CARS {car} AND {other}"
        reason = random.choice(REASONS)
        yield f"{incident} NOTED - {reason}"
        if random.random() < 1 / 2:
            yield f"FIA STEWARDS: {incident} REVIEWED NO FURTHER INVESTIGATION - {reason}"
            continue
        yield f"FIA STEWARDS: {incident} UNDER INVESTIGATION - {reason}"
        yield f"FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR {car} - {reason}"


def _speed(session: Sequence[Message], *, asked: bool) -> list[float]:
    """Messages a second of CPU time, once for each repeat."""
    speeds = []
    for _repeat in range(REPEATS):
        started = process_time()
        for _session in range(SESSIONS):
            docket = Docket()
            for message in session:
                if notice := read_notice(message):
                    docket.take(notice)
                if asked:
                    assert docket.cases
            assert docket.cases
        speeds.append(SESSIONS * len(session) / (process_time() - started))
    return speeds


def _found(folder: str | None) -> Iterator[Figure]:
    """Recall, precision and right outcomes over labelled sessions; labels that are ambiguous count on no side."""
    if folder is None:
        return
    labelled = found = printed = right = 0
    for session in json.loads((Path(folder) / "labels.json").read_text(encoding="utf-8"))["sessions"]:
        cases = {
            (case.opened, case.numbers): case
            for case in read_docket(read_recording((Path(folder) / session["file"]).read_bytes()).messages).cases
            if len(case.cars) >= DRIVERS
        }
        labels = {(label["first_index"], frozenset(label["cars"])): label for label in session["incidents"]}
        clear = {key for key, label in labels.items() if not label.get("ambiguous")}
        labelled += len(clear)
        found += len(clear & cases.keys())
        printed += len(cases.keys() - (labels.keys() - clear))
        right += sum(_ends_alike(cases[key], labels[key]) for key in clear & cases.keys())
    yield Figure.at_least("labelled cases that are found", 100 * found / labelled, "%", 99)
    yield Figure.at_least("cases found that are labelled", 100 * found / printed, "%", 99)
    yield Figure.at_least("outcomes and penalties as labelled", 100 * right / found, "%", 97)


def _ends_alike(case: Case, label: dict[str, Any]) -> bool:
    penalties = [[penalty.car.number, penalty.kind] for penalty in case.penalties]
    return case.outcome == label["outcome_feed"] and penalties == [each[:2] for each in label["penalties_feed"]]
