"""Every fact that is told of recorded answers, held against what the answers themselves say, reckoned here once more.

`python -m benchmarks.facts FOLDER` reads every recording below a folder through the feed and the cards, takes the
cards' lines apart, and compares each name, team, place, gap, start, change and number of points with the answer's own
cells. It knows the answers' shapes and the house's way of writing, and nothing of the code between them. A cell that
the bot leaves out as doubtful is counted as such and is no fact. It exits with 1 where a fact is false or missing.
"""

import asyncio
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.mutations import Bench, Recording, recordings
from bot.cards.results import classification_reply
from bot.cards.standings import standings_reply
from bot.chat.cards import Card
from bot.chat.instants import as_written
from bot.domain.season import Classification, Standings
from bot.domain.sessions import SessionKind
from bot.feeds.jolpica.client import Jolpica
from tests.support.clock import FakeClock
from tests.support.jolpica_server import JolpicaServer

Json = dict[str, Any]
DOT = " · "


class Told(NamedTuple):
    """How many facts of a recording are told right, which are not told though the answer has them, and false ones."""

    right: int
    left_out: int
    false: list[str]


def told(recording: Recording, said: Classification | Standings) -> Told:
    """Hold what is told of a recording against it, line by line."""
    if isinstance(said, Standings):
        pages = range(1, 6)
        lines = [line for page in pages for line in _lines(standings_reply(said, page, "").card)]
        expected = dict(_standing(row, recording.rows) for row in recording.rows)
    else:
        lines = _lines(classification_reply(said, "").card)
        reckon = _qualified if said.kind is SessionKind.QUALIFYING else _finished
        placed = [row for row in recording.rows if (row.get("positionText") or row["position"]).isdecimal()]
        expected = dict(reckon(row, recording.rows) for row in placed)
    found = {_head(line): {re.sub(r" in Q\d$", "", fact) for fact in line.split(DOT)[1:]} for line in lines}
    right, left_out, false = 0, 0, []
    for head, facts in expected.items():
        if head not in found:
            left_out += 1 + len(facts)
            continue
        right += 2 + len(facts & found[head])  # the place and who has it
        false += [f"{head}: {fact}" for fact in found[head] - facts]
        left_out += len(facts - found[head])
    return Told(right, left_out, false + [f"nobody: {head}" for head in found.keys() - expected.keys()])


def _lines(card: Card) -> list[str]:
    text = "\n".join(map(as_written, card.paragraphs))
    return [line for line in text.splitlines() if re.match(r"\d+\. ", line)]


def _head(line: str) -> str:
    return line.partition(DOT)[0]


def _name(row: Json, rows: list[Json]) -> str:
    family, given = row["Driver"]["familyName"], row["Driver"]["givenName"]
    drivers = {each["Driver"]["driverId"]: each["Driver"]["familyName"] for each in rows}
    return f"{given} {family}" if Counter(drivers.values())[family] > 1 else family


def _team(constructor: Json) -> str:
    """A team as the house says it: `Haas` of `Haas F1 Team`."""
    return re.sub(r" F1 Team$", "", constructor["name"])


def _finished(row: Json, rows: list[Json]) -> tuple[str, set[str]]:
    """A line of a race's or a sprint's result, and its facts."""
    winner = next(each for each in rows if each["position"] == "1")
    behind = int(winner["laps"]) - int(row["laps"])
    facts = {f"{behind} lap{'s' * (behind > 1)} down"} if behind else {row["Time"]["time"]} if "Time" in row else set()
    if row["grid"] == "0":
        facts.add("from the pit lane")
    else:
        change = int(row["grid"]) - int(row["position"])
        arrow = f" ↑{change}" if change > 0 else f" ↓{-change}" if change < 0 else ""
        facts.add(f"from {row['grid']}{arrow}")
    facts |= _points(row["points"])
    return f"{row['positionText']}. {_name(row, rows)}, {_team(row['Constructor'])}", facts


def _qualified(row: Json, rows: list[Json]) -> tuple[str, set[str]]:
    """A line of a knockout's result, and its facts: the last lap, and how much slower than pole it was."""
    laps = [row[segment] for segment in ("Q1", "Q2", "Q3") if row.get(segment)]
    pole = next(each for each in rows if each["position"] == "1")
    best = _seconds(next(pole[segment] for segment in ("Q3", "Q2", "Q1") if pole.get(segment)))
    facts = {laps[-1]} if laps else {"no time"}
    gap = round(_seconds(laps[-1]) - best, 3) if laps else -1
    if row["position"] != "1" and gap >= 0:
        facts.add(f"+{gap:.3f}")
    return f"{row['position']}. {_name(row, rows)}, {_team(row['Constructor'])}", facts


def _standing(row: Json, rows: list[Json]) -> tuple[str, set[str]]:
    """A line of a championship, and its facts."""
    if "Driver" in row:
        name = f"{row['Driver']['givenName']} {row['Driver']['familyName']}, {_team(row['Constructors'][-1])}"
    else:
        name = _team(row["Constructor"])
    place = int(row.get("position", "0"))
    score, leader = float(row["points"]), max(float(each["points"]) for each in rows)
    ahead = [float(each["points"]) for each in rows if int(each.get("position", "0")) == place - 1]
    behind = [_short(leader - score)] + ([_short(ahead[0] - score)] if place > 2 and ahead else [])  # noqa: PLR2004
    told = ["=" if each == "0" else f"−{each}" for each in behind]
    gaps = f" ({', '.join(told)})" if place > 1 else ""
    wins = int(row["wins"])
    facts = {f"{_short(score)}{gaps}"} | ({f"{wins} win{'s' * (wins > 1)}"} if wins else set())
    return f"{place}. {name}", facts


def _points(written: str) -> set[str]:
    number = float(written)
    return {f"{_short(number)} point{'s' * (number != 1)}"} if number else set()


def _short(number: float) -> str:
    return f"{number:g}"


def _seconds(lap: str) -> float:
    minutes, _colon, seconds = lap.rpartition(":")
    return 60 * int(minutes or 0) + float(seconds)


async def measure(folder: Path) -> int:
    """Hold every recording's facts against it; how many are false or not told."""
    right, left_out, false, refused = 0, 0, 0, 0
    async with JolpicaServer() as server, Jolpica(server.url, FakeClock()) as jolpica:
        bench = Bench(server, jolpica)
        for recording in recordings(folder):
            outcome = await bench.outcome(recording, recording.document(recording.rows))
            if outcome.said is None:
                refused += 1
                continue
            facts = told(recording, outcome.said)
            right, left_out, false = right + facts.right, left_out + facts.left_out, false + len(facts.false)
            print(f"{recording.name} {recording.path}: {facts.right} facts, {facts.left_out} left out")
            for each in facts.false:
                print(f"  FALSE {each}")
    print(f"{right} facts right, {false} false, {left_out} left out; {refused} answers refused")
    return false + refused


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(measure(Path(sys.argv[1]))) else 0)
