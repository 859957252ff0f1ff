"""Recorded answers of the results archive, spoilt at random: what becomes of them, and whether anything absurd is told.

`python -m benchmarks.mutations FOLDER [NUMBER]` reads every recording below a folder as it came, says which were
refused or lost a cell, then spoils them NUMBER times (5,000, the same each time), and counts. It exits with 1 where
anything failed, was refused without a line in the log, or told what cannot be. Recordings are files of answers as the
archive gave them; of each, the races and championships that are there whole are read as the bot reads them.
"""

import asyncio
import copy
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from structlog.testing import capture_logs

from bot.cards.recap import recap_card
from bot.cards.results import classification_reply
from bot.cards.standings import standings_reply
from bot.domain.race_story import RaceStory
from bot.domain.season import Championship, Classification, Standings
from bot.domain.sessions import SessionKind
from bot.feeds import FeedError
from bot.feeds.jolpica.client import Jolpica
from tests.support.clock import FakeClock
from tests.support.jolpica_server import JolpicaServer

Json = dict[str, Any]
MUTATIONS = 5000
SEED = 1950

LISTS: dict[str, SessionKind | Championship] = {
    "Results": SessionKind.RACE,
    "SprintResults": SessionKind.SPRINT,
    "QualifyingResults": SessionKind.QUALIFYING,
    "DriverStandings": Championship.DRIVERS,
    "ConstructorStandings": Championship.TEAMS,
}
WHOLE: dict[SessionKind | Championship, int] = {
    SessionKind.RACE: 16,
    SessionKind.SPRINT: 16,
    SessionKind.QUALIFYING: 16,
    Championship.DRIVERS: 15,
}
"""Lines of a recording that is whole; those that a filter or a limit has cut short are not what the bot asks for."""

ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 1.5, "", "0", "1", "2", "3", "20", "99", "999", "99999", "-25", "-1", "R", "D", "W"),
    *("hello world", "+1.808", "+0.000", "+59:59.999", "1:14.411", "0:00.001", "Disqualified", "Finished", "Lapped"),
    *("x" * 500, [], {}, [None]),
)
MOST_POINTS = 26


class Recording(NamedTuple):
    """One answer as the bot asks for it."""

    name: str
    of: SessionKind | Championship
    season: int
    round: int
    head: Json
    key: str
    rows: list[Json]

    def document(self, rows: list[Json]) -> Json:
        """The answer with these lines."""
        part = {**self.head, self.key: rows}
        table = {"RaceTable": {"Races": [part]}} if isinstance(self.of, SessionKind) else _standings_table(part)
        return {"MRData": {"total": str(len(rows)), **table}}

    @property
    def path(self) -> str:
        """Where it is asked for."""
        ends = {"Results": "results", "SprintResults": "sprint", "QualifyingResults": "qualifying"}
        return f"{self.season}/{self.round}/{ends.get(self.key, self.key.lower())}/"


def _standings_table(part: Json) -> Json:
    return {"StandingsTable": {"StandingsLists": [part]}}


def recordings(folder: Path) -> Iterator[Recording]:
    """The races, sprints, results of qualifying and championships below a folder that are whole."""
    for file in sorted(path for path in folder.rglob("*.json*") if path.is_file()):
        document = json.loads(file.read_text(encoding="utf-8"))
        data = document.get("MRData", {}) if isinstance(document, dict) else {}
        parts = data.get("RaceTable", {}).get("Races", []) + data.get("StandingsTable", {}).get("StandingsLists", [])
        for head in parts:
            for key, of in LISTS.items():
                rows = head.get(key, [])
                if len(rows) >= WHOLE.get(of, 10):
                    rest = {name: value for name, value in head.items() if name != key}
                    yield Recording(file.name, of, int(head["season"]), int(head["round"]), rest, key, rows)


class Outcome(NamedTuple):
    """What became of an answer."""

    said: Classification | Standings | None
    refused: bool
    logs: list[Any]
    absurd: list[str]


class Bench:
    """Asks for recordings over a loopback, and looks at what would be told of them."""

    def __init__(self, server: JolpicaServer, jolpica: Jolpica) -> None:
        self._server = server
        self._ask: dict[SessionKind | Championship, Callable[[Recording], Awaitable[Any]]] = {
            SessionKind.RACE: lambda it: jolpica.result(it.season, it.round, len(it.rows)),
            SessionKind.SPRINT: lambda it: jolpica.sprint(it.season, it.round, len(it.rows)),
            SessionKind.QUALIFYING: lambda it: jolpica.qualifying(it.season, it.round, len(it.rows)),
            Championship.DRIVERS: lambda it: jolpica.driver_standings(it.season, it.round),
            Championship.TEAMS: lambda it: jolpica.team_standings(it.season, it.round),
        }

    async def outcome(self, recording: Recording, document: Json) -> Outcome:
        """What becomes of a document where this recording was."""
        self._server.say(recording.path, document)
        with capture_logs() as logs:
            try:
                said = await self._ask[recording.of](recording)
            except FeedError:
                return Outcome(None, refused=True, logs=logs, absurd=[])
        return Outcome(said, refused=False, logs=logs, absurd=[*absurdities(said, recording)])


def absurdities(said: Classification | Standings | None, recording: Recording) -> Iterator[str]:
    """What cannot be, in the words that would be told."""
    if isinstance(said, Classification):
        story = [recap_card(RaceStory(said))] if said.kind is not SessionKind.QUALIFYING else []
        words = "\n".join(map(str, [classification_reply(said, "").card, *story]))
        yield from _in_a_result(said, len(recording.rows))
    elif isinstance(said, Standings):
        words = str(standings_reply(said, 1, "").card)
        for each in said.entries:
            if each.points is not None and not 0 <= each.points <= 60 * said.round + 43:
                yield "points"
    else:
        return
    if re.search(r"99,?999|-25\b|59:59|\bNone\b", words):
        yield "words"


def _in_a_result(said: Classification, rows: int) -> Iterator[str]:
    drivers = [finish.entrant.driver_id for finish in said.finishes]
    places = [finish.place for finish in said.finishes if finish.classified]
    grid = [finish.grid for finish in said.finishes if finish.grid]
    most = max((finish.laps or 0 for finish in said.finishes if finish.place == "1"), default=0)
    for odd, name in (
        (len({*drivers}) < len(drivers), "a driver twice"),
        (len({*places}) < len(places), "a place twice"),
        (len({*grid}) < len(grid), "a grid place twice"),
        (any(number > max(rows, 22) for number in (*map(int, places), *grid)), "a place beyond the field"),
        (any(each.points and not 0 < each.points <= MOST_POINTS for each in said.finishes), "points"),
        (most and any((each.laps or 0) > most for each in said.finishes), "laps"),
        (len(said.finishes) < rows * 3 / 4, "half a result"),
    ):
        if odd:
            yield name


def spoilt(recording: Recording, chance: random.Random) -> Json:
    """The recording with up to three things missing, odd, doubled or exchanged."""
    rows = copy.deepcopy(recording.rows)
    for _time in range(chance.randint(1, 3)):
        row, other = chance.randrange(len(rows)), chance.randrange(len(rows))
        match chance.randrange(10):
            case 0:
                del rows[row]
            case 1:
                rows.insert(other, copy.deepcopy(rows[row]))
            case 2:
                del rows[len(rows) // 2 :]
            case 3 | 4:
                cell = chance.choice([*rows[row]])
                rows[row][cell] = copy.deepcopy(rows[other].get(cell))
            case _odd_cell:
                _spoil(rows[row], chance)
        if len(rows) < 2:  # noqa: PLR2004 - there is nothing left to spoil
            break
    return recording.document(rows)


def _spoil(row: Json, chance: random.Random) -> None:
    where: Any = row
    cell = chance.choice([*where])
    while isinstance(where.get(cell), dict) and where[cell] and chance.random() < 0.8:  # noqa: PLR2004 - mostly a leaf
        where = where[cell]
        cell = chance.choice([*where])
    value = where.get(cell)
    if isinstance(value, str) and re.search("[0-9]", value) and chance.random() < 0.4:  # noqa: PLR2004 - often a misprint
        where[cell] = re.sub("[0-9]", lambda _digit: str(chance.randrange(10)), value, count=1)
    elif chance.random() < 0.15:  # noqa: PLR2004 - now and then there is nothing
        del where[cell]
    else:
        where[cell] = copy.deepcopy(chance.choice(ODD))


async def measure(folder: Path, number: int) -> int:
    """Read all recordings as they came, then spoil them; how many times something went wrong."""
    wrong: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    known = [*recordings(folder)]
    if not known:
        print(f"{folder} has no recorded answers.")
        return 1
    async with JolpicaServer() as server, Jolpica(server.url, FakeClock()) as jolpica:
        bench = Bench(server, jolpica)
        for recording in known:
            outcome = await bench.outcome(recording, recording.document(recording.rows))
            lost = [f"row {line['row']} {line['field']}" for line in outcome.logs if "field" in line]
            state = "REFUSED" if outcome.refused else f"lost {', '.join(lost)}" if lost else "whole"
            print(f"{recording.name} {recording.path} {len(recording.rows)} rows: {state}")
        chance = random.Random(SEED)
        for _time in range(number):
            recording = chance.choice(known)
            document = spoilt(recording, chance)
            try:
                outcome = await _asked(server, recording, document)
            except Exception as error:
                wrong[f"crash: {type(error).__name__}"] += 1
                continue
            events = [line["event"] for line in outcome.logs]
            counted["refused" if outcome.refused else "cells left out" if events else "whole"] += 1
            fields.update(line["field"] for line in outcome.logs if "field" in line)
            if outcome.refused and "feed.answer_refused" not in events:
                wrong["refused without a line"] += 1
            wrong.update(outcome.absurd)
    print(f"{number} mutations of {len(known)} recordings: {dict(counted)}")
    print(f"left out: {dict(fields.most_common())}")
    print(f"wrong: {dict(wrong) or 'nothing'}")
    return len(wrong)


async def _asked(server: JolpicaServer, recording: Recording, document: Json) -> Outcome:
    """The outcome by a client of its own, which has noted nothing yet."""
    async with Jolpica(server.url, FakeClock()) as jolpica:
        return await Bench(server, jolpica).outcome(recording, document)


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(measure(Path(sys.argv[1]), int([*sys.argv, str(MUTATIONS)][2]))) else 0)
